/* SPDX-License-Identifier: GPL-3.0-or-later
   M/M/c, as one central queue in front of c pods and as one pod of c workers: mean wait
   C(c, a) / (c mu - lambda) with Erlang's C; quantiles of the response from its tail. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

struct shape {
    unsigned pods, workers;
    double load;
    unsigned seconds;
    double bound;
};

static void assert_erlang(struct shape shape)
{
    unsigned c = shape.pods * shape.workers;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: %us, warmup: 5s, replications: 20, seed: 2}\n"
                  "clients: [{arrivals: {poisson: {rate: %.3f/s}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: %u, workers: %u}]\n"
                  "balancers: [{policy: central_queue}]\n",
                  shape.seconds, c * shape.load * 1e3, shape.pods, shape.workers);
    struct queueing_mmc queue = {c, shape.load};
    double wait = queueing_mmc_wait(&queue);
    char what[48];
    snprintf(what, sizeof what, "M/M/%u (%u pods) rho %.2g", c, shape.pods, shape.load);
    THEORY_ASSERT(&report, what, NULL, "mean", 1e-3 * (1 + wait), shape.bound, 0);
    THEORY_ASSERT(&report, what, NULL, "balancer_time", 1e-3 * wait, 20 * shape.bound, 0);
    double p50 = theory_quantile(queueing_mmc_tail, &queue, 0.5);
    double p99 = theory_quantile(queueing_mmc_tail, &queue, 0.99);
    THEORY_ASSERT(&report, what, NULL, "p50", 1e-3 * p50, shape.bound, 0);
    THEORY_ASSERT(&report, what, NULL, "p99", 1e-3 * p99, 2 * shape.bound, 0);
    THEORY_ASSERT(&report, what, NULL, "utilisation", shape.load, shape.bound, 0);
    report_free(&report);
}

static void test_two(void **state)
{
    (void)state;
    assert_erlang((struct shape){2, 1, 0.8, 105, 0.02});
}

static void test_ten(void **state)
{
    (void)state;
    assert_erlang((struct shape){10, 1, 0.9, 45, 0.03});
}

static void test_hundred(void **state)
{
    (void)state;
    assert_erlang((struct shape){100, 1, 0.95, 10, 0.02});
}

static void test_few_pods_of_many_workers(void **state)
{
    (void)state;
    assert_erlang((struct shape){2, 5, 0.9, 45, 0.03});
}

/* One pod with c workers queues at the pod instead. */
static void test_queue_at_the_pod(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 45s, warmup: 5s, replications: 20, seed: 3}\n"
                  "clients: [{arrivals: {poisson: {rate: 8/ms}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1, workers: 10}]\n"
                  "balancers: [{policy: random}]\n");
    struct queueing_mmc queue = {10, 0.8};
    double wait = queueing_mmc_wait(&queue);
    double p99 = theory_quantile(queueing_mmc_tail, &queue, 0.99);
    THEORY_ASSERT(&report, "M/M/10 at a pod", NULL, "mean", 1e-3 * (1 + wait), 0.01, 0);
    THEORY_ASSERT(&report, "M/M/10 at a pod", NULL, "queue_time", 1e-3 * wait, 0.05, 0);
    THEORY_ASSERT(&report, "M/M/10 at a pod", NULL, "p99", 1e-3 * p99, 0.02, 0);
    report_free(&report);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_two),
    cmocka_unit_test(test_ten),
    cmocka_unit_test(test_hundred),
    cmocka_unit_test(test_few_pods_of_many_workers),
    cmocka_unit_test(test_queue_at_the_pod),
};

TEST_MAIN(tests)
