/* SPDX-License-Identifier: GPL-3.0-or-later
   A pod: workers of one speed, a bounded queue, a discipline. */
#ifndef MODELS_POD_H
#define MODELS_POD_H

#include "models/attempt.h"
#include "models/cache.h"
#include "models/scenario.h"

struct world;

/* An attempt that shares the processor: it leaves when the pod's attained work per attempt
   reaches `finish`. */
struct pod_share {
    double finish; /* ns of work at speed 1 */
    uint64_t order; /* of arrival, for ties */
    double work;    /* ns at speed 1 */
    uint32_t slot;
};

struct pod {
    struct attempt_queue queue;
    uint32_t queued, busy; /* waiting; in service */
    uint32_t workers;
    uint32_t queue_limit; /* UINT32_MAX: none */
    double speed;
    double attained;  /* PS: work given to each attempt so far, ns at speed 1 */
    sim_time updated; /* PS: when `attained` was brought up to date */
    struct pod_share *shares; /* PS: a binary heap of `busy` */
    uint32_t ticket;          /* PS: of the next departure */
    uint8_t share_bits;       /* PS: there is room for 2^share_bits shares; 0: none yet */
    uint8_t discipline;       /* enum pod_discipline */
};
_Static_assert(sizeof(struct pod) == 64, "one cache line");

/* The cache of a pod and what a miss costs. */
struct pod_cache {
    struct cache cache;
    const struct param_kind *miss;
};

void pod_build(struct pod *pod, const struct scenario_pods *group);
void pod_free(struct pod *pod);

/* The speed is another from now on; attempts that are not in a processor-sharing pod keep the
   end that was timed for them. */
void pod_set_speed(struct world *world, struct pod *pod, double speed);
/* Takes all attempts out: adds those that share the processor to `serving`. */
void pod_clear(struct world *world, struct pod *pod, struct attempt_queue *serving,
               struct attempt_queue *waiting);
/* The pod is done with an attempt, which it served since `started` or (SIM_NEVER) not at all:
   the answer goes back, unless nobody waits for it any more. */
void pod_release(struct world *world, uint32_t slot, sim_time started);

/* Takes an attempt out that nobody waits for any more, whatever it was at; from now on it may
   be closed. */
void pod_cancel(struct world *world, uint32_t slot);

/* An attempt arrives at the pod of its row. */
void pod_receive(struct world *world, uint32_t slot);
/* The service of an attempt ends (FIFO, LIFO). */
void pod_serve(struct world *world, uint32_t slot);
/* Work done so far on those that share the processor, ns at speed 1. */
double pod_share_done(const struct world *world, const struct pod *pod);
/* The next departure of a processor-sharing pod. */
void pod_share_leave(struct world *world, uint32_t index);

#endif
