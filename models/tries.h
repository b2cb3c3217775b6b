/* SPDX-License-Identifier: GPL-3.0-or-later
   The further tries of a request whose attempt failed.  A failed attempt that has ended makes
   room for the next in its own slot; one that is only slow keeps its slot, because the pod
   works on it, and the request goes on in another.  Only worlds that retry or hedge have any
   of it. */
#ifndef MODELS_TRIES_H
#define MODELS_TRIES_H

#include "models/attempt.h"
#include "models/hedge.h"
#include "models/policy.h"
#include "models/retry.h"
#include "models/world.h"

struct world;

/* Of one balancer instance. */
struct tries {
    struct retry_budget budget;
    struct retry_load load;
    struct hedge hedge;
    struct rng rng;
};

void tries_open(struct world *world);
void tries_close(struct world *world);

/* A request comes to its balancer, for the first time. */
RARE void tries_begin(struct world *world, uint32_t slot);
/* It was sent to a pod. */
RARE void tries_sent(struct world *world, uint32_t slot, backend_id backend);
/* Its attempt has ended at the balancer: true when that is all about it for now, because the
   request is tried again or goes on elsewhere. */
RARE bool tries_again(struct world *world, uint32_t slot);
/* The balancer is done with the request, however it ended. */
RARE void tries_end(struct world *world, uint32_t slot, bool success);
/* The wait before a retry is over; the time for one try is up. */
void tries_resume(struct world *world, uint32_t slot);
void tries_expire(struct world *world, uint32_t slot, uint32_t attempt);

/* Whether the attempt in a slot, which has ended, is the last that its request may have, if it
   failed. */
RARE bool tries_are_over(const struct world *world, uint32_t slot);
/* Where the next attempt goes instead of `pick`, with what was tried before. */
RARE backend_id tries_place(struct world *world, uint32_t slot, struct request *request);

/* A slot for a further attempt of the request of another, which is under way; and what makes
   it part of the run. */
uint32_t tries_split(struct world *world, uint32_t slot);
void tries_enter(struct world *world, uint32_t slot);
/* The balancer no longer waits for this attempt, which was not the last of its request; the
   pod may still be at it.  `lost`: for another's sake, not its own. */
void tries_give_up(struct world *world, uint32_t slot, enum outcome outcome, bool lost);

#endif
