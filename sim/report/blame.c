/* SPDX-License-Identifier: GPL-3.0-or-later
   Rows go to sums of 64 bits, which are emptied into wide ones long before they could overflow.
   How many requests a class has the histogram of latencies knows, so it is not counted here. */
#include "sim/report/blame.h"

#include "sim/engine/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((1 << BLAME_SHIFT) % HISTOGRAM_STRIDE == 0, "blame_count goes by strides");

void blame_open_empty(struct blame *blame)
{
    *blame = (struct blame){.count = BLAME_CLASSES};
    blame->sums = memory_zeroed(BLAME_CLASSES, sizeof *blame->sums);
}

void blame_open(struct blame *blame)
{
    blame_open_empty(blame);
    blame->recent = memory_zeroed(BLAME_CLASSES, sizeof *blame->recent);
}

void blame_free(struct blame *blame)
{
    free(blame->recent);
    free(blame->sums);
    *blame = (struct blame){0};
}

void blame_clear(struct blame *blame)
{
    if (blame->is_merged)
        memset(blame->sums, 0, BLAME_CLASSES * sizeof *blame->sums);
    blame->is_merged = false;
}

static void blame_empty_recent(struct blame *blame)
{
    for (uint32_t i = 0; i < BLAME_CLASSES; i++)
        for (int part = 0; part < PART_COUNT; part++)
            blame->sums[i][part] += blame->recent[i][part];
    memset(blame->recent, 0, BLAME_CLASSES * sizeof *blame->recent);
    blame->blocks = 0;
}

void blame_end_block(struct blame *blame)
{
    if (++blame->blocks == BLAME_BLOCKS)
        blame_empty_recent(blame);
}

/* A class without any latency has no other part either. */
static bool blame_is_empty(const struct blame *blame, uint32_t place)
{
    return blame->sums[place][PART_NETWORK] == 0;
}

void blame_close(struct blame *blame)
{
    CHECK(blame->recent != NULL);
    blame_empty_recent(blame);
    free(blame->recent);
    blame->recent = NULL;
    while (blame->count > 0 && blame_is_empty(blame, blame->count - 1))
        blame->count--;
    while (blame->first < blame->count && blame_is_empty(blame, blame->first))
        blame->first++;
    blame->count -= blame->first;
    size_t size = blame->count * sizeof *blame->sums;
    wide_uint(*kept)[PART_COUNT] = memory_take(blame->count + 1, sizeof *kept);
    memcpy(kept, blame->sums + blame->first, size);
    free(blame->sums);
    blame->sums = kept;
}

static void blame_clip(struct trace_row *row)
{
    sim_time *const stages[] = {&row->sent,    &row->received, &row->dispatched,
                                &row->arrived, &row->started,  &row->served};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (*stages[i] > row->ended)
            *stages[i] = row->ended;
}

void blame_cut(struct trace_row row, sim_time parts[PART_COUNT])
{
    blame_clip(&row);
    parts[PART_CLIENT] = row.sent - row.due;
    parts[PART_BALANCER] = row.dispatched - row.received;
    parts[PART_QUEUE] = row.started - row.arrived;
    parts[PART_SERVICE] = row.served - row.started;
    parts[PART_NETWORK] = row.ended - row.due - parts[PART_CLIENT] - parts[PART_BALANCER] -
                          parts[PART_QUEUE] - parts[PART_SERVICE];
}

void blame_add_clipped(struct blame *blame, struct trace_row row)
{
    sim_time latency = row.ended - row.due, parts[PART_COUNT];
    blame_cut(row, parts);
    parts[PART_NETWORK] = latency;
    wide_uint *ns = blame->sums[histogram_bucket(latency) >> BLAME_SHIFT];
    for (int part = 0; part < PART_COUNT; part++)
        ns[part] += (uint64_t)parts[part];
}

/* Of a class by its place in `sums`. */
static wide_uint blame_entry(const struct blame *blame, uint32_t place, enum part part)
{
    wide_uint ns = blame->sums[place][part];
    return blame->recent != NULL ? ns + blame->recent[place][part] : ns;
}

void blame_merge(struct blame *into, const struct blame *from)
{
    CHECK(into->count == BLAME_CLASSES && into->recent == NULL);
    into->is_merged |= from->count > 0;
    for (uint32_t i = 0; i < from->count; i++)
        for (int part = 0; part < PART_COUNT; part++)
            into->sums[from->first + i][part] += blame_entry(from, i, (enum part)part);
}

/* -- what is asked of it -- */

static wide_uint blame_part(const struct blame *blame, uint32_t place, enum part part)
{
    wide_uint ns = blame_entry(blame, place, part);
    for (int other = 0; part == PART_NETWORK && other < PART_COUNT; other++)
        if (other != PART_NETWORK)
            ns -= blame_entry(blame, place, (enum part)other);
    return ns;
}

/* The requests of a class. */
static uint64_t blame_count(const struct histogram *law, uint32_t class)
{
    const uint64_t *counts = law->counts + ((size_t)class << BLAME_SHIFT);
    uint64_t count = 0;
    for (int i = 0; i < 1 << BLAME_SHIFT; i += HISTOGRAM_STRIDE)
        count += histogram_sum_stride(counts + i);
    return count;
}

double blame_mean_beyond(const struct blame *blame, const struct histogram *law, double p,
                         enum part part)
{
    double beyond = (1 - p) * (double)law->count, left = beyond, split = 0;
    wide_uint whole = 0;
    if (!(beyond > 0))
        return NAN;
    for (uint32_t i = blame->count; i > 0 && left > 0; i--) {
        double count = (double)blame_count(law, blame->first + i - 1);
        wide_uint ns = blame_part(blame, i - 1, part);
        if (count <= left)
            whole += ns;
        else
            split = left / count * (double)ns;
        left -= count;
    }
    return ((double)whole + split) / beyond;
}
