/* SPDX-License-Identifier: GPL-3.0-or-later
   Where the time of requests went, hop by hop: the parts of blame.h cut finer where there are
   several tiers of balancers or connections.  The hops of a request add up to its latency.
   By classes of latency as in blame.h, so that the slowest are known. */
#ifndef SIM_REPORT_HOP_H
#define SIM_REPORT_HOP_H

#include "sim/report/blame.h"
#include "sim/trace/hops.h"
#include "sim/trace/roster.h"

/* client and connection; for each tier the way to it, there and back, and the time in it; the
   way to the pod, its queue, its service. */
enum { HOP_MAX = 2 * HOPS_TIERS_MAX + 5, HOP_NAME_SIZE = 2 * ROSTER_NAME_BYTES + 8 };

struct hop_sums {
    size_t tiers; /* 0: no hops are known */
    wide_uint (*sums)[HOP_MAX]; /* ns; of `count` classes from `first` on; NULL: no rows */
    uint32_t first, count;
    const char **names; /* by hop */
};

/* Names are made in the arena. */
void hop_open(struct hop_sums *sums, const struct roster *roster, struct arena *arena);
void hop_free(struct hop_sums *sums);
/* No more rows: gives back what only they need. */
void hop_close(struct hop_sums *sums);

/* Adds a request of the law by its last attempt. */
void hop_add(struct hop_sums *sums, const struct trace_row *row, const struct trace_hops *hops);

/* How many hops there are with so many tiers, and what one is called: "client rtt", "balancer
   edge", "edge to proxy", … */
size_t hop_count(size_t tiers);
void hop_name(char name[HOP_NAME_SIZE], const struct roster_tier *tiers, size_t count,
              size_t hop);
/* 0 where there were no rows. */
size_t hop_known(const struct hop_sums *sums);

/* Puts the time of a hop in the place of PART_CLIENT of what the rows' latencies consist of,
   and all the rest in that of PART_NETWORK. */
void hop_merge(struct blame *into, const struct blame *all, const struct hop_sums *sums,
               size_t hop);

#endif
