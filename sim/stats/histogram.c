/* SPDX-License-Identifier: GPL-3.0-or-later
   Quantiles and counts from log-linear buckets.  Bucket b holds the whole numbers from
   histogram_low(b) on, 2^shift of them; loops run from the bucket of the least value to that
   of the largest, so a narrow law costs little. */
#include "sim/stats/histogram.h"

#include "sim/engine/check.h"
#include "sim/stats/moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void histogram_init(struct histogram *histogram)
{
    *histogram = (struct histogram){.least = SIM_NEVER};
    histogram->counts = memory_zeroed(HISTOGRAM_BUCKETS, sizeof(*histogram->counts));
}

void histogram_free(struct histogram *histogram)
{
    free(histogram->counts);
    *histogram = (struct histogram){0};
}

sim_time histogram_low(uint32_t bucket)
{
    uint32_t octave = bucket >> HISTOGRAM_BITS;
    uint32_t shift = octave > 0 ? octave - 1 : 0;
    return (sim_time)((uint64_t)(bucket - (shift << HISTOGRAM_BITS)) << shift);
}

sim_time histogram_high(uint32_t bucket)
{
    return bucket + 1 < HISTOGRAM_BUCKETS ? histogram_low(bucket + 1) - 1 : SIM_NEVER;
}

void histogram_settle_within(struct histogram *histogram, sim_time least, sim_time largest)
{
    const uint64_t *counts = histogram->counts;
    uint32_t first = histogram_bucket(least), last = histogram_bucket(largest);
    uint64_t count = 0;
    histogram->count = 0;
    histogram->least = SIM_NEVER;
    histogram->largest = 0;
    if (least > largest)
        return;
    while (first + HISTOGRAM_STRIDE <= last && histogram_sum_stride(counts + first) == 0)
        first += HISTOGRAM_STRIDE;
    while (first < last && counts[first] == 0)
        first++;
    while (first + HISTOGRAM_STRIDE <= last &&
           histogram_sum_stride(counts + last + 1 - HISTOGRAM_STRIDE) == 0)
        last -= HISTOGRAM_STRIDE;
    while (first < last && counts[last] == 0)
        last--;
    for (uint32_t i = first; i <= last; i++)
        count += counts[i];
    if (count == 0)
        return;
    histogram->count = count;
    histogram->least = histogram_low(first);
    histogram->largest = histogram_high(last);
}

void histogram_settle(struct histogram *histogram)
{
    *histogram = (struct histogram){.counts = histogram->counts};
    histogram_settle_within(histogram, 0, SIM_NEVER);
}

static void histogram_add_stride(uint64_t *restrict into, const uint64_t *restrict from)
{
    for (int i = 0; i < HISTOGRAM_STRIDE; i++)
        into[i] += from[i];
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    if (from->count == 0)
        return;
    uint32_t last = histogram_bucket(from->largest), i = histogram_bucket(from->least);
    for (; last - i >= HISTOGRAM_STRIDE && i < last; i += HISTOGRAM_STRIDE)
        if (histogram_sum_stride(from->counts + i) > 0) /* or a page is touched for nothing */
            histogram_add_stride(into->counts + i, from->counts + i);
    for (; i <= last; i++)
        if (from->counts[i] > 0)
            into->counts[i] += from->counts[i];
    into->count += from->count;
    into->sum += from->sum;
    into->sum_of_squares += from->sum_of_squares;
    if (from->least < into->least)
        into->least = from->least;
    if (from->largest > into->largest)
        into->largest = from->largest;
}

void histogram_clear(struct histogram *histogram)
{
    uint64_t *counts = histogram->counts;
    if (histogram->count > 0) {
        uint32_t first = histogram_bucket(histogram->least);
        uint32_t last = histogram_bucket(histogram->largest);
        memset(counts + first, 0, (last - first + 1) * sizeof(*counts));
    }
    *histogram = (struct histogram){.counts = counts, .least = SIM_NEVER};
}

/* Where the values of a bucket lie at most: within the bucket, and within the least and the
   largest value of all. */
static void histogram_span(const struct histogram *histogram, uint32_t bucket,
                           double *low, double *high)
{
    sim_time first = histogram_low(bucket);
    sim_time last = histogram_high(bucket);
    *low = (double)(first > histogram->least ? first : histogram->least);
    *high = (double)(last < histogram->largest ? last : histogram->largest);
}

/* The bucket in which the first p * count values end, and the share of its own values that
   is among them.  Not for an empty histogram. */
static uint32_t histogram_find(const struct histogram *histogram, double p, double *share)
{
    double rank = p * (double)histogram->count;
    uint32_t bucket = histogram_bucket(histogram->least);
    uint32_t last = histogram_bucket(histogram->largest);
    uint64_t below = 0, limit = (uint64_t)rank; /* rank rounded up */
    limit += (double)limit < rank;
    while (bucket + HISTOGRAM_STRIDE <= last) {
        uint64_t stride = histogram_sum_stride(histogram->counts + bucket);
        if (below + stride >= limit)
            break;
        below += stride;
        bucket += HISTOGRAM_STRIDE;
    }
    while (bucket < last && below + histogram->counts[bucket] < limit)
        below += histogram->counts[bucket++];
    *share = (rank - (double)below) / (double)histogram->counts[bucket];
    if (!(*share < 1))
        *share = 1;
    return bucket;
}

double histogram_quantile(const struct histogram *histogram, double p)
{
    if (histogram->count == 0)
        return NAN;
    double share, low, high;
    histogram_span(histogram, histogram_find(histogram, p, &share), &low, &high);
    return low + share * (high - low);
}

static uint64_t histogram_after(const struct histogram *histogram, uint32_t bucket)
{
    uint64_t after = 0;
    for (uint32_t i = histogram_bucket(histogram->largest); i > bucket; i--)
        after += histogram->counts[i];
    return after;
}

double histogram_above(const struct histogram *histogram, double value)
{
    if (isnan(value))
        return NAN;
    if (histogram->count == 0 || value >= (double)histogram->largest)
        return 0;
    if (value < (double)histogram->least)
        return (double)histogram->count;
    uint32_t bucket = histogram_bucket((sim_time)value);
    double low, high;
    histogram_span(histogram, bucket, &low, &high);
    double above = value < high ? (high - value) / (high - low) : 0;
    return (double)histogram_after(histogram, bucket) +
           above * (double)histogram->counts[bucket];
}

double histogram_beyond(const struct histogram *part, const struct histogram *whole,
                        double p)
{
    if (part->count == 0 || whole->count == 0)
        return 0;
    double share;
    uint32_t bucket = histogram_find(whole, p, &share);
    return (double)histogram_after(part, bucket) +
           (1 - share) * (double)part->counts[bucket];
}

static struct moments histogram_moments(const struct histogram *histogram)
{
    return (struct moments){.count = histogram->count,
                            .largest = (uint64_t)histogram->largest,
                            .sum = histogram->sum,
                            .squares = histogram->sum_of_squares};
}

double histogram_mean(const struct histogram *histogram)
{
    struct moments moments = histogram_moments(histogram);
    return moments_mean(&moments);
}

double histogram_deviation(const struct histogram *histogram)
{
    struct moments moments = histogram_moments(histogram);
    return moments_deviation(&moments);
}
