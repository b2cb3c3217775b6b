/* SPDX-License-Identifier: GPL-3.0-or-later
   M/G/1: mean wait lambda E[S^2] / (2 (1 - rho)) (Pollaczek and Khinchine) for any law of
   service; the whole law of the response for M/D/1 and M/H2/1.  Last come first served
   without preemption has the same mean and E[W^2] larger by 1 / (1 - rho). */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

static struct report run_mg1(const char *demand, const char *discipline, unsigned seconds)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: %us, warmup: 10s, replications: 20, seed: 14}\n"
                  "clients: [{arrivals: {poisson: {rate: 700/s}}, demand: {%s}}]\n"
                  "pods: [{count: 1, discipline: %s}]\n"
                  "balancers: [{policy: random}]\n",
                  seconds, demand, discipline);
    return report;
}

static const double load = 0.7;

static void assert_mean(const char *demand, double cv, double bound)
{
    struct report report = run_mg1(demand, "fifo", 210);
    double wait = 1e-3 * queueing_mg1_wait(load, cv);
    THEORY_ASSERT(&report, demand, NULL, "mean", 1e-3 + wait, bound, 0);
    THEORY_ASSERT(&report, demand, NULL, "queue_time", wait, 2 * bound, 0);
    THEORY_ASSERT(&report, demand, NULL, "utilisation", load, 0.02, 0);
    report_free(&report);
}

static void test_lognormal(void **state)
{
    (void)state;
    assert_mean("lognormal: {mean: 1ms, cv: 1.5}", 1.5, 0.03);
}

static void test_erlang(void **state)
{
    (void)state;
    assert_mean("erlang: {shape: 4, mean: 1ms}", 0.5, 0.01);
}

static void test_uniform(void **state)
{
    (void)state;
    assert_mean("uniform: {min: 0s, max: 2ms}", sqrt(1.0 / 3), 0.01);
}

static void test_deterministic(void **state)
{
    (void)state;
    assert_mean("deterministic: {value: 1ms}", 0, 0.01);
    struct report report = run_mg1("deterministic: {value: 1ms}", "fifo", 210);
    double p90 = theory_quantile(queueing_md1_tail, &load, 0.9);
    double p99 = theory_quantile(queueing_md1_tail, &load, 0.99);
    THEORY_ASSERT(&report, "M/D/1", NULL, "p90", 1e-3 * p90, 0.01, 0);
    THEORY_ASSERT(&report, "M/D/1", NULL, "p99", 1e-3 * p99, 0.02, 0);
    report_free(&report);
}

static void test_hyperexponential(void **state)
{
    (void)state;
    assert_mean("hyperexponential: {mean: 1ms, cv: 2}", 2, 0.03);
    struct report report = run_mg1("hyperexponential: {mean: 1ms, cv: 2}", "fifo", 210);
    const struct queueing_mh2 law = {load, 2};
    double p50 = theory_quantile(queueing_mh2_tail, &law, 0.5);
    double p99 = theory_quantile(queueing_mh2_tail, &law, 0.99);
    THEORY_ASSERT(&report, "M/H2/1", NULL, "p50", 1e-3 * p50, 0.03, 0);
    THEORY_ASSERT(&report, "M/H2/1", NULL, "p99", 1e-3 * p99, 0.04, 0);
    report_free(&report);
}

/* M/M/1: E[W] = rho / (1 - rho), first come E[W^2] = 2 rho / (1 - rho)^2; an attempt's own
   service does not depend on its wait. */
static void test_last_come_first_served(void **state)
{
    (void)state;
    struct report report = run_mg1("exponential: {mean: 1ms}", "lifo", 310);
    double wait = load / (1 - load), square = 2 * load / pow(1 - load, 3);
    double deviation = sqrt(square - wait * wait + 1);
    THEORY_ASSERT(&report, "M/M/1-LIFO", NULL, "mean", 1e-3 * (1 + wait), 0.01, 0);
    THEORY_ASSERT(&report, "M/M/1-LIFO", NULL, "deviation", 1e-3 * deviation, 0.05, 0);
    report_free(&report);
    report = run_mg1("lognormal: {mean: 1ms, cv: 1.5}", "lifo", 210);
    wait = queueing_mg1_wait(load, 1.5);
    THEORY_ASSERT(&report, "M/G/1-LIFO", NULL, "mean", 1e-3 * (1 + wait), 0.03, 0);
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_lognormal),
    cmocka_unit_test(test_erlang),
    cmocka_unit_test(test_uniform),
    cmocka_unit_test(test_deterministic),
    cmocka_unit_test(test_hyperexponential),
    cmocka_unit_test(test_last_come_first_served),
};

TEST_MAIN(tests)
