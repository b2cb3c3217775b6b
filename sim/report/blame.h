/* SPDX-License-Identifier: GPL-3.0-or-later
   Where the time of the slowest requests went: the parts of their latencies, added up by
   classes of latency, 16 an octave.  Whole numbers, the same for the same rows in any order. */
#ifndef SIM_REPORT_BLAME_H
#define SIM_REPORT_BLAME_H

#include "sim/stats/histogram.h"
#include "sim/trace/row.h"

#include <stdbool.h>

/* The parts of a latency; they add up to it. */
enum part {
    PART_CLIENT,  /* due to sent */
    PART_NETWORK, /* both hops and the reply: what the others leave */
    PART_BALANCER,
    PART_QUEUE,
    PART_SERVICE,
    PART_COUNT
};

/* A class is a run of buckets of a histogram. */
enum {
    BLAME_SHIFT = HISTOGRAM_BITS - 4,
    BLAME_CLASSES = HISTOGRAM_BUCKETS >> BLAME_SHIFT,
    BLAME_BLOCKS = 1 << 16 /* until `recent` is emptied */
};
/* Latencies of BLAME_BLOCKS blocks, none of this length, do not overflow 64 bits. */
#define BLAME_LONG (SIM_NEVER / TRACE_BLOCK_ROWS / BLAME_BLOCKS)

/* ns by part; in the place of PART_NETWORK the whole latency. */
struct blame {
    uint64_t (*recent)[PART_COUNT]; /* by class; NULL: takes no more rows */
    wide_uint (*sums)[PART_COUNT];  /* without `recent`; of `count` classes from `first` on */
    uint32_t first, count;
    uint32_t blocks; /* since `recent` was empty */
    bool is_merged;  /* something was merged into it */
};

void blame_open(struct blame *blame);
/* To merge others into it. */
void blame_open_empty(struct blame *blame);
void blame_free(struct blame *blame);
/* No more rows: gives back what only they need. */
void blame_close(struct blame *blame);
/* Forgets what was merged. */
void blame_clear(struct blame *blame);
/* To be called after each block of rows, which has at most TRACE_BLOCK_ROWS. */
void blame_end_block(struct blame *blame);

/* The parts of a latency, ns; what was done after the end is no part of it. */
void blame_cut(struct trace_row row, sim_time parts[PART_COUNT]);
/* Adds a request, given by its last attempt, whose stages may reach beyond its end: these are
   cut, as what a pod did after the client had given up is no part of the latency. */
void blame_add_clipped(struct blame *blame, struct trace_row row);
static inline void blame_add(struct blame *blame, const struct trace_row *row,
                             sim_time latency)
{
    if (__builtin_expect(row->served > row->ended || latency >= BLAME_LONG, 0)) {
        blame_add_clipped(blame, *row);
        return;
    }
    uint64_t *ns = blame->recent[histogram_bucket(latency) >> BLAME_SHIFT];
    ns[PART_CLIENT] += (uint64_t)(row->sent - row->due);
    ns[PART_NETWORK] += (uint64_t)latency;
    ns[PART_BALANCER] += (uint64_t)(row->dispatched - row->received);
    ns[PART_QUEUE] += (uint64_t)(row->started - row->arrived);
    ns[PART_SERVICE] += (uint64_t)(row->served - row->started);
}

/* `into` was opened empty. */
void blame_merge(struct blame *into, const struct blame *from);

/* The mean of that part, ns, over the requests beyond the p-quantile of `law`, which holds the
   latencies of all that were added; 0: over all of them.  Of the class in which the quantile
   lies, requests count with the mean of the class.  NaN: there are none. */
double blame_mean_beyond(const struct blame *blame, const struct histogram *law, double p,
                         enum part part);

#endif
