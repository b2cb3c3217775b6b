/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC ring_hash_experimental: Envoy's ring over all endpoints of the resolver, sorted by
   address; from the point of the request's hash on, endpoints that fail are passed over.
   grpc-go balancer/ringhash/{ring,picker,config}.go, gRFC A42, A61, A76 */
#include "models/blocks/scaled_ring.h"

#include "sim/engine/hash.h"

#include <stdio.h>

enum { GRPC_RING_HASH_DIGITS = 20 };

struct grpc_ring_hash_config {
    struct scaled_ring_size size;
    uint64_t cap;
};

struct grpc_ring_hash_state {
    struct scaled_ring_size size;
    struct shares shares;
    struct ring ring;
    bool stale;
};

static const struct param grpc_ring_hash_params[] = {
    {.key = "min_ring_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct grpc_ring_hash_config, size.minimum, uint64_t),
     .fallback = "1024", .min = 1, .max = SCALED_RING_MAX,
     .help = "least points; the lightest endpoint gets its share of them, rounded up"},
    {.key = "max_ring_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct grpc_ring_hash_config, size.maximum, uint64_t),
     .fallback = "4096", .min = 1, .max = SCALED_RING_MAX, .help = "most points"},
    {.key = "ring_hash_cap", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct grpc_ring_hash_config, cap, uint64_t), .fallback = "4096",
     .min = 1, .max = SCALED_RING_MAX,
     .help = "what both sizes are cut to (GRPC_RING_HASH_CAP)"},
    PARAM_END,
};

static bool grpc_ring_hash_check(void *bound, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    const struct grpc_ring_hash_config *config = bound;
    if (config->size.minimum <= config->size.maximum)
        return true;
    snprintf(message, size, "min_ring_size %llu is above max_ring_size %llu; the minimum must "
             "not be larger", (unsigned long long)config->size.minimum,
             (unsigned long long)config->size.maximum);
    return false;
}

static void grpc_ring_hash_init(void *memory, const void *config, const struct view *view,
                                struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct grpc_ring_hash_state *state = memory;
    const struct grpc_ring_hash_config *given = config;
    const struct scaled_ring_size size = given->size;
    state->size.minimum = size.minimum < given->cap ? size.minimum : given->cap;
    state->size.maximum = size.maximum < given->cap ? size.maximum : given->cap;
    shares_init(&state->shares, view->capacity, arena);
    ring_init(&state->ring, 64, arena);
}

static void grpc_ring_hash_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct grpc_ring_hash_state *state = memory;
    shares_collect(&state->shares, view, view->is_member, false);
    shares_sort(&state->shares);
    scaled_ring_reserve(&state->ring, &state->shares, state->size);
    state->stale = true;
}

static uint64_t grpc_ring_hash_of(const struct request *request)
{
    char digits[GRPC_RING_HASH_DIGITS];
    size_t size;
    if (request->has_hash)
        return request->hash;
    const char *key = policy_key(request, digits, &size);
    return hash_xx64(key, size, 0);
}

static backend_id grpc_ring_hash_pick(void *memory, const struct view *view,
                                      const struct request *request, struct rng *rng)
{
    (void)rng;
    struct grpc_ring_hash_state *state = memory;
    if (state->stale)
        scaled_ring_fill(&state->ring, &state->shares, state->size, hash_xx64, 0);
    state->stale = false;
    uint64_t hash = grpc_ring_hash_of(request);
    uint32_t place = ring_find(&state->ring, hash);
    for (uint32_t i = 0; i < state->ring.count; i++) {
        backend_id pick = ring_owner(&state->ring, place);
        if (view->is_eligible[pick])
            return pick;
        place = ring_next(&state->ring, place);
    }
    /* Nobody on the ring may be picked: an endpoint without points must do. */
    return view_eligible(view, (uint32_t)(hash % view->eligible_count));
}

const struct policy_ops policy_grpc_ring_hash = {
    .kind = {.name = "grpc.ring_hash",
             .summary = "gRPC's ring hash: Envoy's ring, passing over endpoints that fail",
             .params = grpc_ring_hash_params,
             .config_size = sizeof(struct grpc_ring_hash_config),
             .check = grpc_ring_hash_check},
    .traits = POLICY_KEYLESS | POLICY_WEIGHTED | POLICY_CONSISTENT,
    .tie_rule = "the first by address among points with the same hash",
    .differs = "with nobody up on the ring an endpoint without points is picked, where gRPC fails",
    .cost = "O(1) a pick; O(n log n + r) a change, r points of the ring",
    .source = "grpc-go balancer/ringhash/ring.go",
    .state_size = sizeof(struct grpc_ring_hash_state),
    .init = grpc_ring_hash_init,
    .update = grpc_ring_hash_update,
    .pick = grpc_ring_hash_pick,
};
