/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy ring_hash: points xxHash64("address_i"), as many for each host as its share of a ring
   size; a key goes to the first point not below its hash.  The whole ring is built anew when
   hosts change, with another number of points for each.
   envoy source/extensions/load_balancing_policies/ring_hash/ring_hash_lb.cc */
#include "models/blocks/envoy_hash.h"
#include "models/blocks/scaled_ring.h"

#include "sim/engine/hash.h"

#include <stdio.h>

/* The seed of std::hash in libstdc++, which this stood in for. */
static const uint64_t envoy_ring_hash_murmur_seed = 0xc70f6907;

enum envoy_ring_hash_function { XX_HASH, MURMUR_HASH_2 };

struct envoy_ring_hash_config {
    struct scaled_ring_size size;
    uint32_t hash_function;
    struct envoy_hash_config common;
};

struct envoy_ring_hash_state {
    const struct envoy_ring_hash_config *config;
    struct envoy_hash hash;
    struct ring ring;
    bool stale;
};

static const char *const envoy_ring_hash_functions[] = {"XX_HASH", "MURMUR_HASH_2", NULL};

static const struct param envoy_ring_hash_params[] = {
    {.key = "minimum_ring_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct envoy_ring_hash_config, size.minimum, uint64_t),
     .fallback = "1024", .min = 1, .max = SCALED_RING_MAX,
     .help = "least points; the lightest host gets its share of them, rounded up"},
    {.key = "maximum_ring_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct envoy_ring_hash_config, size.maximum, uint64_t),
     .fallback = "8388608", .min = 1, .max = SCALED_RING_MAX, .help = "most points"},
    {.key = "hash_function", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct envoy_ring_hash_config, hash_function, uint32_t),
     .fallback = "XX_HASH", .of.words = envoy_ring_hash_functions,
     .help = "which hash places the hosts; keys are always hashed by xxHash"},
    ENVOY_HASH_PARAMS(struct envoy_ring_hash_config),
    PARAM_END,
};

static bool envoy_ring_hash_check(void *bound, struct arena *arena, char *message,
                                  size_t size)
{
    (void)arena;
    const struct envoy_ring_hash_config *config = bound;
    if (config->size.minimum > config->size.maximum) {
        snprintf(message, size, "minimum_ring_size %llu is above maximum_ring_size %llu; "
                 "the minimum must not be larger",
                 (unsigned long long)config->size.minimum,
                 (unsigned long long)config->size.maximum);
        return false;
    }
    return envoy_hash_check(&config->common, message, size);
}

static void envoy_ring_hash_init(void *memory, const void *config, const struct view *view,
                                 struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct envoy_ring_hash_state *state = memory;
    state->config = config;
    envoy_hash_init(&state->hash, &state->config->common, view, arena);
    ring_init(&state->ring, 64, arena);
}

static void envoy_ring_hash_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct envoy_ring_hash_state *state = memory;
    envoy_hash_update(&state->hash, view);
    scaled_ring_reserve(&state->ring, &state->hash.shares, state->config->size);
    state->stale = true;
}

static backend_id envoy_ring_hash_choose(const void *table, uint64_t hash, uint32_t attempt)
{
    const struct ring *ring = table;
    uint64_t place = (uint64_t)ring_find(ring, hash) + attempt;
    return ring_owner(ring, (uint32_t)(place % ring->count));
}

static backend_id envoy_ring_hash_pick(void *memory, const struct view *view,
                                       const struct request *request, struct rng *rng)
{
    (void)rng;
    struct envoy_ring_hash_state *state = memory;
    if (state->stale) {
        bool murmur = state->config->hash_function == MURMUR_HASH_2;
        scaled_ring_fill(&state->ring, &state->hash.shares, state->config->size,
                         murmur ? hash_murmur2_64a : hash_xx64,
                         murmur ? envoy_ring_hash_murmur_seed : 0);
        state->stale = false;
    }
    return envoy_hash_pick(&state->hash, view, request, envoy_ring_hash_choose, &state->ring);
}

static void envoy_ring_hash_sent(void *memory, const struct view *view, backend_id backend)
{
    (void)view, (void)backend;
    ((struct envoy_ring_hash_state *)memory)->hash.active++;
}

static void envoy_ring_hash_done(void *memory, const struct view *view, backend_id backend)
{
    (void)view, (void)backend;
    ((struct envoy_ring_hash_state *)memory)->hash.active--;
}

const struct policy_ops policy_envoy_ring_hash = {
    .kind = {.name = "envoy.ring_hash",
             .summary = "Envoy's ring hash: a ring of points by weight, optionally bounded",
             .params = envoy_ring_hash_params,
             .config_size = sizeof(struct envoy_ring_hash_config),
             .check = envoy_ring_hash_check},
    .traits = POLICY_KEYLESS | POLICY_WEIGHTED | POLICY_CONSISTENT | POLICY_ZONED,
    .tie_rule = "the first of the list among points with the same hash",
    .differs = "with weights of zones hosts stand as listed, in Envoy by zone; a slow start counts "
               "in the weights, rounded, and Envoy has none for tables",
    .cost = "O(1) a pick, O(n) where the pod is over its bound; "
            "O(n + r) a change, r points of the ring",
    .source = "envoy source/extensions/load_balancing_policies/ring_hash/ring_hash_lb.cc",
    .state_size = sizeof(struct envoy_ring_hash_state),
    .init = envoy_ring_hash_init,
    .update = envoy_ring_hash_update,
    .pick = envoy_ring_hash_pick,
    .sent = envoy_ring_hash_sent,
    .done = envoy_ring_hash_done,
};
