/* SPDX-License-Identifier: GPL-3.0-or-later
   Requests that are refused because of those under way, worked by hand. */
#include "tests/models/attempts.h"

#define NOBODY ROW_NO_POD
#define WORLD(pods, more) \
    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{count: " pods "}]\n" \
    "balancers: [{policy: round_robin, " more "}]\n"

/* Two at pods; the third is too much, the fourth comes when one has ended. */
static void test_max_requests(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_OK, 0, 5000, true, 0},
                                              {1, 0, 1, OUTCOME_OK, 1000, 6000, true, 0},
                                              {2, 0, NOBODY, OUTCOME_OVERFLOW, 2000, 2000, true, 0},
                                              {3, 0, 2, OUTCOME_OK, 5000, 10000, true, 0}};
    static const char lines[] = "0,5000,0,0\n1000,5000,0,0\n2000,5000,0,0\n5000,5000,0,0\n";
    attempts_assert(lines, "none", WORLD("5", "circuit_breakers: {max_requests: 2}"), rows, 4);
    attempts_assert(lines, "none", WORLD("5", "shed: 2"), rows, 4);
}

/* One at the pod, one held, no more. */
static void test_max_pending(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_OK, 0, 5000, true, 0},
        {1, 0, 0, OUTCOME_OK, 1000, 10000, true, 0},
        {2, 0, NOBODY, OUTCOME_OVERFLOW, 2000, 2000, true, 0}};
    static const char lines[] = "0,5000,0,0\n1000,5000,0,0\n2000,5000,0,0\n";
    attempts_assert(lines, "none",
                    WORLD("1", "max_in_flight: 1, circuit_breakers: {max_pending_requests: 1}"),
                    rows, 3);
    attempts_assert(lines, "none", WORLD("1", "max_in_flight: 1, shed: {limit: {in_flight: 2}}"),
                    rows, 3);
}

/* Both fail at once and one retry may be under way: the second failure is the client's. */
static void test_max_retries(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_ERROR, 0, 1000, false, 0},
                                              {0, 1, 0, OUTCOME_ERROR, 11000, 12000, true, 0},
                                              {1, 0, 1, OUTCOME_ERROR, 0, 1000, true, 0}};
    attempts_assert("0,1000,0,0\n0,1000,0,0\n", "none",
                    WORLD("2", "circuit_breakers: {max_retries: 1}, "
                               "retry: {custom: {attempts: 1, base: 10ms, jitter: none}}")
                    "faults: [{kind: errors}]\n", rows, 3);
}

/* A hedge is one more request: none beyond the limit. */
static void test_no_hedge(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_OK, 0, 15000, true, 0}};
    attempts_assert("0,15000,0,0\n", "none",
                    WORLD("2", "hedge: 10ms, circuit_breakers: {max_requests: 1}"), rows, 1);
}

/* Twice as much as one pod can serve, for a second: without CoDel the last waits for half of
   it; with it those are refused that have waited longer than the target, and the others
   wait for tens of milliseconds at most. */
static void test_codel(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 1s, warmup: 0s, replications: 1}\n"
                       "clients: [{arrivals: {deterministic: {rate: 1000/s}}, demand: 2ms}]\n"
                       "pods: [{}]\nbalancers: [{policy: random, max_in_flight: 1, "
                       "shed: {codel: {target: 3ms, interval: 10ms}}}]\n");
    struct scene_rows rows = scene_run(&scene, 0, 1);
    size_t refused = 0, count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        sim_time waited = row->dispatched - row->received;
        if (row->phase != PHASE_MEASURE)
            continue;
        count++;
        refused += row->outcome == OUTCOME_OVERFLOW;
        assert_true(row->outcome == OUTCOME_OK || row->outcome == OUTCOME_OVERFLOW);
        assert_true(row->outcome == OUTCOME_OK || waited >= 3 * SIM_MILLISECOND);
        if (row->due > 600 * SIM_MILLISECOND && waited > 150 * SIM_MILLISECOND)
            fail_msg("due %lld ns, waited %lld ns", (long long)row->due, (long long)waited);
    }
    if (refused < count / 3 || refused > 2 * count / 3)
        fail_msg("%zu of %zu are refused, expected about half", refused, count);
    free(rows.rows);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_max_requests), cmocka_unit_test(test_max_pending),
    cmocka_unit_test(test_max_retries),  cmocka_unit_test(test_no_hedge),
    cmocka_unit_test(test_codel),
};

TEST_MAIN(tests)
