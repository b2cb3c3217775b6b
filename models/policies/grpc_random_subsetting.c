/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's random_subsetting over round_robin: each client hashes all endpoints with a seed of
   its own and keeps those with the lowest hashes, so that a change of the list changes at
   most one of them.  gRFC A68; grpc-go: balancer/randomsubsetting/. */
#include "models/blocks/ready.h"
#include "models/blocks/start.h"
#include "sim/engine/hash.h"

#include <stdio.h>
#include <stdlib.h>

enum { GRPC_RANDOM_SUBSETTING_TEXT = 2048 };

struct grpc_random_subsetting_config {
    uint64_t subset_size, seed; /* seed UINT64_MAX: random */
    struct start start;
};

struct grpc_random_subsetting_entry {
    uint64_t hash;
    backend_id endpoint;
};

struct grpc_random_subsetting_state {
    struct grpc_random_subsetting_config config;
    struct grpc_random_subsetting_entry *list;
    uint32_t count; /* the first so many of the list are the subset */
    struct ready ready;
};

static const struct param grpc_random_subsetting_params[] = {
    {.key = "subset_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct grpc_random_subsetting_config, subset_size, uint64_t),
     .fallback = "20", .min = 1, .max = UINT32_MAX,
     .help = "how many endpoints each client keeps"},
    {.key = "seed", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct grpc_random_subsetting_config, seed, uint64_t),
     .fallback = "random", .also = "random", .help = "of the hash; random: one per client"},
    START_PARAMS(struct grpc_random_subsetting_config),
    PARAM_END,
};

static void grpc_random_subsetting_init(void *memory, const void *config,
                                        const struct view *view, struct rng *rng,
                                        struct arena *arena)
{
    struct grpc_random_subsetting_state *state = memory;
    state->config = *(const struct grpc_random_subsetting_config *)config;
    if (state->config.seed == UINT64_MAX)
        state->config.seed = rng_next(rng);
    state->list = arena_take(arena, view->capacity, sizeof *state->list);
    ready_init(&state->ready, view->capacity, arena);
}

/* Of an address as Go prints it. */
static uint64_t grpc_random_subsetting_hash(const char *address, uint64_t seed)
{
    char text[GRPC_RANDOM_SUBSETTING_TEXT];
    int size = snprintf(text, sizeof text, "{Addr: \"%s\", ServerName: \"\", }", address);
    return hash_xx64(text, size < (int)sizeof text ? (size_t)size : sizeof text - 1, seed);
}

static int grpc_random_subsetting_compare(const void *one, const void *other)
{
    const struct grpc_random_subsetting_entry *a = one, *b = other;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->endpoint > b->endpoint) - (a->endpoint < b->endpoint);
}

/* A list that is no longer than the subset keeps its order. */
static void grpc_random_subsetting_choose(struct grpc_random_subsetting_state *state,
                                          const struct view *view)
{
    state->count = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_member[i])
            state->list[state->count++].endpoint = i;
    if (state->count <= state->config.subset_size)
        return;
    for (uint32_t i = 0; i < state->count; i++)
        state->list[i].hash = grpc_random_subsetting_hash(
            view->backends[state->list[i].endpoint].address, state->config.seed);
    qsort(state->list, state->count, sizeof *state->list, grpc_random_subsetting_compare);
    state->count = (uint32_t)state->config.subset_size;
}

/* The child is told of the subset whatever its health, and takes those that are up. */
static void grpc_random_subsetting_update(void *memory, const struct view *view,
                                          struct rng *rng)
{
    struct grpc_random_subsetting_state *state = memory;
    grpc_random_subsetting_choose(state, view);
    state->ready.count = 0;
    for (uint32_t i = 0; i < state->count; i++)
        if (view->is_up[state->list[i].endpoint])
            state->ready.list[state->ready.count++] = state->list[i].endpoint;
    state->ready.turn = (uint32_t)start_draw(&state->config.start, rng);
}

/* Requests wait while nobody of the subset may be picked. */
static backend_id grpc_random_subsetting_pick(void *memory, const struct view *view,
                                              const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct grpc_random_subsetting_state *state = memory;
    return ready_next(&state->ready, view->is_eligible);
}

const struct policy_ops policy_grpc_random_subsetting = {
    .kind = {.name = "grpc.random_subsetting",
             .summary = "gRPC: round robin over a few endpoints that each client draws by hash",
             .params = grpc_random_subsetting_params,
             .config_size = sizeof(struct grpc_random_subsetting_config)},
    .traits = POLICY_HOLDS | POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; O(n log n) a change",
    .source = "gRFC A68; grpc-go, balancer/randomsubsetting/randomsubsetting.go",
    .state_size = sizeof(struct grpc_random_subsetting_state),
    .init = grpc_random_subsetting_init,
    .update = grpc_random_subsetting_update,
    .pick = grpc_random_subsetting_pick,
};
