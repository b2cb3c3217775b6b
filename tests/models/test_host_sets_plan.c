/* SPDX-License-Identifier: GPL-3.0-or-later
   Priorities and zones in whole runs: who is served where, as pods fail, are added, retried,
   hedged; what is warned of.  Shares are worked out by hand from Envoy's formulas. */
#include "models/host_sets_plan.h"

#include "tests/theory/scene.h"

#define RUN "run: {duration: 20s, warmup: 2s, replications: 1, seed: 1}\n"
#define TRAFFIC "arrivals: {poisson: {rate: 500/s}}, demand: 1ms"
#define CLIENTS "clients: [{name: web, " TRAFFIC "}]\n"
#define SPARES "pods: [{name: main, count: 10}, {name: spare, count: 5, priority: 1}]\n"

struct tally {
    double requests;
    double group[3]; /* shares, in the order of the scenario; by the number of the first pods */
    double ok;
};

/* Last attempts of the measured window by group of pods: pods 0 to first - 1, to second - 1,
   and the rest. */
static struct tally tally_run(const char *text, uint32_t first, uint32_t second)
{
    struct scene scene;
    scene_open(&scene, "%s", text);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    struct tally tally = {0};
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        if (row->phase != PHASE_MEASURE || !row->last)
            continue;
        tally.requests++;
        tally.ok += row->outcome == OUTCOME_OK;
        if (row->pod != ROW_NO_POD)
            tally.group[row->pod < first ? 0 : row->pod < second ? 1 : 2]++;
    }
    for (int i = 0; i < 3; i++)
        tally.group[i] /= tally.requests;
    tally.ok /= tally.requests;
    free(rows.rows);
    scene_close(&scene);
    return tally;
}

/* Five deviations of about 9,000 requests. */
static void assert_group(const struct tally *tally, int group, double share)
{
    ASSERT_NEAR(tally->group[group], share,
                5 * sqrt(share * (1 - share) / tally->requests) + 0.001);
}

/* Half of the main pods are marked down: 70 and 30; one more level is for nobody yet. */
static void test_spill_over(void **state)
{
    (void)state;
    struct tally tally =
        tally_run(RUN CLIENTS "pods: [{name: up, count: 5}, {name: low, count: 5}, {name: spare, "
                  "count: 5, priority: 1}, {name: last, priority: 2}]\n"
                  "balancers: [{count: 2, policy: envoy.least_request}]\n"
                  "membership: [{at: 1s, down: low}]\n", 10, 15);
    assert_group(&tally, 0, 0.7);
    assert_group(&tally, 1, 0.3);
    ASSERT_NEAR(tally.group[2], 0, 0);
    ASSERT_NEAR(tally.ok, 1, 0);
}

/* Pods that join a low level are as good as those that were there: 10 of 20 are down, then 10
   of 34: from 1 s on 70 % and from 6 s on all stay, of 2 to 20 s: 4 at 70 and 14 at 100. */
static void test_membership(void **state)
{
    (void)state;
    struct tally tally =
        tally_run(RUN CLIENTS "pods: [{name: up, count: 10}, {name: low, count: 10}, {name: "
                  "spare, count: 5, priority: 1}]\nbalancers: [{policy: round_robin}]\n"
                  "membership: [{at: 1s, down: low}, {at: 6s, add: {pods: up, count: 15}}]\n",
                  20, 25);
    assert_group(&tally, 1, 0.3 * 4 / 18);
}

/* All defences together: 4 of 10 main pods crash, 6 of 10 are 84.  Of 500 requests in the first
   second 39 % of 1000 users have sessions, of which 40 % move, 16 % of these to spares; of
   those who come later 16 % do: 0.39 * 0.064 + 0.61 * 0.16 = 12 %, give or take four
   deviations of 1000 sessions.  Without faults spares get nothing. */
static void test_defences(void **state)
{
    (void)state;
    struct tally tally = tally_run(
        RUN "clients: [{" TRAFFIC ", users: 1000}]\n" SPARES
        "balancers: [{count: 2, policy: envoy.least_request, max_in_flight: 20, panic: 50%,\n"
        "  health_check: {interval: 100ms, timeout: 50ms, fall: 1, rise: 1}, retry: {custom: "
        "{attempts: 3, place: elsewhere}}, hedge: {after: 100ms}, sticky: {cookie: {}},\n"
        "  slow_start: {envoy: {slow_start_window: 1s}}}]\n"
        "faults: [{kind: crash, on: main, pick: 4, from: 1s, to: 19s}]\n", 10, 15);
    ASSERT_NEAR(tally.ok, 1, 0.002);
    assert_true(tally.requests > 8000);
    ASSERT_NEAR(tally.group[1], 0.12, 0.045);
    struct tally calm =
        tally_run(RUN CLIENTS SPARES "balancers: [{count: 2, policy: envoy.least_request, "
                  "retry: {custom: {attempts: 3}}, hedge: {after: 1ms}}]\n", 10, 15);
    ASSERT_NEAR(calm.group[1], 0, 0);
}

/* Two of three balancers in a, and a third of the pods: 3333 * 10000 / 6666 = 5000 of a's stay,
   the others go where there is more than comes: b and c, where callers have 3333 and 0.  b has
   nothing left, c 3333.  So a gets 2/3 / 2, c the same, and b its own third. */
static void test_zone_aware(void **state)
{
    (void)state;
    static const char text[] =
        RUN "clients: [{name: web, " TRAFFIC ", users: 1000}]\n"
        "pods: [{name: x, count: 3, zone: a}, {name: y, count: 3, zone: b}, {name: z, count: 3, "
        "zone: c}]\nbalancers: [{count: 3, spread: round_robin, zones: [a, a, b], policy: "
        "round_robin, locality: envoy_zone_aware}]\n";
    struct tally tally = tally_run(text, 3, 6);
    for (int i = 0; i < 3; i++)
        assert_group(&tally, i, 1 / 3.0);
    struct scene scene;
    scene_open(&scene, "%s", text);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    double from_a = 0, stay = 0, from_b = 0, away = 0;
    for (size_t i = 0; i < rows.count; i++) {
        bool in_a = rows.rows[i].balancer < 2;
        from_a += in_a;
        from_b += !in_a;
        stay += in_a && rows.rows[i].pod < 3;
        away += !in_a && (rows.rows[i].pod < 3 || rows.rows[i].pod >= 6);
    }
    ASSERT_NEAR(stay / from_a, 0.5, 5 * 0.5 / sqrt(from_a));
    assert_true(from_b > 3000);
    ASSERT_NEAR(away, 0, 0);
    free(rows.rows);
    scene_close(&scene);
}

/* a has 70 and b 30; half of a's pods fail their checks: 49 of 79. */
static void test_weights(void **state)
{
    (void)state;
    struct tally tally = tally_run(
        RUN CLIENTS "pods: [{name: x, count: 5, zone: a}, {name: low, count: 5, zone: a}, "
        "{name: y, count: 10, zone: b}]\nbalancers: [{policy: envoy.round_robin, locality: "
        "{locality_weighted: {weights: {a: 70, b: 30}}}, health_check: {interval: 100ms, "
        "timeout: 50ms, fall: 1, rise: 1}}]\nfaults: [{kind: partition, on: low, from: 1s}]\n", 10,
        20);
    ASSERT_NEAR(tally.group[0], 49 / 79.0, 0.005);
}

/* One set a world is the policy itself: same rows as without a word of zones. */
static void test_one_set(void **state)
{
    (void)state;
    struct scene plain, placed;
    scene_open(&plain, "%s", RUN CLIENTS "pods: [{count: 5}]\nbalancers: [{policy: p2c}]\n");
    scene_open(&placed, "%s", RUN CLIENTS "pods: [{count: 5, zone: a, priority: 0}]\n"
                                          "balancers: [{policy: p2c, panic: 50%}]\n");
    struct scene_rows one = scene_run(&plain, 0, 1), other = scene_run(&placed, 0, 1);
    assert_int_equal(one.count, other.count);
    assert_memory_equal(one.rows, other.rows, one.count * sizeof *one.rows);
    ASSERT_NEAR(host_sets_plan_count(plain.scenario), 1, 0);
    free(one.rows);
    free(other.rows);
    scene_close(&plain);
    scene_close(&placed);
}

static void assert_warned(const char *text, size_t warnings, double sets)
{
    struct scene scene;
    struct problems problems = {0};
    char whole[2048];
    snprintf(whole, sizeof whole, "version: 1\nname: warned\n" CLIENTS "%s", text);
    scene_try(&scene, whole, &problems);
    assert_int_equal(problems.errors, 0);
    assert_int_equal(problems.count, warnings);
    ASSERT_NEAR(host_sets_plan_count(scene.scenario), sets, 0);
    problems_free(&problems);
    scene_close(&scene);
}

/* Nine sets: two priorities, the whole and three groups' zones of the first, or of both. */
static void test_warnings(void **state)
{
    (void)state;
    static const char pods[] = "pods: [{name: x, zone: a}, {name: y, zone: b}, {name: z, zone: "
                               "b, priority: 1}]\n";
    char text[1024];
    snprintf(text, sizeof text, "%sbalancers: [{policy: [random, envoy.ring_hash, ketama], "
             "locality: {locality_weighted: {weights: {a: 1, b: 1}}}}]\n", pods);
    assert_warned(text, 1, 8);
    snprintf(text, sizeof text, "%sbalancers: [{policy: [random, envoy.ring_hash, central_queue]"
             ", count: 2, zones: [a, b], locality: envoy_zone_aware}]\n", pods);
    assert_warned(text, 2, 5);
    snprintf(text, sizeof text, "%sbalancers: [{policy: random, count: 2, zones: a, locality: "
             "envoy_zone_aware}]\n", pods);
    assert_warned(text, 1, 5);
    snprintf(text, sizeof text, "%sbalancers: [{policy: random, count: 2, zones: a, locality: "
             "{envoy_zone_aware: {force_locality_direct_routing: true}}}]\n", pods);
    assert_warned(text, 0, 5);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_spill_over), cmocka_unit_test(test_membership),
    cmocka_unit_test(test_defences),   cmocka_unit_test(test_zone_aware),
    cmocka_unit_test(test_weights),    cmocka_unit_test(test_one_set),
    cmocka_unit_test(test_warnings),
};

TEST_MAIN(tests)
