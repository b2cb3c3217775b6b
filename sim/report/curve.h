/* SPDX-License-Identifier: GPL-3.0-or-later
   The distribution of a policy's latencies, thinned to what a picture can show: points of the
   complementary distribution, even in body and tail when both axes are logarithmic. */
#ifndef SIM_REPORT_CURVE_H
#define SIM_REPORT_CURVE_H

#include "sim/engine/arena.h"
#include "sim/engine/output.h"
#include "sim/stats/histogram.h"

#include <stdint.h>

struct curve_point {
    double latency; /* s, as close as the histogram has it */
    uint64_t above; /* requests that took longer */
};

/* Points by rising latency: the first has all requests above it, the last none. */
struct curve {
    const char *policy, *scope;
    const struct curve_point *points;
    size_t count;
};

/* Client groups of a policy that have curves; with more of them, or one alone, none has. */
enum { CURVE_CLIENTS_MAX = 20 };

/* Thins a histogram; memory from `arena`, which must own the texts too.  No points where the
   histogram is empty. */
struct curve curve_of(const struct histogram *histogram, const char *policy,
                      const char *scope, struct arena *arena);

/* All requests behind a curve. */
static inline uint64_t curve_total(const struct curve *curve)
{
    return curve->count == 0 ? 0 : curve->points[0].above;
}

/* The latency that a share p of the requests stays at or below, from the points; NaN without
   points. */
double curve_quantile(const struct curve *curve, double p);

/* latency.csv. */
void curve_write(const struct curve *curves, size_t count, const char *scenario,
                 struct output *output);
/* What curve_write wrote; points and texts from `arena`, `curves` to be freed.  False after a
   line in `message`. */
bool curve_read(const char *path, struct arena *arena, struct curve **curves, size_t *count,
                char *message, size_t size);

#endif
