/* SPDX-License-Identifier: GPL-3.0-or-later
   A balancer's picture of its pods, and the policy that picks by it: the bookkeeping that
   every policy would need, once.  Knows no world, so bare decisions (`lbsim picks`) go
   through the same code. */
#ifndef MODELS_BACKENDS_H
#define MODELS_BACKENDS_H

#include "models/panic.h"
#include "models/policy.h"

/* Why a member is not up. */
enum backends_mark {
    BACKENDS_DOWN = 1,      /* marked so by whoever runs it */
    BACKENDS_UNHEALTHY = 2, /* health checks fail */
    BACKENDS_EJECTED = 4,   /* requests fail */
};

struct backends {
    const struct policy_ops *ops;
    void *state;
    struct view view;
    struct rng rng;
    uint32_t *outstanding;  /* what the view shows, to be changed here only */
    uint8_t *is_eligible;
    backend_id *eligible;
    uint8_t *is_member;
    const uint8_t *reached; /* by slot: it may be sent to from here at all; NULL: all may */
    uint8_t *is_listed;     /* where not all may: who is in the list, reached or not */
    uint8_t *is_up;         /* a member that is healthy: eligible unless full */
    uint8_t *marks;         /* enum backends_mark bits: not up while there is any */
    uint32_t up_count;
    uint32_t overprovisioning; /* percent, as in panic.h */
    uint32_t panic;         /* with fewer up, percent, all members are taken; 0: never */
    uint32_t limit;         /* outstanding at which a backend is full; UINT32_MAX: never */
    bool minds_counts;      /* there is a limit, or the policy counts too */
    bool takes_ejected;     /* with nobody up, those that are only ejected are taken */
    const uint8_t *level_of; /* by slot: its priority, 0 the highest; NULL: all have one */
    uint32_t level_count;
    struct panic_level *levels; /* as of the last update, where panic or priorities matter */
};

/* Where among the balancers a picture belongs. */
struct backends_place {
    uint32_t limit;       /* outstanding at which a backend is full; UINT32_MAX: never */
    uint32_t peers, peer; /* as in the view */
    uint64_t key;         /* of the policy's random stream */
    uint32_t panic;       /* percent, as in struct backends */
    bool takes_ejected;   /* likewise */
    uint32_t overprovisioning; /* likewise; 0: PANIC_OVERPROVISIONING */
    uint32_t members;     /* so many slots, from the first, are members at once; 0: all */
    const uint8_t *reached; /* as in struct backends; owned by the caller */
    const uint8_t *level_of; /* by slot; NULL: one priority.  Owned by the caller */
    uint32_t level_count;    /* 0: one */
    const uint8_t *part;     /* by slot: only these are members at first; NULL: all */
    uint32_t *outstanding;   /* by slot: where it is counted; NULL: memory of its own */
};

/* `list` (count entries, owned by the caller) is all that may ever be picked; the
   members are up.  Memory from `arena`. */
void backends_open(struct backends *backends, const struct param_kind *policy,
                   const struct backend *list, uint32_t count, struct backends_place place,
                   struct arena *arena);

/* Takes a backend in or out of the list, or marks it down and up again; the policy is told
   once, by backends_update.  Who is in the list but not reached is no member. */
void backends_set_member(struct backends *backends, backend_id backend, bool member);
void backends_set_up(struct backends *backends, backend_id backend, bool up);
void backends_mark(struct backends *backends, backend_id backend, unsigned mark, bool on);
void backends_update(struct backends *backends);
/* `reached` has changed: those listed and reached are members. */
void backends_reach(struct backends *backends);

static inline bool backends_is_reached(const struct backends *backends, backend_id backend)
{
    return backends->reached == NULL || backends->reached[backend];
}

/* Whether it is in the list, reached or not. */
static inline bool backends_is_listed(const struct backends *backends, backend_id backend)
{
    return backends->reached == NULL ? backends->is_member[backend]
                                     : backends->is_listed[backend];
}

/* Whom the policy picks now, or NO_BACKEND: none is eligible or the policy holds. */
static inline backend_id backends_pick(struct backends *backends, sim_time now,
                                       const struct request *request)
{
    backends->view.now = now;
    if (backends->view.eligible_count == 0)
        return NO_BACKEND;
    return backends->ops->pick(backends->state, &backends->view, request, &backends->rng);
}

/* Whether a request that was not picked for is turned away, and does not wait: nobody is up, or
   the policy refuses though it had a choice, unless it waits for somebody with a weight who is
   full. */
bool backends_is_refused(const struct backends *backends);

void backends_fill(struct backends *backends, backend_id backend, bool full);

/* Counts an attempt on a backend, and off again. */
static inline void backends_sent(struct backends *backends, backend_id backend)
{
    uint32_t count = ++backends->outstanding[backend];
    if (!backends->minds_counts)
        return;
    if (count == backends->limit)
        backends_fill(backends, backend, true);
    if (backends->ops->sent != NULL)
        backends->ops->sent(backends->state, &backends->view, backend);
}

static inline void backends_done(struct backends *backends, backend_id backend)
{
    uint32_t count = backends->outstanding[backend]--;
    if (!backends->minds_counts)
        return;
    if (count == backends->limit)
        backends_fill(backends, backend, false);
    if (backends->ops->done != NULL)
        backends->ops->done(backends->state, &backends->view, backend);
}

#endif
