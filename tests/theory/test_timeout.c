/* SPDX-License-Identifier: GPL-3.0-or-later
   Impatience.  A client that gives up after t changes nothing at the pod, which does the
   work all the same: M/M/1 with P(timeout) = e^-(mu - lambda) t and utilisation rho.  A
   balancer that lets go of who has waited t spares the pod: M/M/1+D (Barrer 1957). */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

/* Times in mean services of 1 ms. */
static struct report run_timeout(double load, const char *timeout, const char *balancer)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 130s, warmup: 10s, replications: 20, seed: 70}\n"
                  "clients: [{arrivals: {poisson: {rate: %.0f/s}}, timeout: %s, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1}]\n"
                  "balancers: [{policy: random%s}]\n", load * 1e3, timeout, balancer);
    return report;
}

static void test_clients_give_up(void **state)
{
    (void)state;
    const double load = 0.8, t = 8, rate = 1 - load;
    struct report report = run_timeout(load, "8ms", "");
    double late = exp(-rate * t), mean = (1 - late) / rate;
    THEORY_ASSERT(&report, "M/M/1, timeout", NULL, "timeout", late, 0.04, 0);
    THEORY_ASSERT(&report, "M/M/1, timeout", NULL, "error_rate", late, 0.04, 0);
    THEORY_ASSERT(&report, "M/M/1, timeout", NULL, "throughput", 1e3 * load * (1 - late), 0.02,
                  0);
    THEORY_ASSERT(&report, "M/M/1, timeout", NULL, "utilisation", load, 0.01, 0);
    /* Who gives up counts with the time that they waited: E[min(T, t)]. */
    THEORY_ASSERT(&report, "M/M/1, timeout", NULL, "mean", 1e-3 * mean, 0.02, 0);
    const struct measure *p99 = theory_find(&report, NULL, "p99");
    ASSERT_NEAR(p99->value, 8e-3, 1e-5);
    /* Those answered: exponential, cut at t. */
    double ok_p99 = -log(1 - 0.99 * (1 - late)) / rate;
    THEORY_ASSERT(&report, "M/M/1, timeout", NULL, "ok_p99", 1e-3 * ok_p99, 0.01, 0);
    report_free(&report);
}

/* The work before an arrival has density lambda p0 e^-(mu - lambda) x up to t, and
   e^lambda t e^-mu x instead beyond; who finds more than t is lost. */
static void assert_barrer(double load, const char *timeout, double t)
{
    char balancer[80], what[48];
    snprintf(balancer, sizeof balancer, ", max_in_flight: 1, queue: {timeout: %s}", timeout);
    snprintf(what, sizeof what, "M/M/1+D rho %.2g", load);
    struct report report = run_timeout(load, "none", balancer);
    double rate = 1 - load, tail = exp(-rate * t);
    double idle = 1 / (1 + load / rate * (1 - tail) + load * tail);
    THEORY_ASSERT(&report, what, NULL, "queue_timeout", idle * load * tail, 0.04, 0);
    THEORY_ASSERT(&report, what, NULL, "utilisation", 1 - idle, 0.01, 0);
    report_free(&report);
}

static void test_balancer_lets_go(void **state)
{
    (void)state;
    assert_barrer(0.8, "5ms", 5);
    assert_barrer(1.3, "3ms", 3);
}

/* A client that gives up after t stops the pod too: nobody has more than t of work before and
   with them, a dam of that height.  Its density is that of M/M/1 up to t, lambda p0
   e^-(mu - lambda) x, and p0 e^-(mu - lambda) t is the chance to overflow, which is to time
   out. */
static void assert_dam(double load, const char *timeout, double t)
{
    char what[48];
    snprintf(what, sizeof what, "cancelled, rho %.2g", load);
    struct report report = run_timeout(load, timeout, ", cancel: true");
    double rate = 1 - load, tail = exp(-rate * t);
    double idle = 1 / (1 + load / rate * (1 - tail));
    THEORY_ASSERT(&report, what, NULL, "timeout", idle * tail, 0.04, 0);
    THEORY_ASSERT(&report, what, NULL, "utilisation", 1 - idle, 0.01, 0);
    report_free(&report);
}

static void test_clients_cancel(void **state)
{
    (void)state;
    assert_dam(0.8, "5ms", 5);
    assert_dam(1.3, "4ms", 4);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_clients_give_up),
    cmocka_unit_test(test_balancer_lets_go),
    cmocka_unit_test(test_clients_cancel),
};

TEST_MAIN(tests)
