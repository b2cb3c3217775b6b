/* SPDX-License-Identifier: GPL-3.0-or-later
   Log-linear histogram of whole nanoseconds: 1024 buckets an octave, so a quantile is within
   0.1 % of the exact one wherever it falls in its bucket; count, sums, least and largest are
   exact.  Merging adds counts and is the same in any order. */
#ifndef SIM_STATS_HISTOGRAM_H
#define SIM_STATS_HISTOGRAM_H

#include "sim/engine/clock.h"
#include "sim/engine/rng.h" /* wide_uint */

enum { HISTOGRAM_BITS = 10, HISTOGRAM_BUCKETS = (64 - HISTOGRAM_BITS) << HISTOGRAM_BITS };

struct histogram {
    uint64_t *counts; /* HISTOGRAM_BUCKETS of them, most never touched */
    uint64_t count;
    wide_uint sum, sum_of_squares;
    sim_time least, largest; /* SIM_NEVER and 0 when empty */
};

/* The bucket of a value >= 0. */
static inline uint32_t histogram_bucket(sim_time value)
{
    uint64_t v = (uint64_t)value;
    unsigned top = 63u - (unsigned)__builtin_clzll(v | (1u << HISTOGRAM_BITS));
    unsigned shift = top - HISTOGRAM_BITS;
    return (shift << HISTOGRAM_BITS) + (uint32_t)(v >> shift);
}

/* The least and the largest whole number of a bucket. */
sim_time histogram_low(uint32_t bucket);
sim_time histogram_high(uint32_t bucket);

enum { HISTOGRAM_STRIDE = 16 }; /* buckets that loops pass over at once where all are empty */

/* The sum of that many. */
static inline uint64_t histogram_sum_stride(const uint64_t *counts)
{
    uint64_t sum = 0;
    for (int i = 0; i < HISTOGRAM_STRIDE; i++)
        sum += counts[i];
    return sum;
}

/* The counts come from the heap, not from an arena, because untouched pages of a large
   zeroed piece cost no memory there. */
void histogram_init(struct histogram *histogram);
void histogram_free(struct histogram *histogram); /* leaves it zeroed; a zeroed one is fine */
static inline void histogram_add(struct histogram *histogram, sim_time value)
{
    histogram->counts[histogram_bucket(value)]++;
    histogram->count++;
    histogram->sum += (uint64_t)value;
    histogram->sum_of_squares += (wide_uint)(uint64_t)value * (uint64_t)value;
    if (value < histogram->least)
        histogram->least = value;
    if (value > histogram->largest)
        histogram->largest = value;
}
/* For a histogram whose sums are known from elsewhere: adds to the bucket and to nothing
   else.  histogram_settle then finds count, least and largest (as the edges of their
   buckets) before anything is asked of it; the sums stay 0. */
static inline void histogram_mark(struct histogram *histogram, sim_time value)
{
    histogram->counts[histogram_bucket(value)]++;
}
void histogram_settle(struct histogram *histogram);
/* The same where all values are known to be within two others; the sums stay as they are. */
void histogram_settle_within(struct histogram *histogram, sim_time least, sim_time largest);

void histogram_merge(struct histogram *into, const struct histogram *from);
void histogram_clear(struct histogram *histogram);

/* The p-quantile, 0 <= p <= 1, interpolated inside its bucket and kept within least and
   largest; NaN when empty. */
double histogram_quantile(const struct histogram *histogram, double p);
/* How many values lie above `value`, counting the bucket of `value` by interpolation. */
double histogram_above(const struct histogram *histogram, double value);
/* How many values of `part` lie beyond the p-quantile of `whole`.  The quantile's own bucket
   is split in the proportion in which it is split in `whole`, so the figures of all parts
   add up to (1 - p) * whole->count even where many values are equal. */
double histogram_beyond(const struct histogram *part, const struct histogram *whole,
                        double p);
double histogram_mean(const struct histogram *histogram);      /* NaN when empty */
double histogram_deviation(const struct histogram *histogram); /* population; NaN */

#endif
