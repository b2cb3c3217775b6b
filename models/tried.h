/* SPDX-License-Identifier: GPL-3.0-or-later
   What a balancer remembers of a request that may have further attempts: where it was sent,
   and the slots of those that are under way, several at once where it is hedged. */
#ifndef MODELS_TRIED_H
#define MODELS_TRIED_H

#include "models/hedge.h"
#include "models/policy.h"
#include "models/slot_book.h"

struct world;

enum { TRIED_PODS_MAX = 31, TRIED_OPEN_MAX = HEDGE_MOST + 2 };

struct tried {
    sim_time since;       /* when it came to the balancer */
    sim_time hedge_after; /* an attempt was sent; SIM_NEVER: not at all */
    uint32_t open;        /* attempts under way, or that wait */
    uint32_t slots[TRIED_OPEN_MAX];
    uint32_t attempts, hedges; /* so far, the first included; and those that are hedges */
    uint32_t pod_count;
    backend_id pods[TRIED_PODS_MAX]; /* in the order in which it was sent to them */
    bool retries;  /* counted in the balancer's load.retries */
};

/* A record of its own for the attempt in a slot. */
struct tried *tried_begin(struct world *world, uint32_t slot);
/* That of the attempt in a slot; NULL: its request has ended, or goes on without it.  Records
   move when others begin. */
struct tried *tried_find(const struct world *world, uint32_t slot);
/* The attempt in `slot` is one more of the request of `other`; one is no longer. */
void tried_join(struct world *world, uint32_t slot, uint32_t other);
void tried_leave(struct world *world, uint32_t slot);
/* The request of the only attempt under way has ended. */
void tried_end(struct world *world, uint32_t slot);

static inline void tried_note(struct tried *tried, backend_id pod)
{
    if (tried->pod_count < TRIED_PODS_MAX)
        tried->pods[tried->pod_count++] = pod;
}

/* Retries so far: attempts that followed a failure. */
static inline uint32_t tried_retries(const struct tried *tried)
{
    return tried->attempts - 1 - tried->hedges;
}

bool tried_is_known(const struct tried *tried, backend_id pod);
/* The first that may be picked and was not tried; NO_BACKEND: there is none, or too many were
   tried to know. */
backend_id tried_other(const struct tried *tried, const struct view *view);

#endif
