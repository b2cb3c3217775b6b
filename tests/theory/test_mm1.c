/* SPDX-License-Identifier: GPL-3.0-or-later
   M/M/1: the response is exponential with mean 1 / (mu - lambda), so its quantiles are
   -ln(1 - p) / (mu - lambda) and its deviation is its mean. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

static struct report run_mm1(unsigned load_percent, unsigned seconds)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: %us, warmup: 10s, replications: 20, seed: 1}\n"
                  "clients: [{arrivals: {poisson: {rate: %u/s}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1}]\n"
                  "balancers: [{policy: random}]\n",
                  seconds, load_percent * 10);
    return report;
}

static void assert_exponential(unsigned load_percent, unsigned seconds, double bound)
{
    struct report report = run_mm1(load_percent, seconds);
    double load = load_percent / 100.0, mean = 1e-3 / (1 - load);
    char what[32];
    snprintf(what, sizeof what, "M/M/1 rho %.2g", load);
    THEORY_ASSERT(&report, what, NULL, "mean", mean, bound, 0);
    THEORY_ASSERT(&report, what, NULL, "deviation", mean, 2 * bound, 0);
    THEORY_ASSERT(&report, what, NULL, "p50", mean * log(2), bound, 0);
    THEORY_ASSERT(&report, what, NULL, "p90", mean * log(10), bound, 0);
    THEORY_ASSERT(&report, what, NULL, "p99", mean * log(100), 2 * bound, 0);
    THEORY_ASSERT(&report, what, NULL, "utilisation", load, bound, 0);
    THEORY_ASSERT(&report, what, NULL, "throughput", load * 1e3, bound, 0);
    THEORY_ASSERT(&report, what, NULL, "queue_time", mean - 1e-3, 2 * bound, 0);
    THEORY_ASSERT(&report, what, NULL, "service_time", 1e-3, bound, 0);
    report_free(&report);
}

static void test_half_loaded(void **state)
{
    (void)state;
    assert_exponential(50, 110, 0.01);
}

static void test_well_loaded(void **state)
{
    (void)state;
    assert_exponential(70, 210, 0.015);
}

static void test_heavily_loaded(void **state)
{
    (void)state;
    assert_exponential(90, 410, 0.025);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_half_loaded),
    cmocka_unit_test(test_well_loaded),
    cmocka_unit_test(test_heavily_loaded),
};

TEST_MAIN(tests)
