/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's pick_first: one connection, to the first endpoint of the list that can be reached,
   for as long as it lasts.  gRFC A62; shuffled by weight as in gRFC A113.  grpc-go:
   balancer/pickfirst/pickfirst.go. */
#include "models/policy.h"
#include "sim/engine/sampler.h"

#include <stdlib.h>

struct grpc_pick_first_config {
    bool shuffle_address_list;
};

struct grpc_pick_first_entry {
    double key; /* the largest goes first */
    backend_id endpoint;
};

struct grpc_pick_first_state {
    bool shuffles;
    bool is_open;
    backend_id connected; /* NO_BACKEND: to nobody */
    struct grpc_pick_first_entry *list;
    uint32_t count;
    uint8_t *was_member;
};

static const struct param grpc_pick_first_params[] = {
    {.key = "shuffle_address_list", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct grpc_pick_first_config, shuffle_address_list, bool),
     .fallback = "false",
     .help = "puts the list in a random order, heavier endpoints rather to the front, "
             "whenever its members change"},
    PARAM_END,
};

static void grpc_pick_first_init(void *memory, const void *config, const struct view *view,
                                 struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct grpc_pick_first_state *state = memory;
    state->shuffles = ((const struct grpc_pick_first_config *)config)->shuffle_address_list;
    state->connected = NO_BACKEND;
    state->list = arena_take(arena, view->capacity, sizeof *state->list);
    state->was_member = arena_take(arena, view->capacity, sizeof *state->was_member);
}

static int grpc_pick_first_compare(const void *one, const void *other)
{
    const struct grpc_pick_first_entry *a = one, *b = other;
    if (a->key != b->key)
        return a->key > b->key ? -1 : 1;
    return (a->endpoint > b->endpoint) - (a->endpoint < b->endpoint);
}

/* The key u^(1 / weight) of A113 by its logarithm, which sorts alike and never underflows. */
static void grpc_pick_first_list(struct grpc_pick_first_state *state, const struct view *view,
                                 struct rng *rng)
{
    state->count = 0;
    for (backend_id i = 0; i < view->count; i++) {
        if (!view->is_member[i])
            continue;
        double weight = view->backends[i].weight > 0 ? view->backends[i].weight : 1;
        double key = state->shuffles ? sampler_log(rng_uniform_open(rng)) / weight : 0;
        state->list[state->count++] = (struct grpc_pick_first_entry){key, i};
    }
    if (state->shuffles)
        qsort(state->list, state->count, sizeof *state->list, grpc_pick_first_compare);
}

/* A connection lost is only made anew when it is needed. */
static void grpc_pick_first_update(void *memory, const struct view *view, struct rng *rng)
{
    struct grpc_pick_first_state *state = memory;
    bool changed = !state->is_open;
    for (backend_id i = 0; i < view->count; i++) {
        changed |= view->is_member[i] != state->was_member[i];
        state->was_member[i] = view->is_member[i];
    }
    state->is_open = true;
    if (changed)
        grpc_pick_first_list(state, view, rng);
    if (state->connected != NO_BACKEND && !view->is_up[state->connected])
        state->connected = NO_BACKEND;
}

/* Requests wait for the one endpoint when it is full. */
static backend_id grpc_pick_first_pick(void *memory, const struct view *view,
                                       const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct grpc_pick_first_state *state = memory;
    for (uint32_t i = 0; state->connected == NO_BACKEND && i < state->count; i++)
        if (view->is_up[state->list[i].endpoint])
            state->connected = state->list[i].endpoint;
    if (state->connected == NO_BACKEND || !view->is_eligible[state->connected])
        return NO_BACKEND;
    return state->connected;
}

const struct policy_ops policy_grpc_pick_first = {
    .kind = {.name = "grpc.pick_first",
             .summary = "gRPC's default: one endpoint, the first that can be reached",
             .params = grpc_pick_first_params,
             .config_size = sizeof(struct grpc_pick_first_config)},
    .traits = POLICY_HOLDS | POLICY_UNWEIGHTED,
    .tie_rule = "the first of the list",
    .cost = "O(1) a pick; O(n) a change, O(n log n) where the list is shuffled",
    .source = "gRFC A62; grpc-go, balancer/pickfirst/pickfirst.go",
    .state_size = sizeof(struct grpc_pick_first_state),
    .init = grpc_pick_first_init,
    .update = grpc_pick_first_update,
    .pick = grpc_pick_first_pick,
};
