/* SPDX-License-Identifier: GPL-3.0-or-later
   Whether intervals hold what they say: many short experiments on M/M/1, each with a report of
   its own, and in how many of them the 95 % interval covers the exact value. */
#ifndef TESTS_THEORY_COVERAGE_H
#define TESTS_THEORY_COVERAGE_H

#include "tests/theory/theory.h"

/* Unit of time: the mean service, 1 ms. */
struct coverage_plan {
    unsigned experiments, replications; /* of one, intervals are from its sections */
    double load;
    unsigned requests, warmup; /* of a replication, on average, after the warm-up; ms */
};

/* Experiments whose interval covers, and that had one: evidence can be too thin for p99. */
struct coverage_count {
    unsigned hits, of;
};

struct coverage {
    struct coverage_count mean, p99;
};

static inline void coverage_add(struct coverage_count *count, const struct report *report,
                                const char *metric, double exact)
{
    const struct measure *found = report_find(report, "random", "all", metric);
    count->hits += found->low <= exact && exact <= found->high;
    count->of += isnan(found->low) ? 0 : 1;
}

static inline struct coverage coverage_run(const struct coverage_plan *plan)
{
    struct coverage coverage = {0};
    double mean = 1e-3 / (1 - plan->load);
    for (unsigned i = 0; i < plan->experiments; i++) {
        struct report report;
        THEORY_REPORT(&report,
                      "run: {duration: %.0fms, warmup: %ums, replications: %u, seed: %u}\n"
                      "clients: [{arrivals: {poisson: {rate: %.17g/s}}, "
                      "demand: {exponential: {mean: 1ms}}}]\n"
                      "pods: [{count: 1}]\n"
                      "balancers: [{policy: random}]\n",
                      plan->requests / plan->load + plan->warmup, plan->warmup,
                      plan->replications, 1000 + i, 1000 * plan->load);
        coverage_add(&coverage.mean, &report, "mean", mean);
        coverage_add(&coverage.p99, &report, "p99", mean * log(100));
        report_free(&report);
    }
    return coverage;
}

static inline void coverage_assert(const char *metric, struct coverage_count count,
                                   const struct coverage_plan *plan, double low, double high)
{
    double share = (double)count.hits / count.of;
    double half = 1.96 * sqrt(0.95 * 0.05 / count.of);
    double told = plan->replications > 1 ? 0.98 : 0.9; /* sections may be correlated */
    bool holds = low <= share && share <= high && count.of >= told * plan->experiments;
    char what[80];
    snprintf(what, sizeof what, "coverage of 95 %% intervals%s, M/M/1 rho %.2g",
             plan->replications > 1 ? "" : " of one trace", plan->load);
    theory_print(what, metric, "random", 0.95, share, half, holds);
    if (!holds)
        fail_msg("%s: %u of %u intervals of %u experiments cover the exact value: %.1f to "
                 "%.1f %% wanted", metric, count.hits, count.of, plan->experiments, 100 * low,
                 100 * high);
}

#endif
