/* SPDX-License-Identifier: GPL-3.0-or-later
   What goes wrong.  A kind of fault says what an episode of it makes of a pod; when episodes
   begin and end, at which pods, and what becomes of requests there, is the host's business
   (fault_plan.h, fault_pod.h). */
#ifndef MODELS_FAULT_H
#define MODELS_FAULT_H

#include "sim/engine/clock.h"
#include "sim/engine/param.h"
#include "sim/engine/rng.h"

#include <stdbool.h>
#include <stdint.h>

/* What all faults that a pod is under make of it together.  fault_condition_well is neutral. */
struct fault_condition {
    double pace;        /* factor on its speed; 0: it stands still */
    sim_time quota, quota_period; /* CPU time a period; period 0: unlimited */
    sim_time quota_age;           /* since the first period began */
    bool is_down;       /* nobody listens: connections are refused */
    double error_share; /* of requests that fail with `status` as soon as `error_after` */
    uint16_t status;
    sim_time error_after;
    double slow_share, slow_factor; /* so many requests take so many times their work */
    uint32_t in_flight_limit;       /* with more at the pod it is killed; UINT32_MAX: none */
    uint32_t cut_to, cut_from;      /* balancers below these numbers cannot reach the pod, or
                                       be reached by it */
    double loss;                    /* share of messages that have to be sent again */
    sim_time loss_wait;             /* before the first repetition; doubles each time */
    const struct param_kind *latency; /* dist_kinds, ns more each way; NULL: none */
};

extern const struct fault_condition fault_condition_well;

enum fault_trait {
    FAULT_BREAKS = 1,     /* its beginning breaks every connection and empties caches */
    FAULT_BREAKS_LATE = 2, /* its end does */
    FAULT_FORGETS = 4,    /* its beginning empties caches */
    FAULT_AT_START = 8,   /* follows every start of a pod: joining, or the end of an episode
                             that broke it */
    FAULT_BY_LOAD = 16,   /* between from and to an episode begins when a pod has more than
                             in_flight_limit; until then `watch` applies */
};

/* Only kind.name and kind.summary are required. */
struct fault_ops {
    struct kind kind;
    unsigned traits; /* enum fault_trait bits */
    const char *source;
    /* What an episode makes of a pod that has been in it for `age`; adds to what is there. */
    void (*apply)(const void *config, sim_time age, struct fault_condition *condition);
    /* The age after `age` at which apply gives something else; SIM_NEVER: no more. */
    sim_time (*next)(const void *config, sim_time age);
    /* How long the n-th episode (from 0) at a pod lasts where the scenario does not say;
       SIM_NEVER: to the end. */
    sim_time (*lasts)(const void *config, uint32_t nth);
    /* FAULT_BY_LOAD: what is watched. */
    void (*watch)(const void *config, struct fault_condition *condition);
};

extern const struct kind_list fault_kinds;

static inline const struct fault_ops *fault_ops(const struct param_kind *fault)
{
    return (const struct fault_ops *)fault->kind;
}

/* A share that comes on top of another, as of independent causes. */
static inline double fault_share(double one, double other)
{
    return 1 - (1 - one) * (1 - other);
}

#endif
