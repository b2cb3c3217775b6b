/* SPDX-License-Identifier: GPL-3.0-or-later
   Hops of runs worked out by hand, in us: 10 to the edge, 3 to decide there, 20 to the inner
   tier, and the same ways back. */
#include "models/hops.h"

#include "sim/report/hop.h"
#include "tests/theory/scene.h"

enum { TEST_ROWS = 4 };

struct test_seen {
    struct trace_row rows[TEST_ROWS];
    struct trace_hops hops[TEST_ROWS];
    size_t count, tiers;
};

static void test_keep(void *context, const struct trace_row *rows,
                      const struct trace_hops *hops, size_t count)
{
    struct test_seen *seen = context;
    for (size_t i = 0; i < count; i++) {
        assert_true(seen->count < TEST_ROWS);
        seen->rows[seen->count] = rows[i];
        seen->hops[seen->count++] = hops[i];
    }
}

static void test_never(void *context, const struct trace_row *rows, size_t count)
{
    (void)rows;
    ((struct test_seen *)context)->count += count;
}

static struct test_seen test_run(const char *lines, const char *timeout, const char *rest,
                                 bool asks)
{
    struct scene scene;
    struct test_seen seen = {0};
    char text[2048];
    snprintf(text, sizeof text,
             "run: {duration: 1s, warmup: 0s, replications: 1, seed: 1}\n"
             "network: {to_balancer: 10us, to_pod: 5us}\n%s", rest);
    scene_open_script(&scene, lines, timeout, text);
    struct world_order order = {.scenario = scene.scenario,
                                .policy = scene_policy(&scene, 0),
                                .replication = 1,
                                .sink = {test_never, &seen},
                                .hopped = asks ? test_keep : NULL};
    struct world *world = world_build(&order);
    world_run(world);
    seen.tiers = world_roster(world)->tier_count;
    world_free(world);
    scene_close(&scene);
    return seen;
}

#define EDGE(more) \
    "  - {name: edge, policy: round_robin, to_backend: 20us, decision_cost: 3us" more "}\n"
#define TIERS(pods, more, inner) \
    "pods: [{" pods "}]\nbalancers:\n" EDGE(more) "  - {name: inner, policy: " inner "}\n"

/* connect, to and from the edge, in it, to and from the inner tier, and how far it came. */
static void assert_hops(const struct trace_hops *found, const int expected[7])
{
    const sim_time us = SIM_MICROSECOND;
    assert_int_equal(found->connect, expected[0] * us);
    assert_int_equal(found->there[0], expected[1] * us);
    assert_int_equal(found->back[0], expected[2] * us);
    assert_int_equal(found->inside[0], expected[3] * us);
    assert_int_equal(found->there[1], expected[4] * us);
    assert_int_equal(found->back[1], expected[5] * us);
    assert_int_equal(found->reached, expected[6]);
}

static void there_and_back(void **state)
{
    (void)state;
    struct test_seen seen = test_run("0,100,0,0\n", "none", TIERS("", "", "random"), true);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.tiers, 2);
    assert_hops(&seen.hops[0], (const int[]){0, 10, 10, 3, 20, 20, 2});
    assert_int_equal(seen.rows[0].ended, (10 + 3 + 20 + 5 + 100 + 5 + 20 + 10) * SIM_MICROSECOND);
    assert_int_equal(test_run("0,100,0,0\n", "none", TIERS("", "", "random"), false).count, 1);
}

/* The second comes to the edge at 11 and is held until it is given up at 191: when the first is,
   at 190, the third goes before it. */
static void given_up_at_the_edge(void **state)
{
    (void)state;
    struct test_seen seen = test_run("0,500,0,0\n1,10,0,0\n100,10,0,0\n", "190us",
                                     TIERS("", ", max_in_flight: 1, queue: {order: lifo}",
                                           "random"), true);
    assert_int_equal(seen.count, 3);
    assert_int_equal(seen.rows[0].request, 1);
    assert_int_equal(seen.rows[0].outcome, OUTCOME_TIMEOUT);
    assert_int_equal(seen.rows[0].received, 11 * SIM_MICROSECOND);
    assert_hops(&seen.hops[0], (const int[]){0, 10, 0, 180, 0, 0, 1});
}

/* Refused at once at 14 + 0, as the first is under way: back to the client from there. */
static void refused_at_the_edge(void **state)
{
    (void)state;
    struct test_seen seen = test_run(
        "0,100,0,0\n1,100,0,0\n", "none",
        TIERS("", ", max_in_flight: 1, queue: {limit: 0}", "random"), true);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.rows[0].outcome, OUTCOME_OVERFLOW);
    assert_hops(&seen.hops[0], (const int[]){0, 10, 10, 3, 0, 0, 1});
}

/* The pod has no room for the second; its retry, which is a row of its own, came the same way. */
static void tries_share_the_way_in(void **state)
{
    (void)state;
    struct test_seen seen = test_run(
        "0,500,0,0\n10,100,0,0\n", "none",
        TIERS("count: 2, queue: 0", "",
              "envoy.ring_hash, retry: {custom: {attempts: 1, place: untried, base: 0s}}"), true);
    assert_int_equal(seen.count, 3);
    assert_int_equal(seen.rows[1].attempt, 1);
    assert_hops(&seen.hops[0], (const int[]){0, 10, 0, 3, 20, 0, 2});
    assert_hops(&seen.hops[1], (const int[]){0, 10, 10, 3, 20, 20, 2});
}

/* One tier: the round trip of TCP takes 20, and the second request finds it made; of those
   given up after 15 the first was still at it. */
static void assert_connected(const char *timeout, int to_tier, int from_tier, int first_to_tier)
{
    struct scene scene;
    struct test_seen seen = {0};
    scene_open(&scene,
               "run: {duration: 2500us, warmup: 0s, replications: 1, seed: 1}\n"
               "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 1us, timeout: %s, "
               "connections: {setup: 1}}]\n"
               "network: {to_balancer: 10us, to_pod: 5us}\n"
               "pods: [{}]\nbalancers: [{policy: random}]\n", timeout);
    struct world_order order = {.scenario = scene.scenario,
                                .policy = scene_policy(&scene, 0),
                                .replication = 1,
                                .sink = {test_never, &seen},
                                .hopped = test_keep};
    struct world *world = world_build(&order);
    world_run(world);
    assert_int_equal(world_roster(world)->tier_count, 1);
    assert_true(seen.count >= 2);
    for (size_t i = 0; i < seen.count; i++)
        assert_hops(&seen.hops[i],
                    (const int[]){i == 0 ? 20 : 0, i == 0 ? first_to_tier : to_tier, from_tier, 0,
                                  0, 0, i > 0 || first_to_tier > 0});
    world_free(world);
    scene_close(&scene);
}

static void connections_take_round_trips(void **state)
{
    (void)state;
    assert_connected("none", 10, 10, 10);
    assert_connected("15us", 10, 0, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(there_and_back),          cmocka_unit_test(given_up_at_the_edge),
    cmocka_unit_test(refused_at_the_edge),     cmocka_unit_test(tries_share_the_way_in),
    cmocka_unit_test(connections_take_round_trips),
};

TEST_MAIN(tests)
