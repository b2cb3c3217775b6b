/* SPDX-License-Identifier: GPL-3.0-or-later
   The servers of an nginx upstream side by side, each as wide as its weight, for the methods
   that take a hash modulo the total weight.  One that is down keeps its width, so the clients
   of the others stay where they are. */
#ifndef MODELS_BLOCKS_NGINX_SLOTS_H
#define MODELS_BLOCKS_NGINX_SLOTS_H

#include "models/blocks/nginx_peers.h"

struct nginx_slots {
    backend_id *backends; /* members with a weight, in order */
    uint64_t *ends;       /* beside them: where the slots of each end */
    uint32_t count;
    uint32_t members;
};

void nginx_slots_init(struct nginx_slots *slots, const struct view *view,
                      struct arena *arena);
void nginx_slots_update(struct nginx_slots *slots, const struct nginx_peers *peers,
                        const struct view *view);

/* Whether there is a choice: nginx does not hash otherwise. */
static inline bool nginx_slots_has_choice(const struct nginx_slots *slots)
{
    return slots->members > 1 && slots->count > 0;
}

/* The server at a hash modulo the total weight; there must be one. */
backend_id nginx_slots_at(const struct nginx_slots *slots, uint64_t hash);

/* How far a request is in its search. */
struct nginx_walk {
    uint32_t tries;
    uint32_t replayed; /* of request->tried */
};
enum { NGINX_WALK_MAX = 20 };

enum nginx_step {
    NGINX_STEP_TAKE, /* the request goes there */
    NGINX_STEP_MISS, /* look further */
    NGINX_STEP_GIVE_UP, /* leave it to round robin */
};

/* What a request does at a server that its hash led to.  A retry goes the way of its earlier
   attempts first: their servers cost no try then and cost none now, all others on the way were
   of no use then, whatever they are now. */
enum nginx_step nginx_slots_step(struct nginx_walk *walk, const struct nginx_peers *peers,
                                 const struct view *view, const struct request *request,
                                 backend_id backend);

#endif
