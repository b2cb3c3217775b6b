/* SPDX-License-Identifier: GPL-3.0-or-later
   What the metrics of one scope are computed from: for one replication, or for all of them
   pooled. */
#ifndef SIM_REPORT_SUMMARY_H
#define SIM_REPORT_SUMMARY_H

#include "sim/report/scope.h"
#include "sim/stats/moments.h"

/* Shares of a pod's capacity are summed as whole numbers of this, so that the order of the
   pods does not matter. */
#define SUMMARY_SHARE_UNIT 0x1p-40

/* How load spread over the pods that were there. */
struct summary_load {
    uint64_t sent;              /* attempts, to whoever; the moments are of those there */
    struct moments requests;    /* attempts sent to each */
    struct moments utilisation; /* of each, in SUMMARY_SHARE_UNIT */
    bool unknown;               /* workers or window unknown: no utilisation */
    uint64_t counted;           /* requests of the law that ended at one of them … */
    wide_uint latency;          /* … and the sum of theirs, ns */
    struct hits hits;           /* of their caches */
    wide_uint paid, room;       /* ns within the window from creation to end, of pods and of
                                   their workers … */
    wide_uint busy;             /* … and what of the latter was spent serving */
    bool varies;                /* the number of pods changed, or might have */
};

struct summary {
    uint64_t requests; /* decided ones; of a pod or pod group, attempts sent there */
    uint64_t attempts; /* made; of a pod or pod group, sent to any pod */
    uint64_t outcomes[OUTCOME_COUNT];
    double seconds;    /* measured */
    uint64_t counted;  /* requests of the law … */
    wide_uint latency; /* … and their sum, ns */
    struct blame blame; /* of SCOPE_ALL: what it consists of; of a hop: see hop_merge */
    struct histogram law, answered; /* empty for a pod; sums only in those of SCOPE_ALL and
                                       SCOPE_CLIENT */
    struct summary_load load;
    struct hits hits;  /* of caches; 0 of a client group */
    struct crossing crossing; /* of SCOPE_ALL and SCOPE_CLIENT */
    struct churn_count churn; /* of a membership change; all else is 0 then */
    struct harm_count harm;   /* of a fault, */
    struct histogram spans[EPISODE_SPANS]; /* with the laws of its spans */
    struct fleet_count fleet; /* of a tier; of SCOPE_ALL: of the last one */
    wide_uint flight;         /* of a window: ns of requests under way, */
    double eligible;          /* pods that could be sent to, times seconds; NaN: unknown */
};

void summary_init(struct summary *summary);
void summary_clear(struct summary *summary); /* empty again */
void summary_free(struct summary *summary);

/* The loads of a tally: [0] of all pods, then by number of pod group.  Owned by `arena` or,
   once it is closed, by the tally. */
struct summary_load *summary_loads(const struct tally *tally, struct arena *arena);

/* Fills an empty summary from a tally and its loads; `index` is the member's number there
   and unused for SCOPE_ALL. */
void summary_fill(struct summary *summary, enum scope_kind kind, size_t index,
                  const struct tally *tally, const struct summary_load *loads);

/* Adds one section of a trace: of all, or of the client group with that number; no loads and no
   parts of latencies. */
void summary_add_batch(struct summary *summary, enum scope_kind kind, size_t client,
                       const struct batch_set *set, size_t batch);

/* Adds a replication to the pooled ones.  Loads are not pooled, because imbalance over
   several runs averages out: the pooled summary has the load of the last one. */
void summary_pool(struct summary *pooled, const struct summary *part);

#endif
