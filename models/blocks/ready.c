/* SPDX-License-Identifier: GPL-3.0-or-later
   grpc-go: balancer/endpointsharding/endpointsharding.go; C++:
   src/core/load_balancing/round_robin/round_robin.cc. */
#include "models/blocks/ready.h"

void ready_init(struct ready *ready, uint32_t capacity, struct arena *arena)
{
    *ready = (struct ready){.list = arena_take(arena, capacity, sizeof(backend_id))};
}

void ready_take(struct ready *ready, const struct view *view)
{
    ready->count = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i])
            ready->list[ready->count++] = i;
}

void ready_shuffle(struct ready *ready, struct rng *rng)
{
    for (uint32_t i = ready->count; i > 1; i--) {
        uint32_t other = (uint32_t)rng_below(rng, i);
        backend_id backend = ready->list[other];
        ready->list[other] = ready->list[i - 1];
        ready->list[i - 1] = backend;
    }
}

backend_id ready_next(struct ready *ready, const uint8_t *may)
{
    for (uint32_t tried = 0; tried < ready->count; tried++) {
        backend_id pick = ready->list[ready->turn++ % ready->count];
        if (may[pick])
            return pick;
    }
    return NO_BACKEND;
}
