/* SPDX-License-Identifier: GPL-3.0-or-later
   Retries by the balancer: whether a failed attempt is tried again, where, and after which
   time.  A table of kinds, one per product, each in the product's own words; pure, for whoever
   sends the attempts. */
#ifndef MODELS_RETRY_H
#define MODELS_RETRY_H

#include "models/retry_budget.h"
#include "sim/engine/param.h"
#include "sim/engine/rng.h"

/* Why an attempt failed. */
enum retry_cause {
    RETRY_REFUSED,  /* no connection */
    RETRY_RESET,    /* the connection broke before the reply */
    RETRY_REJECTED, /* the pod had no room: 503 */
    RETRY_ERROR,    /* another 5xx of the pod */
    RETRY_TIMEOUT,  /* per_try_timeout */
    RETRY_CAUSES
};

/* NONE: the wait; FULL: from 0 to the wait; FIFTH: from 0.8 to 1.2 waits. */
enum retry_jitter { RETRY_JITTER_NONE, RETRY_JITTER_FULL, RETRY_JITTER_FIFTH };

/* Where a retry goes. */
enum retry_place {
    RETRY_ANYWHERE,  /* picked as if it were the first attempt */
    RETRY_ELSEWHERE, /* to a pod not tried yet; if there is none, anywhere */
    RETRY_UNTRIED,   /* to a pod not tried yet; if there is none, not at all */
    RETRY_SAME,      /* to the pod of the last attempt; if it is not up now, anywhere */
    RETRY_STAY,      /* there even if it is down */
};

struct retry_config {
    uint64_t attempts;        /* retries after the first attempt; UINT64_MAX: unlimited */
    bool counts_first;        /* `attempts` counts the first one too */
    struct param_list on;     /* of uint32_t, enum retry_cause or RETRY_CAUSES for any */
    uint32_t causes;          /* the same as bits, 1 << cause */
    sim_time per_try_timeout; /* SIM_NEVER: none */
    sim_time within;          /* none begins later than this after the request; SIM_NEVER */
    sim_time base, most;      /* wait before the first retry, and at most; most 0: 10 base */
    sim_time unit;            /* a wait at random is a whole number of them */
    double multiplier;        /* from one wait to the next */
    uint32_t jitter;          /* enum retry_jitter */
    uint32_t place;           /* enum retry_place */
    uint64_t redispatch;      /* with RETRY_SAME every so many retries go anywhere, at once;
                                 UINT64_MAX: the last, 0: none */
    bool is_haproxy;          /* redispatches whatever is not bound to its pod, and waits only
                                 for one that refused a connection */
    struct param_kind budget; /* retry_budget_kinds */
};

extern const struct kind_list retry_kinds; /* every kind's config is a struct retry_config */

/* A failed attempt: how, how many retries the request had before, and what else it takes to
   decide. */
struct retry_try {
    enum retry_cause cause;
    uint64_t attempt; /* 0: it was the first attempt */
    sim_time since;   /* when the request came to the balancer */
    sim_time now;
    struct retry_load load;
};

/* Whether there are no more tries, whatever the cause and the budget. */
bool retry_is_last(const struct retry_config *config, const struct retry_try *failed);

/* Whether to try again; the budget is told all that it must know of this attempt.  Of one
   that did not fail it is told by retry_budget_end. */
bool retry_may(const struct retry_config *config, struct retry_budget *budget,
               const struct retry_try *failed);

/* What the place and the wait of a retry depend on. */
struct retry_next {
    uint64_t attempt;       /* retries before it */
    enum retry_cause cause; /* of the failure that it follows; only the wait depends on it */
    bool bound;             /* the request's key or session says where it goes */
    bool alone;             /* at most one pod is up */
    bool down;              /* that of the last attempt is not up */
};

sim_time retry_delay(const struct retry_config *config, const struct retry_next *next,
                     struct rng *rng);
enum retry_place retry_place(const struct retry_config *config, const struct retry_next *next);

#endif
