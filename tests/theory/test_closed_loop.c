/* SPDX-License-Identifier: GPL-3.0-or-later
   M/M/1//N, the repairman: N users who think (mean Z) and ask one exponential server.
   With p(i) in proportion to N! / (N - i)! (S / Z)^i the throughput is (1 - p(0)) / S and
   the mean response N / X - Z; who asks finds what N - 1 users would leave (arrival
   theorem), whence the quantiles.  Shared processors and any law of work: the same mean. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

enum { USERS = 20 };
static const double think = 25; /* mean services */

/* Chances of i at the server. */
static void closed_chances(unsigned users, double *chances)
{
    double sum = 0, weight = 1;
    for (unsigned i = 0; i <= users; i++) {
        chances[i] = weight;
        sum += weight;
        weight *= (users - i) / think;
    }
    for (unsigned i = 0; i <= users; i++)
        chances[i] /= sum;
}

static struct report run_closed(const char *demand, const char *think_law,
                                const char *discipline)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 105s, warmup: 5s, replications: 20, seed: 11}\n"
                  "clients: [{arrivals: {closed: {users: %d, think: {%s}}}, demand: {%s}}]\n"
                  "pods: [{count: 1, discipline: %s}]\n"
                  "balancers: [{policy: random}]\n", USERS, think_law, demand, discipline);
    return report;
}

static void assert_throughput(const struct report *report, const char *what)
{
    double chances[USERS + 1];
    closed_chances(USERS, chances);
    double throughput = 1 - chances[0];
    THEORY_ASSERT(report, what, NULL, "throughput", 1e3 * throughput, 0.015, 0);
    THEORY_ASSERT(report, what, NULL, "mean", 1e-3 * (USERS / throughput - think), 0.015, 0);
}

static void test_repairman(void **state)
{
    (void)state;
    struct report report =
        run_closed("exponential: {mean: 1ms}", "exponential: {mean: 25ms}", "fifo");
    assert_throughput(&report, "M/M/1//20");
    double chances[USERS + 1];
    closed_chances(USERS, chances);
    THEORY_ASSERT(&report, "M/M/1//20", NULL, "utilisation", 1 - chances[0], 0.015, 0);
    struct queueing_found law = {.count = USERS};
    closed_chances(USERS - 1, law.found);
    double p50 = theory_quantile(queueing_found_tail, &law, 0.5);
    double p99 = theory_quantile(queueing_found_tail, &law, 0.99);
    THEORY_ASSERT(&report, "M/M/1//20", NULL, "p50", 1e-3 * p50, 0.015, 0);
    THEORY_ASSERT(&report, "M/M/1//20", NULL, "p99", 1e-3 * p99, 0.015, 0);
    report_free(&report);
}

static void test_any_law_when_shared(void **state)
{
    (void)state;
    struct report report = run_closed("lognormal: {mean: 1ms, cv: 2}",
                                      "deterministic: {value: 25ms}", "ps");
    assert_throughput(&report, "M/G/1-PS//20");
    report_free(&report);
}

/* Nobody thinks: the server never rests. */
static void test_no_thinking(void **state)
{
    (void)state;
    struct report report =
        run_closed("exponential: {mean: 1ms}", "deterministic: {value: 0s}", "fifo");
    THEORY_ASSERT(&report, "no thinking", NULL, "throughput", 1e3, 0.015, 0);
    THEORY_ASSERT(&report, "no thinking", NULL, "mean", 1e-3 * USERS, 0.015, 0);
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_repairman),
    cmocka_unit_test(test_any_law_when_shared),
    cmocka_unit_test(test_no_thinking),
};

TEST_MAIN(tests)
