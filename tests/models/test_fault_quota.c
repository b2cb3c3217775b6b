/* SPDX-License-Identifier: GPL-3.0-or-later
   CPU quotas worked by hand: 50 ms of worker time in every 100 ms. */
#include "tests/models/attempts.h"

#define RUN "run: {duration: 2s, warmup: 0s, replications: 1}\n"
#define WORLD(pods, more) \
    RUN "pods: [{" pods "}]\nbalancers: [{policy: random}]\n" \
        "faults: [{kind: cpu_quota" more "}]\n"
#define OK(request, sent, ended) {request, 0, 0, OUTCOME_OK, sent, ended, true, ended}

/* 120 ms: 0 to 50, 100 to 150, 200 to 220. */
static void test_one_worker(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {OK(0, 0, 220000)};
    attempts_assert("0,120000,0,0\n", "none", WORLD("", ""), rows, 1);
    attempts_assert("0,120000,0,0\n", "none", WORLD("discipline: ps", ""), rows, 1);
}

/* The quota is used up as the first is served; the second begins there, stands still, and goes
   on at 100 ms.  The third has 30 ms from 170 to 200 ms, of the 40 that are left then, and
   30 ms of the next period. */
static void test_boundaries(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {OK(0, 0, 50000), OK(1, 0, 110000),
                                              OK(2, 170000, 230000)};
    static const char lines[] = "0,50000,0,0\n0,10000,0,0\n170000,60000,0,0\n";
    attempts_assert(lines, "none", WORLD("", ""), rows, 3);
}

/* Two workers use it up in 25 ms: 60 ms each are 25, 25 and 10, ended 10 ms after 200. */
static void test_two_workers(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {OK(0, 0, 210000), OK(1, 0, 210000)};
    static const char lines[] = "0,60000,0,0\n0,60000,0,0\n";
    attempts_assert(lines, "none", WORLD("workers: 2", ""), rows, 2);
    attempts_assert(lines, "none", WORLD("workers: 2, discipline: ps", ""), rows, 2);
}

/* Four that share two workers use two: 15 ms each are 60 in all, of which 50 by 25 ms and the
   rest 5 ms into the next period. */
static void test_sharing(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {OK(0, 0, 105000), OK(1, 0, 105000),
                                              OK(2, 0, 105000), OK(3, 0, 105000)};
    attempts_assert("0,15000,0,0\n0,15000,0,0\n0,15000,0,0\n0,15000,0,0\n", "none",
                    WORLD("workers: 2, discipline: ps", ""), rows, 4);
}

/* As much as its workers can use: no effect. */
static void test_enough(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {OK(0, 0, 300000), OK(1, 0, 300000)};
    attempts_assert("0,300000,0,0\n0,300000,0,0\n", "none",
                    WORLD("workers: 2", ", quota: 200ms"), rows, 2);
}

/* From 20 ms on, so periods begin at 20, 120, …; over at 90 ms: 0 to 70, 90 to 140. */
static void test_from_to(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {OK(0, 0, 140000)};
    attempts_assert("0,120000,0,0\n", "none", WORLD("", ", from: 20ms, to: 90ms"), rows, 1);
}

/* Half as fast as well: 40 ms of work take 80: 0 to 50, 100 to 130.  Of two quotas the
   tighter: 10 ms in 50, so 0 to 10, 50 to 60, …, 350 to 360.  While the process is stopped,
   from 10 to 30 ms, it uses nothing: 0 to 10, 30 to 60. */
static void test_together(void **state)
{
    (void)state;
    static const char *const worlds[] = {
        WORLD("", "}, {kind: slowdown, factor: 2"),
        WORLD("", "}, {kind: cpu_quota, quota: 10ms, period: 50ms"),
        WORLD("", "}, {kind: pause, from: 10ms, to: 30ms")};
    static const int ends[] = {130000, 360000, 60000}, works[] = {40000, 80000, 40000};
    for (int i = 0; i < 3; i++) {
        char line[64];
        snprintf(line, sizeof line, "0,%d,0,0\n", works[i]);
        struct attempt_row row = OK(0, 0, ends[i]);
        attempts_assert(line, "none", worlds[i], &row, 1);
    }
}

/* A client that has gone gives the worker's time back: the second has what is left. */
static void test_cancelled(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_TIMEOUT, 0, 30000, true, 30000},
                                              OK(1, 20000, 40000)};
    attempts_assert("0,120000,0,0\n20000,10000,0,0\n", "30ms",
                    RUN "pods: [{}]\n"
                    "balancers: [{policy: random, cancel: true}]\n"
                    "faults: [{kind: cpu_quota}]\n", rows, 2);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_one_worker),  cmocka_unit_test(test_boundaries),
    cmocka_unit_test(test_two_workers), cmocka_unit_test(test_sharing),
    cmocka_unit_test(test_enough),      cmocka_unit_test(test_from_to),
    cmocka_unit_test(test_together),    cmocka_unit_test(test_cancelled),
};

TEST_MAIN(tests)
