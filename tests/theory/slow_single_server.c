/* SPDX-License-Identifier: GPL-3.0-or-later
   One server, long: some 10^8 requests a queue, so that means are known to a few tenths of a
   per cent and the tail to p99.9. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

static struct report run_long(double load, const char *demand, const char *discipline,
                              unsigned seconds)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: %us, warmup: 60s, replications: 40, seed: 50}\n"
                  "clients: [{arrivals: {poisson: {rate: %.0f/s}}, demand: {%s}}]\n"
                  "pods: [{count: 1, discipline: %s}]\n"
                  "balancers: [{policy: random}]\n",
                  seconds, load * 1000, demand, discipline);
    return report;
}

static void test_mm1(void **state)
{
    (void)state;
    struct report report = run_long(0.9, "exponential: {mean: 1ms}", "fifo", 3060);
    static const struct {
        const char *metric;
        double p;
    } quantiles[] = {{"p50", 0.5}, {"p90", 0.1}, {"p95", 0.05}, {"p99", 0.01}, {"p99.9", 0.001}};
    THEORY_ASSERT(&report, "M/M/1", NULL, "mean", 0.01, 0.004, 0);
    THEORY_ASSERT(&report, "M/M/1", NULL, "deviation", 0.01, 0.01, 0);
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
        THEORY_ASSERT(&report, "M/M/1", NULL, quantiles[i].metric,
                      0.01 * -log(quantiles[i].p), 0.025, 0);
    report_free(&report);
}

static void test_mh2(void **state)
{
    (void)state;
    struct report report = run_long(0.8, "hyperexponential: {mean: 1ms, cv: 3}", "fifo", 3060);
    const struct queueing_mh2 law = {0.8, 3};
    THEORY_ASSERT(&report, "M/H2/1", NULL, "mean", 1e-3 * (1 + queueing_mg1_wait(0.8, 3)), 0.01,
                  0);
    for (int i = 0; i < 3; i++) {
        static const char *const metrics[] = {"p50", "p90", "p99"};
        double p = i == 0 ? 0.5 : i == 1 ? 0.9 : 0.99;
        double exact = 1e-3 * theory_quantile(queueing_mh2_tail, &law, p);
        THEORY_ASSERT(&report, "M/H2/1", NULL, metrics[i], exact, 0.015, 0);
    }
    report_free(&report);
}

static void test_md1(void **state)
{
    (void)state;
    const double load = 0.8;
    struct report report = run_long(load, "deterministic: {value: 1ms}", "fifo", 2060);
    THEORY_ASSERT(&report, "M/D/1", NULL, "mean", 1e-3 * (1 + queueing_mg1_wait(load, 0)),
                  0.003, 0);
    double p99 = theory_quantile(queueing_md1_tail, &load, 0.99);
    THEORY_ASSERT(&report, "M/D/1", NULL, "p99", 1e-3 * p99, 0.006, 0);
    report_free(&report);
}

static void test_lognormal_all_disciplines(void **state)
{
    (void)state;
    static const char *const disciplines[] = {"fifo", "lifo", "ps"};
    for (int i = 0; i < 3; i++) {
        struct report report =
            run_long(0.8, "lognormal: {mean: 1ms, cv: 1.5}", disciplines[i], 1560);
        double mean = i == 2 ? 1 / (1 - 0.8) : 1 + queueing_mg1_wait(0.8, 1.5);
        THEORY_ASSERT(&report, disciplines[i], NULL, "mean", 1e-3 * mean, 0.01, 0);
        THEORY_ASSERT(&report, disciplines[i], NULL, "utilisation", 0.8, 0.002, 0);
        report_free(&report);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_mm1),
    cmocka_unit_test(test_mh2),
    cmocka_unit_test(test_md1),
    cmocka_unit_test(test_lognormal_all_disciplines),
};

TEST_MAIN(tests)
