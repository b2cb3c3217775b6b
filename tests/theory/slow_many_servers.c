/* SPDX-License-Identifier: GPL-3.0-or-later
   Many servers, long: Erlang C in its tail, Erlang's E_n/M/1 behind round robin, and the
   mean-field limit of two choices with ten thousand pods, which no slack excuses. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

static void test_erlang_c(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 210s, warmup: 10s, replications: 40, seed: 60}\n"
                  "clients: [{arrivals: {poisson: {rate: 9.5/ms}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 10}]\n"
                  "balancers: [{policy: central_queue}]\n");
    const struct queueing_mmc queue = {10, 0.95};
    THEORY_ASSERT(&report, "M/M/10", NULL, "mean", 1e-3 * (1 + queueing_mmc_wait(&queue)), 0.01,
                  0);
    static const char *const metrics[] = {"p50", "p99", "p99.9"};
    static const double levels[] = {0.5, 0.99, 0.999};
    for (int i = 0; i < 3; i++) {
        double exact = 1e-3 * theory_quantile(queueing_mmc_tail, &queue, levels[i]);
        THEORY_ASSERT(&report, "M/M/10", NULL, metrics[i], exact, 0.03, 0);
    }
    report_free(&report);
}

static double gaps_erlang(double s, const void *law)
{
    (void)law;
    return pow(9.5 / (9.5 + s), 10);
}

static void test_round_robin(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 420s, warmup: 20s, replications: 20, seed: 61}\n"
                  "clients: [{arrivals: {poisson: {rate: 9.5/ms}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 10}]\n"
                  "balancers: [{policy: round_robin}]\n");
    double mean = 1e-3 / (1 - queueing_gim1_sigma(gaps_erlang, NULL));
    THEORY_ASSERT(&report, "E10/M/1", NULL, "mean", mean, 0.01, 0);
    THEORY_ASSERT(&report, "E10/M/1", NULL, "p99", mean * log(100), 0.02, 0);
    report_free(&report);
}

/* Of very many pods a share rho^(2^i - 1) holds i or more. */
static void test_two_choices(void **state)
{
    (void)state;
    static const double loads[] = {0.7, 0.9};
    for (int l = 0; l < 2; l++) {
        struct report report;
        THEORY_REPORT(&report,
                      "run: {duration: 220ms, warmup: 120ms, replications: 20, seed: 62}\n"
                      "clients: [{arrivals: {poisson: {rate: %.0f/ms}}, "
                      "demand: {exponential: {mean: 1ms}}}]\n"
                      "pods: [{count: 10000}]\n"
                      "balancers: [{policy: p2c}]\n", loads[l] * 10000);
        struct queueing_found law = {.count = 12};
        for (unsigned i = 0; i < law.count; i++)
            law.found[i] = pow(loads[l], ldexp(1, (int)i + 1) - 2) -
                           pow(loads[l], ldexp(1, (int)i + 2) - 2);
        double p99 = theory_quantile(queueing_found_tail, &law, 0.99);
        /* What 10 000 are off the limit: about 1 / n (1 - rho). */
        double slack = 1e-4 / (1 - loads[l]);
        THEORY_ASSERT(&report, "2 of 10000", NULL, "mean", 1e-3 * queueing_found_mean(&law),
                      0.003, slack);
        THEORY_ASSERT(&report, "2 of 10000", NULL, "p99", 1e-3 * p99, 0.005, slack);
        report_free(&report);
    }
}

/* The shorter of two queues, exactly: the balance equations of both lengths, by iteration. */
enum { LONGEST = 80 };

static void solve_two(double load, struct queueing_found *law)
{
    static double now[LONGEST][LONGEST], next[LONGEST][LONGEST];
    double rate = 2 * load + 2;
    memset(now, 0, sizeof now);
    now[0][0] = 1;
    for (int turn = 0; turn < 12000; turn++) {
        memset(next, 0, sizeof next);
        for (int i = 0; i < LONGEST - 1; i++)
            for (int k = 0; k < LONGEST - 1; k++) {
                double here = now[i][k] / rate, left = i < k ? 1 : i > k ? 0 : 0.5;
                next[i + 1][k] += here * 2 * load * left;
                next[i][k + 1] += here * 2 * load * (1 - left);
                next[i > 0 ? i - 1 : 0][k] += here;
                next[i][k > 0 ? k - 1 : 0] += here;
            }
        memcpy(now, next, sizeof now);
    }
    *law = (struct queueing_found){.count = LONGEST};
    for (int i = 0; i < LONGEST; i++)
        for (int k = 0; k < LONGEST; k++)
            law->found[i < k ? i : k] += now[i][k];
}

static void test_shorter_of_two(void **state)
{
    (void)state;
    static const double loads[] = {0.5, 0.8};
    for (int l = 0; l < 2; l++) {
        struct report report;
        THEORY_REPORT(&report,
                      "run: {duration: 310s, warmup: 10s, replications: 20, seed: 63}\n"
                      "clients: [{arrivals: {poisson: {rate: %.1f/ms}}, "
                      "demand: {exponential: {mean: 1ms}}}]\n"
                      "pods: [{count: 2}]\n"
                      "balancers: [{policy: [jsq, least_connections]}]\n", 2 * loads[l]);
        struct queueing_found law;
        solve_two(loads[l], &law);
        double p99 = theory_quantile(queueing_found_tail, &law, 0.99);
        static const char *const policies[] = {"jsq", "least_connections"};
        for (int i = 0; i < 2; i++) {
            THEORY_ASSERT(&report, "the shorter of 2 queues", policies[i], "mean",
                          1e-3 * queueing_found_mean(&law), 0.005, 0);
            THEORY_ASSERT(&report, "the shorter of 2 queues", policies[i], "p99", 1e-3 * p99,
                          0.015, 0);
        }
        report_free(&report);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shorter_of_two),
    cmocka_unit_test(test_erlang_c),
    cmocka_unit_test(test_round_robin),
    cmocka_unit_test(test_two_choices),
};

TEST_MAIN(tests)
