/* SPDX-License-Identifier: GPL-3.0-or-later
   How latencies lay over time, for heat maps: of each window of a policy the requests by bands
   of latency, sixteen to a decade, all replications together. */
#ifndef SIM_REPORT_HEAT_H
#define SIM_REPORT_HEAT_H

#include "sim/engine/arena.h"
#include "sim/engine/output.h"
#include "sim/stats/histogram.h"

#include <stdint.h>

enum { HEAT_BANDS = 19 * 16 }; /* from 1 ns to the largest latency that there is */

/* One window. */
struct heat {
    const char *policy;
    double from, to; /* s */
    size_t first;    /* band of counts[0] */
    size_t count;    /* bands; 0: no request */
    const uint64_t *counts;
};

/* Where a band begins, in s: 1.00, 1.15, 1.33 … 8.66 times a power of ten.  It ends where the
   next one begins. */
double heat_edge(size_t band);

/* Of a window's latencies; the counts are from `arena`, the rest is for the caller to fill. */
struct heat heat_of(const struct histogram *histogram, struct arena *arena);

/* heatmap.csv: a line for each window, a column for each band. */
void heat_write(const struct heat *heats, size_t count, const char *scenario,
                struct output *output);
/* What heat_write wrote; counts and texts from `arena`, `heats` to be freed.  False after a line
   in `message`. */
bool heat_read(const char *path, struct arena *arena, struct heat **heats, size_t *count,
               char *message, size_t size);

#endif
