/* SPDX-License-Identifier: GPL-3.0-or-later
   A rate that changes with time: a factor on the rate of any arrival process, as a curve of
   straight pieces.  The process runs on its own clock, which the curve bends, so that the
   process keeps its character (its cv, its bursts) while its pace changes. */
#ifndef MODELS_RATE_H
#define MODELS_RATE_H

#include "sim/engine/param.h"

/* From `from` ns on the factor is `factor` + `slope` * (time - from). */
struct rate_piece {
    double from, factor, slope;
    double area; /* integral of the factor up to `from` */
};

struct rate_curve {
    struct rate_piece *pieces; /* the first from 0 */
    size_t count;
    double period; /* ns after which it repeats; 0: the last piece goes on for ever */
    double period_area;
};

extern const struct kind_list rate_kinds;

/* Where a reader of rising clock times stands; zeroed at the start. */
struct rate_cursor {
    size_t piece;
    double turn_from, turn_area; /* of the current period */
};

/* The time at which the integral of the factor reaches `area`, for rising areas; INFINITY
   where it never does.  An absent kind gives `area` back. */
double rate_time(const struct param_kind *rate, struct rate_cursor *cursor, double area);

/* Mean factor over the first `duration` ns. */
double rate_mean(const struct param_kind *rate, double duration);

#endif
