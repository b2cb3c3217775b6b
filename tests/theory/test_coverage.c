/* SPDX-License-Identifier: GPL-3.0-or-later
   The small form of slow_coverage.c, with bounds that a right program would miss with other
   seeds once in 10^4 times; and evidence too thin for a percentile. */
#include "tests/theory/coverage.h"

static void test_intervals_cover(void **state)
{
    (void)state;
    const struct coverage_plan plan = {200, 10, 0.5, 9000, 100};
    struct coverage found = coverage_run(&plan);
    coverage_assert("mean", found.mean, &plan, 0.89, 0.995);
    coverage_assert("p99", found.p99, &plan, 0.89, 0.995);
}

/* From the sections of one replication; 58 effective exceedances of p99 are expected. */
static void test_sections_cover(void **state)
{
    (void)state;
    const struct coverage_plan plan = {60, 1, 0.5, 50000, 100};
    struct coverage found = coverage_run(&plan);
    coverage_assert("mean", found.mean, &plan, 0.8, 1);
    coverage_assert("p99", found.p99, &plan, 0.8, 1);
}

static void test_thin_evidence(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report, "run: {duration: 22s, warmup: 1s, replications: 10, seed: 5}\n"
                           "clients: [{arrivals: {poisson: {rate: 950/s}}, "
                           "demand: {exponential: {mean: 1ms}}}]\n"
                           "pods: [{count: 1}]\n"
                           "balancers: [{policy: random}]\n");
    const struct measure *found = report_find(&report, "random", "all", "p99.9");
    assert_true(isnan(found->value) && isnan(found->low) && isnan(found->high));
    assert_non_null(found->note);
    assert_non_null(strstr(found->note, "insufficient"));
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_intervals_cover),
    cmocka_unit_test(test_sections_cover),
    cmocka_unit_test(test_thin_evidence),
};

TEST_MAIN(tests)
