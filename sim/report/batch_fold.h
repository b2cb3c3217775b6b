/* SPDX-License-Identifier: GPL-3.0-or-later
   Intervals from the sections of one trace: Student's t over the values of twenty, around the
   value of the whole.  Where neighbours are correlated, ten longer ones are tried, and then
   none is trusted; nor is a percentile with too little evidence over them. */
#ifndef SIM_REPORT_BATCH_FOLD_H
#define SIM_REPORT_BATCH_FOLD_H

#include "sim/report/batch.h"
#include "sim/report/metric.h"
#include "sim/report/scope.h"
#include "sim/stats/interval.h"

enum { BATCH_FOLD_VALUES = BATCH_COUNT + BATCH_COUNT / 2 };

struct batch_fold {
    const struct batch_set *set; /* NULL: there are no sections to go by */
    enum scope_kind kind;
    bool is_known; /* the scope at hand has figures of sections */
    double (*values)[BATCH_FOLD_VALUES]; /* by metric: those of twenty, then those of ten */
    double (*beyond)[BATCH_FOLD_VALUES]; /* the same: exceedances */
};

void batch_fold_open(struct batch_fold *fold, const struct batch_set *set, size_t metrics,
                     struct arena *arena);
/* Turns to the member `index` of a scope; `part` is used and left cleared. */
void batch_fold_turn(struct batch_fold *fold, enum scope_kind kind, size_t index,
                     const struct summary *pooled, struct summary *part);

struct batch_interval {
    struct interval interval;
    unsigned sections; /* 0: there is no interval */
    const char *why;   /* there is none; NULL: not to be told */
};

/* Of a metric of the scope at hand. */
struct batch_interval batch_fold_interval(const struct batch_fold *fold, size_t metric,
                                          double value);

#endif
