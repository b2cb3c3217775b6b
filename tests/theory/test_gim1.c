/* SPDX-License-Identifier: GPL-3.0-or-later
   GI/M/1: with sigma the root of sigma = A*(mu (1 - sigma)), A* the Laplace transform of the
   gaps, the response is exponential with rate mu (1 - sigma).  Gaps: equal, gamma,
   hyperexponential, and Erlang's as round robin makes them of a Poisson stream. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

/* Gaps have mean 1 / load. */
struct gaps {
    double load, cv;
    unsigned stages;
};

static double gaps_equal(double s, const void *law)
{
    return exp(-s / ((const struct gaps *)law)->load);
}

static double gaps_gamma(double s, const void *law)
{
    const struct gaps *gaps = law;
    double square = gaps->cv * gaps->cv;
    return pow(1 + s * square / gaps->load, -1 / square);
}

/* Two exponentials that bring equal shares of the mean. */
static double gaps_hyperexponential(double s, const void *law)
{
    const struct gaps *gaps = law;
    double square = gaps->cv * gaps->cv;
    double p = (1 + sqrt((square - 1) / (square + 1))) / 2;
    double u = 2 * p * gaps->load, v = 2 * (1 - p) * gaps->load;
    return p * u / (u + s) + (1 - p) * v / (v + s);
}

static double gaps_erlang(double s, const void *law)
{
    const struct gaps *gaps = law;
    double rate = gaps->stages * gaps->load;
    return pow(rate / (rate + s), gaps->stages);
}

static void assert_gim1(const char *arrivals, double (*transform)(double, const void *),
                        struct gaps gaps, double bound)
{
    unsigned pods = gaps.stages > 0 ? gaps.stages : 1;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: %us, warmup: 10s, replications: 20, seed: 10}\n"
                  "clients: [{arrivals: {%s}, demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: %u}]\n"
                  "balancers: [{policy: round_robin}]\n", 20 + 160 / pods, arrivals, pods);
    double mean = 1e-3 / (1 - queueing_gim1_sigma(transform, &gaps));
    THEORY_ASSERT(&report, arrivals, NULL, "mean", mean, bound, 0);
    THEORY_ASSERT(&report, arrivals, NULL, "deviation", mean, 2 * bound, 0);
    THEORY_ASSERT(&report, arrivals, NULL, "p50", mean * log(2), bound, 0);
    THEORY_ASSERT(&report, arrivals, NULL, "p99", mean * log(100), 2 * bound, 0);
    THEORY_ASSERT(&report, arrivals, NULL, "utilisation", gaps.load, bound, 0);
    report_free(&report);
}

static void test_equal_gaps(void **state)
{
    (void)state;
    assert_gim1("deterministic: {rate: 800/s}", gaps_equal, (struct gaps){0.8, 0, 0}, 0.01);
}

static void test_gamma_gaps(void **state)
{
    (void)state;
    assert_gim1("renewal: {rate: 800/s, cv: 0.5}", gaps_gamma, (struct gaps){0.8, 0.5, 0},
                0.015);
}

static void test_hyperexponential_gaps(void **state)
{
    (void)state;
    assert_gim1("renewal: {rate: 700/s, cv: 2}", gaps_hyperexponential,
                (struct gaps){0.7, 2, 0}, 0.02);
}

static void test_round_robin(void **state)
{
    (void)state;
    assert_gim1("poisson: {rate: 1.6/ms}", gaps_erlang, (struct gaps){0.8, 0, 2}, 0.02);
    assert_gim1("poisson: {rate: 9/ms}", gaps_erlang, (struct gaps){0.9, 0, 10}, 0.02);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_equal_gaps),
    cmocka_unit_test(test_gamma_gaps),
    cmocka_unit_test(test_hyperexponential_gaps),
    cmocka_unit_test(test_round_robin),
};

TEST_MAIN(tests)
