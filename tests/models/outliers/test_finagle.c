/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's failure accrual: both rules, the back-offs, and the probe. */
#include "tests/models/outliers/detector.h"

static void test_run(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "finagle", 2);
    detector_wait(&it, 1000);
    detector_end(&it, 0, 500, 4);
    detector_end(&it, 0, 404, 1);
    detector_end(&it, 0, 503, 2);
    detector_end(&it, 0, 0, 2);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* Dead at 1 s for 5 s, as the first back-off has no jitter; one request, whose success
   begins all anew. */
static void test_probe(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "finagle", 2);
    detector_wait(&it, 1000);
    detector_end(&it, 0, 500, 5);
    detector_wait(&it, 5999);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 6000);
    DETECTOR_OUT(&it, "");
    detector_send(&it, 0);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 400000);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 0, 200, 1);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 4);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    detector_wait(&it, 404999);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 405000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* A success that comes while the node is dead ends the run, so a failed probe (one in a row)
   is followed by another at once. */
static void test_straggler(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "finagle: {policy: consecutive_failures}", 2);
    detector_end(&it, 0, 500, 5);
    detector_end(&it, 0, 200, 1);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 5000);
    detector_send(&it, 0);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "");
    detector_send(&it, 0);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* Failures of a dead node neither lengthen its back-off nor count. */
static void test_dead(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "finagle", 2);
    detector_end(&it, 0, 500, 5);
    detector_wait(&it, 3000);
    detector_end(&it, 0, 500, 20);
    detector_wait(&it, 4999);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 5000);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 20); /* nor those before the probe */
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* 5 s, then 5·2^k s and up to as much again, until 300 s: 160 s and more may reach it, the one
   after does. */
static void test_backoff(void **state)
{
    (void)state;
    static const int64_t least[] = {5, 5, 10, 20, 40, 80, 160, 300, 300};
    static const int64_t most[] = {5, 10, 20, 40, 80, 160, 300, 300, 300};
    int jittered = 0;
    struct detector it;
    detector_open(&it, "finagle: {policy: consecutive_failures}", 1);
    detector_end(&it, 0, 500, 5);
    for (int i = 0; i < 9; i++) {
        DETECTOR_OUT(&it, "a");
        sim_time due = it.ops->due(it.state), lasts = due - it.host.now;
        if (lasts < least[i] * SIM_SECOND || lasts > most[i] * SIM_SECOND)
            fail_msg("back-off %d: %.3f s", i, sim_seconds(lasts));
        jittered += lasts % SIM_SECOND != 0;
        it.host.now = due;
        it.ops->wake(it.state, &it.host);
        detector_send(&it, 0);
        detector_end(&it, 0, 500, 1);
    }
    assert_true(jittered >= 5);
    detector_close(&it);
}

/* After a minute of successes each second, k failures a second apart leave a rate of
   e^(-k/30): 0.8187 for 6, 0.7919 for 7. */
static void test_rate(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "finagle: {policy: success_rate}", 1);
    for (int64_t second = 0; second <= 60; second++) {
        detector_wait(&it, 1000 * second);
        detector_end(&it, 0, 200, 1);
    }
    for (int64_t second = 61; second <= 67; second++) {
        DETECTOR_OUT(&it, "");
        detector_wait(&it, 1000 * second);
        detector_end(&it, 0, 500, 1);
    }
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* Nobody is judged by a rate before 30 s from the first request, here at 1 s. */
static void test_rate_early(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "finagle: {policy: success_rate}", 1);
    detector_wait(&it, 1000);
    detector_send(&it, 0);
    for (int64_t second = 2; second <= 30; second++) {
        detector_wait(&it, 1000 * second);
        detector_end(&it, 0, 500, 1);
    }
    detector_wait(&it, 30999);
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "");
    detector_wait(&it, 31000);
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* Failures of success rate 0, so many seconds apart, until the node is dead or 1000 s are
   over; when that was. */
static int64_t dies(const char *outlier, int64_t apart)
{
    struct detector it;
    detector_open(&it, outlier, 1);
    int64_t second = 0;
    for (; second <= 1000; second += apart) {
        detector_wait(&it, 1000 * second);
        detector_end(&it, 0, 500, 1);
        if (it.host.out_count > 0)
            break;
    }
    detector_close(&it);
    return second;
}

/* Slices of 6 s: 12 s apart each failure goes on by two, so three of the five have one, too few
   to judge by.  A slice that lasts longer as nothing came is still one: 10 s apart all five have
   one at 40 s.  With three enough the first that may be judged, at 36 s, is. */
static void test_rate_few(void **state)
{
    (void)state;
    assert_true(dies("finagle: {policy: success_rate}", 12) > 1000);
    assert_int_equal(dies("finagle: {policy: success_rate}", 10), 40);
    assert_int_equal(dies("finagle: {policy: success_rate, min_request_threshold: 3}", 12),
                     36);
}

static void test_refused(void **state)
{
    (void)state;
    struct detector it = {0};
    assert_false(detector_bind(&it, "finagle: {mark_dead_for: 6m}"));
    detector_close(&it);
}

/* What was superseded or given up is ignorable: no failure, and a probe that is followed by
   another at once. */
static void test_abandoned(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "finagle", 2);
    detector_wait(&it, 1000);
    detector_end(&it, 0, 500, 4);
    detector_end(&it, 0, -2, 9);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    detector_end(&it, 0, -2, 1);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 6000);
    detector_send(&it, 0);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 0, -2, 1);
    DETECTOR_OUT(&it, "");
    detector_send(&it, 0);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 0, 200, 1);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_abandoned),
    cmocka_unit_test(test_run),
    cmocka_unit_test(test_probe),
    cmocka_unit_test(test_straggler),
    cmocka_unit_test(test_dead),
    cmocka_unit_test(test_backoff),
    cmocka_unit_test(test_rate),
    cmocka_unit_test(test_rate_early),
    cmocka_unit_test(test_rate_few),
    cmocka_unit_test(test_refused),
};

TEST_MAIN(tests)
