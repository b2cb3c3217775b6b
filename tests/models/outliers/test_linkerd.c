/* SPDX-License-Identifier: GPL-3.0-or-later
   Linkerd's circuit breaker: seven in a row, back-offs, and the one request that probes. */
#include "tests/models/outliers/detector.h"

static void test_run(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "linkerd", 2);
    detector_end(&it, 0, 500, 6);
    detector_end(&it, 0, 429, 1);
    detector_end(&it, 0, 503, 3);
    detector_end(&it, 0, 0, 3);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 0, 200, 9); /* not heard while the gate is shut */
    DETECTOR_OUT(&it, "a");
    detector_close(&it);
}

/* After 1 s one request may go, and no other until it has ended. */
static void test_probe(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "linkerd", 2);
    detector_end(&it, 0, 500, 7);
    detector_wait(&it, 999);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 1000);
    DETECTOR_OUT(&it, "");
    detector_wait(&it, 1500);
    detector_send(&it, 0);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 90000);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 0, 200, 1);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 6);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    detector_wait(&it, 90999);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 91000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* How long each back-off was, in ms, with probes that fail at once. */
static void backoffs(struct detector *it, int64_t *lasted, int count)
{
    detector_end(it, 0, 500, 7);
    for (int i = 0; i < count; i++) {
        DETECTOR_OUT(it, "a");
        sim_time begun = it->host.now, due = it->ops->due(it->state);
        lasted[i] = (due - begun) / SIM_MILLISECOND;
        assert_true(due - begun == lasted[i] * SIM_MILLISECOND);
        detector_wait(it, due / SIM_MILLISECOND);
        DETECTOR_OUT(it, "");
        detector_send(it, 0);
        detector_end(it, 0, 500, 1);
    }
}

static void test_backoff(void **state)
{
    (void)state;
    static const int64_t expected[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    int64_t lasted[9];
    struct detector it;
    detector_open(&it, "linkerd: {jitter_ratio: 0}", 1);
    backoffs(&it, lasted, 9);
    for (int i = 0; i < 9; i++)
        assert_int_equal(lasted[i], 1000 * expected[i]);
    detector_close(&it);
}

/* b and up to b / 2, in whole seconds as b is, so nothing is added to 1 s and 2 s. */
static void test_jitter(void **state)
{
    (void)state;
    int64_t lasted[9], beyond = 0;
    struct detector it;
    detector_open(&it, "linkerd", 1);
    backoffs(&it, lasted, 9);
    assert_int_equal(lasted[0], 1000);
    assert_int_equal(lasted[1], 2000);
    for (int i = 2; i < 6; i++) {
        int64_t base = INT64_C(1000) << i;
        if (lasted[i] < base || lasted[i] >= base + base / 2 || lasted[i] % 1000 != 0)
            fail_msg("back-off %d: %lld ms", i, (long long)lasted[i]);
        beyond += lasted[i] > base;
    }
    assert_true(beyond > 0);
    for (int i = 6; i < 9; i++)
        assert_int_equal(lasted[i], 60000);
    detector_close(&it);
}

static void test_refused(void **state)
{
    (void)state;
    struct detector it = {0};
    assert_false(detector_bind(&it, "linkerd: {min_penalty: 2s, max_penalty: 1s}"));
    detector_close(&it);
}

/* What is given up has no class and does not count; a probe must end in some way. */
static void test_abandoned(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "linkerd", 2);
    detector_end(&it, 0, 500, 6);
    detector_end(&it, 0, -2, 9);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 500, 1);
    detector_wait(&it, 1000);
    DETECTOR_OUT(&it, "");
    detector_send(&it, 0);
    detector_end(&it, 0, -2, 1);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 3000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_abandoned),
    cmocka_unit_test(test_run),
    cmocka_unit_test(test_probe),
    cmocka_unit_test(test_backoff),
    cmocka_unit_test(test_jitter),
    cmocka_unit_test(test_refused),
};

TEST_MAIN(tests)
