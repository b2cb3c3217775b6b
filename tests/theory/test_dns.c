/* SPDX-License-Identifier: GPL-3.0-or-later
   How long a site that died is still asked: fall checks, then the rest of each resolver's TTL;
   and what few resolvers that carry much make of an even split. */
#include "tests/law.h"
#include "tests/theory/scene.h"

enum { USERS = 2000, FAILOVERS = 40 };

/* The site dies at 1 s, checks are 100 ms apart and need three failures, answers are valid for
   500 ms, users ask every 5 ms. */
static const char failover[] =
    "run: {duration: 2s, warmup: 0s, replications: 1, seed: %d}\n"
    "clients: [{arrivals: {closed: {users: %d, think: 5ms}}, demand: 1us}]\n"
    "pods: [{name: e, zone: east}, {name: w, zone: west}]\n"
    "balancers: [{count: 2, zones: [east, west], reach: zone, policy: random}]\n"
    "dns: {policy: preference, ttl: 500ms, "
    "health_check: {interval: 100ms, timeout: 50ms, fall: 3}}\n"
    "faults: [{kind: crash, on: e, from: 1s, to: 2s}]\n";

static const double died = 1, check = 0.1, fall = 3, ttl = 0.5, think = 0.005;

static double uniform(double x, const double *end)
{
    return fmin(1, fmax(0, x / *end));
}

/* When DNS took the site out; rows in `kept`. */
static double run_failover(const struct scene *scene, uint64_t replication,
                           struct scene_rows *kept)
{
    struct world_order order = {.scenario = scene->scenario,
                                .policy = scene_policy(scene, 0),
                                .replication = replication,
                                .sink = {scene_keep, kept}};
    struct world *world = world_build(&order);
    world_run(world);
    const struct roster *roster = world_roster(world);
    assert_true(roster->site_count >= 1 && !roster->sites[0].is_up);
    assert_string_equal(roster->sites[0].zone, "east");
    double at = sim_seconds(roster->sites[0].at);
    world_free(world);
    return at;
}

/* The phase of the checks is even in the interval, so detection comes evenly between fall - 1
   and fall intervals after the end. */
static void test_detection(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, failover, 7, 1);
    double sample[FAILOVERS];
    for (int i = 0; i < FAILOVERS; i++) {
        struct scene_rows rows = {0};
        sample[i] =
            run_failover(&scene, (uint64_t)i + 1, &rows) - died - (fall - 1) * check;
        assert_true(sample[i] > 0 && sample[i] <= check);
        free(rows.rows);
    }
    double distance = law_distance(sample, FAILOVERS, uniform, &check);
    if (distance > law_distance_limit)
        fail_msg("detection is not even in %g s: distance %g", check, distance);
    scene_close(&scene);
}

/* Each user has a resolver alone, whose answer expires evenly within a TTL of detection: so
   users move evenly in it, a think time late at most, and fail until then. */
static void test_failover(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, failover, 7, USERS);
    struct scene_rows rows = {0};
    double detected = run_failover(&scene, 1, &rows), failed = 0;
    double *moved = memory_zeroed(USERS, sizeof *moved);
    scene_sort(&rows);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        double due = sim_seconds(row->due);
        failed += row->outcome != OUTCOME_OK;
        assert_true(row->outcome == OUTCOME_OK || (row->pod == 0 && due >= died));
        if (row->pod == 1 && moved[row->user] == 0)
            moved[row->user] = due - detected;
    }
    for (size_t i = 0; i < USERS; i++)
        if (!(moved[i] > 0 && moved[i] <= ttl + 2 * think))
            fail_msg("user %zu moved %g s after detection", i, moved[i]);
    double distance = law_distance(moved, USERS, uniform, &ttl);
    if (distance > law_distance_limit)
        fail_msg("users do not move evenly in %g s: distance %g", ttl, distance);
    /* A mean of even times has a deviation of ttl / sqrt(12 n), 0.4 % of the expected time. */
    double expected = (detected - died + ttl / 2) / think * USERS;
    ASSERT_NEAR(failed / expected, 1, 0.03);
    free(moved);
    free(rows.rows);
    scene_close(&scene);
}

/* -- resolver concentration -- */

enum { SPLITS = 400, RESOLVERS = 50 };

/* Each resolver of share w is at one of two sites by the throw of a coin, so the share of one
   site has the variance 1/4 sum of w^2; n requests that pick theirs add (1 - sum) / 4 n.  With
   Zipf's law over 50 resolvers the sum is 0.0803.  The variance of 400 is known to about 7 %,
   less as the few large ones are bounded: 35 % is five times that. */
static void test_concentration(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 1s, warmup: 0s, replications: 1, seed: 5}\n"
               "clients: [{arrivals: {poisson: {rate: 1k/s}}, demand: 1us, users: 1G}]\n"
               "pods: [{name: e, zone: east}, {name: w, zone: west}]\n"
               "balancers: [{count: 2, zones: [east, west], reach: zone, policy: random}]\n"
               "dns: {policy: consistent_hash, "
               "resolvers: {zipf: {count: %d, exponent: 1}}}\n", RESOLVERS);
    double squares = 0, harmonic = 0, sum = 0, found = 0;
    for (int i = 1; i <= RESOLVERS; i++) {
        harmonic += 1.0 / i;
        squares += 1.0 / i / i;
    }
    squares /= harmonic * harmonic;
    for (uint64_t run = 1; run <= SPLITS; run++) {
        struct scene_rows rows = scene_run(&scene, 0, run);
        double east = 0;
        for (size_t i = 0; i < rows.count; i++)
            east += rows.rows[i].pod == 0;
        double share = east / (double)rows.count;
        sum += share;
        found += (share - 0.5) * (share - 0.5);
        free(rows.rows);
    }
    double variance = squares / 4 + (1 - squares) / 4 / 1000;
    ASSERT_NEAR(sum / SPLITS, 0.5, 5 * sqrt(variance / SPLITS));
    ASSERT_NEAR(found / SPLITS / variance, 1, 0.35);
    scene_close(&scene);
}

/* -- births -- */

static struct scene_rows run_births(const char *dns)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 1s, warmup: 0s, replications: 1, seed: 5}\n"
               "clients: [{zone: east, arrivals: {poisson: {rate: 1k/s}}, users: 100, "
               "demand: {exponential: {mean: 1ms}}, key: {zipf: {count: 1000}}}]\n"
               "pods: [{name: e, zone: east}, {name: w, zone: west}]\n"
               "balancers: [{count: 2, zones: [east, west], reach: zone, policy: random}]\n%s",
               dns);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    scene_close(&scene);
    return rows;
}

/* Requests are the same whatever DNS answers, and without it. */
static void test_same_births(void **state)
{
    (void)state;
    const char *const others[] = {
        "dns: {policy: round_robin, ttl: 50ms, client_cache: {share: 30%, time: 200ms}}\n",
        "dns: {policy: geo, lookup: 2ms, resolvers: {zipf: {count: 10}}}\n",
        "dns: {policy: consistent_hash, ttl: 0s, health_check: {interval: 5ms}}\n"};
    struct scene_rows rows = run_births("");
    assert_true(rows.count > 900);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct scene_rows found = run_births(others[i]);
        for (size_t k = 0; k < rows.count && rows.rows[k].phase == PHASE_MEASURE; k++) {
            const struct trace_row *a = &rows.rows[k], *b = &found.rows[k];
            assert_true(k < found.count);
            assert_true(a->due == b->due && a->demand == b->demand && a->key == b->key &&
                        a->user == b->user);
        }
        free(found.rows);
    }
    free(rows.rows);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_births),
    cmocka_unit_test(test_detection),
    cmocka_unit_test(test_failover),
    cmocka_unit_test(test_concentration),
};

TEST_MAIN(tests)
