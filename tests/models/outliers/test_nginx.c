/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx's max_fails and fail_timeout, in whole seconds, worked out by hand. */
#include "tests/models/outliers/detector.h"

/* A failure in second 3: out while the second is at most 13.  The trial of second 14 shuts it
   until 24, and succeeds in second 16. */
static void test_trial(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "nginx", 3);
    detector_wait(&it, 3400);
    detector_send(&it, 1);
    detector_end(&it, 1, 0, 1);
    DETECTOR_OUT(&it, "b");
    detector_wait(&it, 13999);
    DETECTOR_OUT(&it, "b");
    detector_wait(&it, 14000);
    DETECTOR_OUT(&it, "");
    detector_wait(&it, 14700);
    detector_send(&it, 1);
    DETECTOR_OUT(&it, "b");
    detector_wait(&it, 16000);
    detector_end(&it, 1, 200, 1);
    DETECTOR_OUT(&it, "");
    assert_true(it.ops->due(it.state) == SIM_NEVER);
    detector_close(&it);
}

/* A trial of second 14 that fails in second 17 counts from there; one that hangs is followed
   by the next in second 25. */
static void test_trial_fails(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "nginx", 3);
    detector_wait(&it, 3400);
    detector_end(&it, 0, 0, 1);
    detector_end(&it, 1, 0, 1);
    detector_wait(&it, 14000);
    detector_send(&it, 0);
    detector_send(&it, 1);
    detector_wait(&it, 17000);
    detector_end(&it, 0, 0, 1);
    detector_wait(&it, 24999);
    DETECTOR_OUT(&it, "ab");
    detector_wait(&it, 25000);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 27999);
    DETECTOR_OUT(&it, "a");
    detector_wait(&it, 28000);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* A success within fail_timeout of the last failure clears nothing; one after a request that
   was sent later does. */
static void test_window(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "nginx: {max_fails: 3}", 2);
    detector_end(&it, 0, 0, 2);
    detector_end(&it, 1, 0, 2);
    detector_wait(&it, 10999);
    detector_send(&it, 0);
    detector_end(&it, 0, 200, 5);
    detector_wait(&it, 11000);
    detector_send(&it, 1);
    detector_end(&it, 1, 200, 1);
    detector_end(&it, 0, 0, 1);
    detector_end(&it, 1, 0, 2);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 1, 0, 1);
    DETECTOR_OUT(&it, "ab");
    detector_close(&it);
}

/* Replies are no failures unless listed. */
static void test_statuses(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "nginx", 2);
    detector_end(&it, 0, 500, 3);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
    detector_open(&it, "nginx: {next_upstream: [http_500, http_429]}", 2);
    detector_end(&it, 0, 503, 3);
    detector_end(&it, 0, 404, 3);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 429, 1);
    DETECTOR_OUT(&it, "a");
    detector_end(&it, 1, 500, 1);
    DETECTOR_OUT(&it, "ab");
    detector_close(&it);
}

/* The only server never counts as failed, nor one with max_fails 0. */
static void test_never(void **state)
{
    (void)state;
    struct detector it;
    detector_open(&it, "nginx", 2);
    detector_end(&it, 0, 0, 1);
    DETECTOR_OUT(&it, "a");
    detector_leave(&it, 1);
    DETECTOR_OUT(&it, "");
    detector_end(&it, 0, 0, 9);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
    detector_open(&it, "nginx: {max_fails: 0}", 2);
    detector_end(&it, 0, 0, 9);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

/* At the last try a status is passed on to the client and counts for nothing; no reply counts.
   What the client gave up on (499) does not, and ends a trial as a success would. */
static void test_last_try(void **state)
{
    (void)state;
    struct detector it;
    struct outcome_report report = {.backend = 1, .status = 500, .last_try = true};
    detector_open(&it, "nginx: {next_upstream: [http_500]}", 3);
    it.ops->learn(it.state, &it.host, &report);
    DETECTOR_OUT(&it, "");
    report.status = 0;
    it.ops->learn(it.state, &it.host, &report);
    DETECTOR_OUT(&it, "b");
    detector_wait(&it, 11000);
    detector_send(&it, 1);
    DETECTOR_OUT(&it, "b");
    detector_end(&it, 1, -2, 2);
    DETECTOR_OUT(&it, "");
    detector_close(&it);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_last_try),
    cmocka_unit_test(test_trial),
    cmocka_unit_test(test_trial_fails),
    cmocka_unit_test(test_window),
    cmocka_unit_test(test_statuses),
    cmocka_unit_test(test_never),
};

TEST_MAIN(tests)
