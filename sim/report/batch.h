/* SPDX-License-Identifier: GPL-3.0-or-later
   One trace in twenty sections of equal length, by when requests were due, each counted for
   itself: where nothing can be replicated, they are what an interval can be learnt from
   (sectioning: S. Asmussen, P. W. Glynn, Stochastic Simulation, ch. III.5). */
#ifndef SIM_REPORT_BATCH_H
#define SIM_REPORT_BATCH_H

#include "sim/report/tally.h"

/* Client groups with figures of their own; those beyond count in those of all. */
enum { BATCH_COUNT = 20, BATCH_CLIENTS_MAX = 8 };

struct batch {
    struct tally_client clients[BATCH_CLIENTS_MAX + 1]; /* the last one of all beyond */
    uint64_t attempts;
};

struct batch_set {
    sim_time begin, end; /* measured */
    sim_time width;      /* of each but the last, which is cut */
    sim_time from, to;   /* of the batch that rows went to last ... */
    struct batch *now;   /* ... which is this one */
    struct batch batches[BATCH_COUNT];
};

/* NULL where the time is too short to be divided. */
struct batch_set *batch_open(sim_time begin, sim_time end);
void batch_rows(struct batch_set *set, const struct trace_row *rows, size_t count);
/* No more rows: packs. */
void batch_close(struct batch_set *set);
void batch_free(struct batch_set *set); /* NULL is fine */

/* How long one is. */
static inline sim_time batch_length(const struct batch_set *set, size_t index)
{
    sim_time begin = set->begin + (sim_time)index * set->width;
    return index + 1 < BATCH_COUNT ? set->width : set->end - begin;
}

#endif
