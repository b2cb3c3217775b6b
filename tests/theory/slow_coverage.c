/* SPDX-License-Identifier: GPL-3.0-or-later
   A thousand experiments of twenty replications: 95 % intervals of mean and p99 cover the
   exact values in 93 to 97 % of them.  And the spread between replications is the one that
   theory knows, n var(mean) = (1 + rho)^2 / (1 - rho)^4 services squared (from the Poisson
   equation of the response times, a Markov chain; Whitt 1989 for the wait). */
#include "tests/theory/coverage.h"

static void test_well_loaded(void **state)
{
    (void)state;
    const struct coverage_plan plan = {1000, 20, 0.7, 100000, 500};
    struct coverage found = coverage_run(&plan);
    coverage_assert("mean", found.mean, &plan, 0.93, 0.97);
    coverage_assert("p99", found.p99, &plan, 0.93, 0.97);
}

static void test_heavily_loaded(void **state)
{
    (void)state;
    const struct coverage_plan plan = {1000, 20, 0.9, 100000, 2222};
    struct coverage found = coverage_run(&plan);
    coverage_assert("mean", found.mean, &plan, 0.93, 0.97);
    coverage_assert("p99", found.p99, &plan, 0.93, 0.97);
}

/* One trace each, in twenty sections: about 260 effective exceedances of p99. */
static void test_one_trace(void **state)
{
    (void)state;
    const struct coverage_plan plan = {200, 1, 0.7, 800000, 500};
    struct coverage found = coverage_run(&plan);
    coverage_assert("mean", found.mean, &plan, 0.90, 0.98);
    coverage_assert("p99", found.p99, &plan, 0.90, 0.98);
}

static void test_asymptotic_variance(void **state)
{
    (void)state;
    const double load = 0.8, requests = 1e6;
    enum { RUNS = 200 };
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 1251s, warmup: 1s, replications: %d, seed: 64}\n"
                  "clients: [{arrivals: {poisson: {rate: 800/s}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1}]\n"
                  "balancers: [{policy: random}]\n", RUNS);
    const struct measure *mean = theory_find(&report, NULL, "mean");
    double half = (mean->high - mean->low) / 2;
    double deviation = half * sqrt(RUNS) / interval_t(0.95, RUNS - 1);
    double found = requests * pow(deviation / 1e-3, 2);
    double exact = pow(1 + load, 2) / pow(1 - load, 4);
    bool holds = fabs(found / exact - 1) < 0.3; /* three standard errors */
    theory_print("n var(mean), M/M/1 rho 0.8", "mean", "random", exact, found,
                 exact * 1.96 * sqrt(2.0 / RUNS), holds);
    assert_true(holds);
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_well_loaded),
    cmocka_unit_test(test_heavily_loaded),
    cmocka_unit_test(test_one_trace),
    cmocka_unit_test(test_asymptotic_variance),
};

TEST_MAIN(tests)
