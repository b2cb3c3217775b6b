/* SPDX-License-Identifier: GPL-3.0-or-later
   Comparisons of whole experiments against the truth: how often the paired interval of the
   ratio of two policies holds it, and how often a policy is told from itself.  With CASES of
   them the standard error of a share of 95 % is 1.6 points; the bounds are three of these,
   so a right method misses one of them in about 200 seeds. */
#include "sim/stats/contrast.h"
#include "tests/theory/theory.h"

enum { CASES = 180 };

static void test_share(const char *what, int count, double exact)
{
    double share = (double)count / CASES, half = 1.96 * sqrt(0.95 * 0.05 / CASES);
    bool holds = fabs(share - exact) <= 0.049;
    theory_print(what, "p99", "round_robin against random", exact, share, half, holds);
    if (!holds)
        fail_msg("%s: %d of %d, %.0f %% within 4.9 points wanted", what, count, CASES,
                 100 * exact);
}

/* Two pods at load 0.9: under random two M/M/1 queues, under round robin two E2/M/1 queues, whose
   p99 is exp(-0.275980) of theirs (root of the equation of GI/M/1). */
static void the_ratio_of_two_policies_is_covered(void **state)
{
    (void)state;
    const double truth = exp(-0.275980);
    int covered = 0, told = 0;
    double last[20] = {0};
    for (int i = 0; i < CASES; i++) {
        struct report report;
        THEORY_REPORT(&report,
                      "run: {duration: 31s, warmup: 3s, replications: 20, seed: %d}\n"
                      "clients: [{arrivals: {poisson: {rate: 1800/s}}, "
                      "demand: {exponential: {mean: 1ms}}}]\n"
                      "pods: [{name: pod, count: 2}]\n"
                      "balancers: [{policy: [random, round_robin]}]\n",
                      5000 + i);
        const struct measure *a = report_find(&report, "random", "all", "p99");
        const struct measure *b = report_find(&report, "round_robin", "all", "p99");
        struct contrast contrast = contrast_paired(a->values, b->values, 20);
        covered += contrast.low <= truth && truth <= contrast.high;
        if (i > 0) /* the same policy under another seed */
            told += contrast_unpaired(last, 20, b->values, 20).p <= 0.05;
        memcpy(last, b->values, sizeof last);
        report_free(&report);
    }
    test_share("coverage of the paired ratio of two policies", covered, 0.95);
    test_share("a policy told from itself under other seeds", told, 0.05);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_ratio_of_two_policies_is_covered),
};

TEST_MAIN(tests)
