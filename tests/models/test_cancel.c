/* SPDX-License-Identifier: GPL-3.0-or-later
   Abandoned work that is stopped, worked by hand.  One pod, 1 ms to the balancer and 2 ms to
   the pod: a client that gives up 5 ms after it was due is heard of there 8 ms after. */
#include "tests/models/attempts.h"

#define WORLD(pods, more) \
    "run: {duration: 1s, warmup: 0s, replications: 1}\npods: [{" pods "}]\n" \
    "network: {to_balancer: 1ms, to_pod: 2ms}\nbalancers: [{policy: random" more "}]\n"

/* Of 20 ms of work that arrives at 3 ms, 5 are done; without word all of it. */
static void test_in_service(void **state)
{
    (void)state;
    static const struct attempt_row told[] = {{0, 0, 0, OUTCOME_TIMEOUT, 0, 5000, true, 8000}};
    attempts_assert("0,20000,0,0\n", "5ms", WORLD("", ", cancel: true"), told, 1);
    static const struct attempt_row untold[] = {{0, 0, 0, OUTCOME_TIMEOUT, 0, 5000, true, 23000}};
    attempts_assert("0,20000,0,0\n", "5ms", WORLD("", ""), untold, 1);
}

/* Last come, first served: the third is started at 8 ms, when the first goes, and the second
   is cancelled in the queue at 9 ms.  The fourth finds a free worker at 11 ms. */
static void test_in_queue(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_TIMEOUT, 0, 5000, true, 8000},
                                              {1, 0, 0, OUTCOME_TIMEOUT, 1000, 6000, true, 9000},
                                              {2, 0, 0, OUTCOME_TIMEOUT, 2000, 7000, true, 10000},
                                              {3, 0, 0, OUTCOME_TIMEOUT, 8000, 13000, true, 12000}};
    attempts_assert("0,20000,0,0\n1000,20000,0,0\n2000,20000,0,0\n8000,1000,0,0\n", "5ms",
                    WORLD("discipline: lifo", ", cancel: true"), rows, 4);
}

/* Shared: the first is alone from 3 to 7 ms, the second has half until 8 ms and then all: of
   its 4 ms of work 0.5 are done at 8 ms, the rest at 11.5. */
static void test_shared(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_TIMEOUT, 0, 5000, true, 8000},
        {1, 0, 0, OUTCOME_TIMEOUT, 4000, 9000, true, 11500}};
    attempts_assert("0,20000,0,0\n4000,4000,0,0\n", "5ms",
                    WORLD("discipline: ps", ", cancel: true"), rows, 2);
}

/* The error that would be sent at 23 ms is not; a pod that hangs lets go; and where the way is
   cut the word is lost, so that the pod does the work. */
static void test_under_faults(void **state)
{
    (void)state;
    static const char *const faults[] = {
        "faults: [{kind: errors, after: 20ms}]\n", "faults: [{kind: hang, to: 500ms}]\n",
        "faults: [{kind: partition, from: 4ms}]\n"};
    static const int64_t served[] = {8000, 8000, 23000};
    for (int i = 0; i < 3; i++) {
        char rest[1024];
        snprintf(rest, sizeof rest, "%s%s", WORLD("", ", cancel: true"), faults[i]);
        struct attempt_row row = {0, 0, 0, OUTCOME_TIMEOUT, 0, 5000, true, served[i]};
        attempts_assert("0,20000,0,0\n", "5ms", rest, &row, 1);
    }
}

/* The end of the time for one try is the balancer's word: 2 ms to the pod. */
static void test_per_try_timeout(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_TIMEOUT, 0, 11000, false, 13000},
        {0, 1, 0, OUTCOME_TIMEOUT, 11000, 21000, true, 23000}};
    attempts_assert("0,20000,0,0\n", "100ms",
                    WORLD("", ", cancel: true, retry: {custom: {attempts: 1, base: 0s, "
                              "per_try_timeout: 10ms}}"), rows, 2);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_in_service),
    cmocka_unit_test(test_in_queue),
    cmocka_unit_test(test_shared),
    cmocka_unit_test(test_under_faults),
    cmocka_unit_test(test_per_try_timeout),
};

TEST_MAIN(tests)
