/* SPDX-License-Identifier: GPL-3.0-or-later
   Hedges worked by hand: who answers, what becomes of the others, and who pays.  Two pods take
   turns; `a` is as fast as the demand says, `b` too, unless a fault says otherwise. */
#include "tests/models/attempts.h"
#include "tests/theory/theory.h"

#define RUN "run: {duration: 1s, warmup: 0s, replications: 1}\n"
#define PODS RUN "pods: [{name: a}, {name: b}, {name: c}]\n"
#define HEDGE(rest) PODS "balancers: [{policy: round_robin, hedge: " rest "}]\n"
#define FAULT(text) "faults: [" text "]\n"

/* Pod a hangs: the hedge at 10 ms answers at 11 ms, a is told and freed. */
static void test_hedge_answers(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_CANCELLED, 0, 11000, false, 11000},
        {0, 1, 1, OUTCOME_OK, 10000, 11000, true, 11000}};
    attempts_assert("0,1000,0,0\n", "none",
                    HEDGE("{after: {after: 10ms}}") FAULT("{kind: hang, on: a-0, to: 300ms}"),
                    rows, 2);
}

/* The same without cancelling: a has it until it breaks at 300 ms. */
static void test_loser_goes_on(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_CANCELLED, 0, 11000, false, 300000},
        {0, 1, 1, OUTCOME_OK, 10000, 11000, true, 11000}};
    attempts_assert("0,1000,0,0\n", "none",
                    HEDGE("{after: {after: 10ms, cancel: false}}")
                    FAULT("{kind: hang, on: a-0, to: 300ms}"),
                    rows, 2);
}

/* 15 ms of work: a answers at 15 ms, when the hedge at b has 10 of its 15 ms to go. */
static void test_first_answers(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_OK, 0, 15000, true, 15000},
        {0, 1, 1, OUTCOME_CANCELLED, 10000, 15000, false, 15000}};
    attempts_assert("0,15000,0,0\n", "none", HEDGE("10ms"), rows, 2);
}

/* Answer and hedge at one instant: the hedge, which was due first, goes and is cancelled. */
static void test_tie(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_OK, 0, 10000, true, 10000},
        {0, 1, 1, OUTCOME_CANCELLED, 10000, 10000, false, 10000}};
    attempts_assert("0,10000,0,0\n", "none", HEDGE("10ms"), rows, 2);
}

/* The hedge fails at once; the first attempt goes on. */
static void test_hedge_fails(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_OK, 0, 15000, true, 15000},
        {0, 1, 1, OUTCOME_REFUSED, 10000, 10000, false, 0}};
    attempts_assert("0,15000,0,0\n", "none", HEDGE("10ms") FAULT("{kind: crash, on: b-0}"),
                    rows, 2);
}

/* The first fails at 12 ms; the hedge of 10 ms answers at 25 ms. */
static void test_first_fails(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_ERROR, 0, 12000, false, 0},
        {0, 1, 1, OUTCOME_OK, 10000, 25000, true, 25000}};
    attempts_assert("0,15000,0,0\n", "none",
                    HEDGE("10ms") FAULT("{kind: errors, on: a-0, after: 12ms}"), rows, 2);
}

/* Both fail after 12 ms: the last failure is the request's ... */
static void test_all_fail(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_ERROR, 0, 12000, false, 0},
                                              {0, 1, 1, OUTCOME_ERROR, 10000, 22000, true, 0}};
    attempts_assert("0,15000,0,0\n", "none",
                    HEDGE("10ms") FAULT("{kind: errors, after: 12ms}"), rows, 2);
}

/* ... or is retried: the hedge is no retry, so the one that is allowed is left. */
static void test_last_failure_is_retried(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_ERROR, 0, 12000, false, 0},
                                              {0, 1, 1, OUTCOME_ERROR, 10000, 22000, false, 0},
                                              {0, 2, 2, OUTCOME_OK, 22000, 37000, true, 37000}};
    attempts_assert("0,15000,0,0\n", "none",
                    PODS "balancers: [{policy: round_robin, hedge: {after: {after: 10ms}}, "
                    "retry: {custom: {attempts: 1, base: 0s}}}]\n"
                    FAULT("{kind: errors, on: a-0, after: 12ms}, "
                          "{kind: errors, on: b-0, after: 12ms}"), rows, 3);
}

/* All hang; the client goes at 50 ms.  One row is the last. */
static void test_client_gives_up(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_TIMEOUT, 0, 50000, true, 300000},
        {0, 1, 1, OUTCOME_TIMEOUT, 10000, 50000, false, 300000},
        {0, 2, 2, OUTCOME_TIMEOUT, 20000, 50000, false, 300000}};
    attempts_assert("0,1000,0,0\n", "50ms",
                    HEDGE("{after: {after: 10ms, max: 7}}")
                    FAULT("{kind: hang, to: 300ms}"),
                    rows, 3);
}

/* The time for one try is up for the first; the hedge goes on. */
static void test_per_try_timeout(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {
        {0, 0, 0, OUTCOME_TIMEOUT, 0, 20000, false, 300000},
        {0, 1, 1, OUTCOME_OK, 10000, 25000, true, 25000}};
    attempts_assert("0,15000,0,0\n", "none",
                    PODS "balancers: [{policy: round_robin, hedge: {after: {after: 10ms}}, "
                    "retry: {custom: {attempts: 1, base: 0s, per_try_timeout: 20ms}}}]\n"
                    FAULT("{kind: hang, on: a-0, to: 300ms}"),
                    rows, 2);
}

/* Two instants and the order in which things happen there: the client's end was known before
   the hedge's time, so it comes first; a crash was planned before all. */
static void test_ties_of_timeout_and_crash(void **state)
{
    (void)state;
    static const struct attempt_row timeout[] = {{0, 0, 0, OUTCOME_TIMEOUT, 0, 10000, true, 0}};
    attempts_assert("0,15000,0,0\n", "10ms", HEDGE("10ms"), timeout, 1);
    static const struct attempt_row crash[] = {{0, 0, 0, OUTCOME_RESET, 0, 10000, true, 10000}};
    attempts_assert("0,15000,0,0\n", "none",
                    HEDGE("10ms") FAULT("{kind: crash, on: a-0, from: 10ms}"), crash, 1);
    static const struct attempt_row both[] = {
        {0, 0, 0, OUTCOME_OK, 0, 20000, true, 20000},
        {0, 1, 1, OUTCOME_RESET, 10000, 20000, false, 20000}};
    attempts_assert("0,20000,0,0\n", "20ms",
                    HEDGE("10ms") FAULT("{kind: crash, on: b-0, from: 20ms}"),
                    (const struct attempt_row[]){{0, 0, 0, OUTCOME_TIMEOUT, 0, 20000, true, 0},
                                                 {0, 1, 1, OUTCOME_RESET, 10000, 20000, false, 0}},
                    2);
    attempts_assert("0,20000,0,0\n", "none",
                    HEDGE("10ms") FAULT("{kind: crash, on: b-0, from: 20ms}"), both, 2);
}

/* One pod: there is nobody to hedge at. */
static void test_nobody_else(void **state)
{
    (void)state;
    static const struct attempt_row rows[] = {{0, 0, 0, OUTCOME_OK, 0, 15000, true, 15000}};
    attempts_assert("0,15000,0,0\n", "none",
                    RUN "pods: [{}]\nbalancers: [{policy: random, hedge: 10ms}]\n", rows, 1);
}

/* Finagle's backups pay the retry budget, if there is one: an empty one allows none. */
static void test_finagle_pays(void **state)
{
    (void)state;
    static const char *const retries[] = {
        "finagle", "{finagle: {budget: {finagle: {percent_can_retry: 0%, "
                   "min_retries_per_sec: 0}}}}"};
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 20s, warmup: 12s, replications: 10, seed: 83}\n"
                   "clients: [{arrivals: {poisson: {rate: 300/s}}, "
                   "demand: {exponential: {mean: 10ms}}}]\npods: [{count: 20, workers: 9}]\n"
                   "balancers: [{policy: random, hedge: {finagle: {max_extra_load: 20%%}}, "
                   "retry: %s}]\n", retries[i]);
        struct report report = theory_report(&scene);
        double found = theory_find(&report, NULL, "amplification")->value;
        bool right = i == 0 ? found > 1.1 && found < 1.25 : found == 1;
        if (!right)
            fail_msg("retry %s: %g attempts a request", retries[i], found);
        report_free(&report);
        scene_close(&scene);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_hedge_answers),
    cmocka_unit_test(test_loser_goes_on),
    cmocka_unit_test(test_first_answers),
    cmocka_unit_test(test_tie),
    cmocka_unit_test(test_hedge_fails),
    cmocka_unit_test(test_first_fails),
    cmocka_unit_test(test_all_fail),
    cmocka_unit_test(test_last_failure_is_retried),
    cmocka_unit_test(test_client_gives_up),
    cmocka_unit_test(test_per_try_timeout),
    cmocka_unit_test(test_ties_of_timeout_and_crash),
    cmocka_unit_test(test_nobody_else),
    cmocka_unit_test(test_finagle_pays),
};

TEST_MAIN(tests)
