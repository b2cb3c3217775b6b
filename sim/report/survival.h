/* SPDX-License-Identifier: GPL-3.0-or-later
   Which verdicts of a comparison survive when the scenario is changed a little, many times:
   for each comparison how often it came out lower, higher, or neither. */
#ifndef SIM_REPORT_SURVIVAL_H
#define SIM_REPORT_SURVIVAL_H

#include "sim/report/compare.h"

/* One comparison of the scenario as it stands, over the perturbations. */
struct survival {
    const struct comparison *base;
    size_t lower, neither, higher, missing; /* perturbations; neither: open or equal */
    size_t same;                            /* of them with the verdict of the base */
    double least, most;                     /* change, over those that have one; NaN: none */
};

/* How often a policy was among the best by a metric. */
struct survival_leader {
    const char *metric, *policy;
    size_t times;
};

struct survival_table {
    const char *what; /* "black-hole: policies against round_robin" */
    double share;     /* 0.3 */
    size_t times, overloaded;
    double load_least, load_most; /* offered; NaN: unknown */
    struct survival *items;
    size_t count;
    struct survival_leader *leaders;
    size_t leader_count;
};

/* Adds a perturbation: its family has the comparisons of the base in the same order, but for
   those without figures. */
void survival_add(struct survival_table *table, const struct compare_family *family);

void survival_render(const struct survival_table *table, enum report_format format,
                     bool color, struct output *output);

#endif
