/* SPDX-License-Identifier: GPL-3.0-or-later
   The backends that a client library is connected to, picked in turn, as gRPC's pickers
   are: a list that is never changed, only replaced when a connection comes or goes. */
#ifndef MODELS_BLOCKS_READY_H
#define MODELS_BLOCKS_READY_H

#include "models/policy.h"

struct ready {
    backend_id *list;
    uint32_t count;
    uint32_t turn; /* how many were taken, modulo 2^32 */
};

/* Room for `capacity`. */
void ready_init(struct ready *ready, uint32_t capacity, struct arena *arena);
/* Those that are up, in order of slots. */
void ready_take(struct ready *ready, const struct view *view);
void ready_shuffle(struct ready *ready, struct rng *rng);
/* The next in turn that may be picked, NO_BACKEND where there is none. */
backend_id ready_next(struct ready *ready, const uint8_t *may);

#endif
