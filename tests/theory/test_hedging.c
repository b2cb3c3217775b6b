/* SPDX-License-Identifier: GPL-3.0-or-later
   The latency of hedged requests where nobody queues.  Service times are those of cache
   misses, which each attempt draws anew: X1, X2 exponential of mean 1/mu, hedged after d.
   So T = min(X1, d + X2): P(T > t) = exp(-mu t) for t < d, exp(-mu (2 t - d)) beyond, and
       mean = (1 - exp(-mu d)) / mu + exp(-mu d) / (2 mu),
       p99 = (log(100) / mu + d) / 2 where that is at least d,
       attempts = 1 + exp(-mu d). */
#include "tests/theory/scene.h"
#include "tests/theory/theory.h"

#include <math.h>

static void assert_law(const struct report *report, const char *name, double exact)
{
    const struct measure *found = theory_find(report, NULL, name);
    double half = (found->high - found->low) / 2;
    print_message("    %s %.6g, exact %.6g, interval ± %.2g\n", name, found->value, exact, half);
    ASSERT_NEAR(found->value, exact, 2 * half); /* false alarms: less than 1 in 1000 */
    assert_true(half < 0.03 * exact);
}

static void check_law(int after_ms, const char *cancel)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 20s, warmup: 1s, replications: 12, seed: 91}\n"
               "clients: [{arrivals: {poisson: {rate: 400/s}}, demand: 1ns, "
               "key: {uniform: {count: 1000000000}}}]\n"
               "pods: [{count: 50, workers: 20, cache: {capacity: 1, "
               "miss: {exponential: {mean: 10ms}}}}]\n"
               "balancers: [{policy: random, hedge: {after: {after: %dms, cancel: %s}}}]\n",
               after_ms, cancel);
    struct report report = theory_report(&scene);
    double mean = 0.01, d = after_ms / 1000.0, late = exp(-d / mean);
    double p99 = (log(100) * mean + d) / 2;
    assert_law(&report, "mean", mean * (1 - late) + mean * late / 2);
    assert_law(&report, "p99", p99 >= d ? p99 : log(100) * mean);
    assert_law(&report, "amplification", 1 + late);
    report_free(&report);
    scene_close(&scene);
}

static void test_exact_law(void **state)
{
    (void)state;
    check_law(10, "true");
    check_law(10, "false");
    check_law(30, "true");
    check_law(1, "true");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_exact_law),
};

TEST_MAIN(tests)
