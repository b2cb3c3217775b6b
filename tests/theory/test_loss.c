/* SPDX-License-Identifier: GPL-3.0-or-later
   Full queues: M/M/1/K loses (1 - rho) rho^K / (1 - rho^(K + 1)) of the requests, and those
   let in find i before them in proportion to rho^i; M/G/c/c loses Erlang's B, whatever the
   law of service. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

/* K places: one in service and `queue`. */
static void assert_limited(unsigned queue, const char *discipline, double load)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 110s, warmup: 10s, replications: 20, seed: 8}\n"
                  "clients: [{arrivals: {poisson: {rate: %.0f/s}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1, queue: %u, discipline: %s}]\n"
                  "balancers: [{policy: random}]\n", load * 1e3, queue, discipline);
    unsigned k = queue + 1;
    double loss = (1 - load) * pow(load, k) / (1 - pow(load, k + 1));
    struct queueing_found law = {.count = k};
    for (unsigned i = 0; i < k; i++)
        law.found[i] = pow(load, i) * (1 - load) / (1 - pow(load, k));
    char what[48];
    snprintf(what, sizeof what, "M/M/1/%u %s rho %.2g", k, discipline, load);
    THEORY_ASSERT(&report, what, NULL, "rejected", loss, 0.03, 0);
    THEORY_ASSERT(&report, what, NULL, "error_rate", loss, 0.03, 0);
    THEORY_ASSERT(&report, what, NULL, "throughput", 1e3 * load * (1 - loss), 0.01, 0);
    THEORY_ASSERT(&report, what, NULL, "mean", 1e-3 * queueing_found_mean(&law), 0.02, 0);
    if (strcmp(discipline, "fifo") == 0) {
        double p99 = theory_quantile(queueing_found_tail, &law, 0.99);
        THEORY_ASSERT(&report, what, NULL, "p99", 1e-3 * p99, 0.03, 0);
        THEORY_ASSERT(&report, what, NULL, "utilisation", load * (1 - loss), 0.02, 0);
    }
    report_free(&report);
}

static void test_limited_queue(void **state)
{
    (void)state;
    assert_limited(4, "fifo", 0.8);
    assert_limited(9, "fifo", 1.25);
    assert_limited(4, "lifo", 0.8);
    assert_limited(4, "ps", 0.8);
}

static void assert_lost(const char *demand, unsigned workers, double offered)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 30s, warmup: 3s, replications: 20, seed: 9}\n"
                  "clients: [{arrivals: {poisson: {rate: %.0f/s}}, demand: {%s}}]\n"
                  "pods: [{count: 1, workers: %u, queue: 0}]\n"
                  "balancers: [{policy: random}]\n", offered * 1e3, demand, workers);
    double loss = queueing_erlang_b(workers, offered);
    char what[80];
    snprintf(what, sizeof what, "M/G/%u/%u %s", workers, workers, demand);
    THEORY_ASSERT(&report, what, NULL, "rejected", loss, 0.04, 0);
    THEORY_ASSERT(&report, what, NULL, "utilisation", offered * (1 - loss) / workers, 0.01, 0);
    report_free(&report);
}

static void test_no_queue(void **state)
{
    (void)state;
    assert_lost("exponential: {mean: 1ms}", 5, 4);
    assert_lost("exponential: {mean: 1ms}", 20, 16);
    assert_lost("deterministic: {value: 1ms}", 5, 4);
    assert_lost("hyperexponential: {mean: 1ms, cv: 2}", 5, 4);
}

/* The same limits in the balancer: one request at the pod, four held. */
static void test_limited_balancer(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 110s, warmup: 10s, replications: 20, seed: 8}\n"
                  "clients: [{arrivals: {poisson: {rate: 800/s}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1}]\n"
                  "balancers: [{policy: random, max_in_flight: 1, queue: {limit: 4}}]\n");
    double loss = 0.2 * pow(0.8, 5) / (1 - pow(0.8, 6));
    THEORY_ASSERT(&report, "M/M/1/5 held", NULL, "overflow", loss, 0.03, 0);
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_limited_queue),
    cmocka_unit_test(test_no_queue),
    cmocka_unit_test(test_limited_balancer),
};

TEST_MAIN(tests)
