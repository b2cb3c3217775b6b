/* SPDX-License-Identifier: GPL-3.0-or-later
   Runs held against queueing theory: all replications of all policies of a scenario as a
   report, and its measures against exact values.  The tolerance is the report's own interval
   widened from 95 % to 99.99 %, so a right simulator with other seeds would fail once in
   10^4 assertions; seeds are fixed, so a test passes for good or not at all. */
#ifndef TESTS_THEORY_THEORY_H
#define TESTS_THEORY_THEORY_H

#include "sim/report/report.h"
#include "sim/stats/interval.h"
#include "tests/theory/scene.h"

#define THEORY_LEVEL 0.9999

static inline void theory_take(void *context, const struct trace_row *rows, size_t count)
{
    tally_rows(*(struct tally **)context, rows, count);
}

/* Adds a policy under its label.  Worlds live until then: the tallies read their rosters. */
static inline void theory_add(const struct scene *scene, size_t policy, struct report *report)
{
    size_t count = scenario_replications(scene->scenario);
    struct world **worlds = memory_zeroed(count, sizeof *worlds);
    struct tally **tallies = memory_zeroed(count, sizeof *tallies);
    uint64_t *spare = NULL;
    for (size_t i = 0; i < count; i++) {
        struct world_order order = {
            .scenario = scene->scenario,
            .policy = scene_policy(scene, policy),
            .replication = i + 1,
            .sink = {theory_take, &tallies[i]},
        };
        worlds[i] = world_build(&order);
        tallies[i] = tally_open(world_roster(worlds[i]));
        tally_reuse(tallies[i], &spare);
        if (i == 0)
            tally_divide(tallies[i]);
        world_run(worlds[i]);
        tally_close(tallies[i]);
    }
    report_add_policy(report, scene_policy(scene, policy)->label, tallies, count);
    for (size_t i = 0; i < count; i++) {
        tally_free(tallies[i]);
        world_free(worlds[i]);
    }
    free(spare);
    free(tallies);
    free(worlds);
}

static inline struct report theory_report(const struct scene *scene)
{
    struct report report = {0};
    for (size_t policy = 0; policy < scene_policies(scene); policy++)
        theory_add(scene, policy, &report);
    return report;
}

/* Opens, reports, closes. */
#define THEORY_REPORT(report, ...) \
    do { \
        struct scene theory_scene; \
        scene_open(&theory_scene, __VA_ARGS__); \
        *(report) = theory_report(&theory_scene); \
        scene_close(&theory_scene); \
    } while (0)

/* Of the first policy where `policy` is NULL. */
static inline const struct measure *theory_find(const struct report *report,
                                                const char *policy, const char *metric)
{
    if (policy == NULL)
        policy = report->measures[0].policy;
    const struct measure *found = report_find(report, policy, "all", metric);
    if (found == NULL || isnan(found->value) || isnan(found->high))
        fail_msg("%s of %s: no value with an interval: %s", metric, policy,
                 found != NULL && found->note != NULL ? found->note : "?");
    return found;
}

struct theory_claim {
    const char *policy; /* NULL: the first */
    const char *metric;
    double exact;
    double bound; /* the interval's half-width is at most this share of `exact` */
    double slack; /* what the theory itself leaves open, as a share of `exact` */
};

/* One line of the table that `make validate` makes of the logs: scripts/validation-table. */
static inline void theory_print(const char *what, const char *metric, const char *policy,
                                double exact, double found, double half, bool holds)
{
    print_message("    claim: %s: %s of %s: exact %.6g, found %.6g ± %.2g: %s\n", what, metric,
                  policy, exact, found, half, holds ? "holds" : "does not hold");
}

static inline void theory_assert(const struct report *report, const char *what,
                                 struct theory_claim claim, const char *file, int line)
{
    const struct measure *found = theory_find(report, claim.policy, claim.metric);
    size_t degrees = report->replications - 1;
    double half = found->high - found->value;
    double tolerance = half * interval_t(THEORY_LEVEL, degrees) / interval_t(0.95, degrees) +
                       claim.slack * claim.exact;
    bool holds = fabs(found->value - claim.exact) <= tolerance;
    theory_print(what, claim.metric, found->policy, claim.exact, found->value, half, holds);
    if (!holds) {
        print_error("%s: %s: found %.9g, exact %.9g: off by %.3g, allowed %.3g\n", what,
                    claim.metric, found->value, claim.exact, found->value - claim.exact,
                    tolerance);
        _fail(file, line);
    }
    if (!(half <= claim.bound * claim.exact)) {
        print_error("%s: %s: the interval ±%.3g says too little: ±%.3g wanted\n", what,
                    claim.metric, half, claim.bound * claim.exact);
        _fail(file, line);
    }
}

/* `...`: the initialiser of a theory_claim. */
#define THEORY_ASSERT(report, what, ...) \
    theory_assert(report, what, (struct theory_claim){__VA_ARGS__}, __FILE__, __LINE__)

/* Least t with tail(t) <= 1 - p, of a falling tail. */
static inline double theory_quantile(double (*tail)(double t, const void *law),
                                     const void *law, double p)
{
    double low = 0, high = 1;
    while (tail(high, law) > 1 - p)
        high *= 2;
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;
        *(tail(middle, law) > 1 - p ? &low : &high) = middle;
    }
    return high;
}

#endif
