/* SPDX-License-Identifier: GPL-3.0-or-later
   Weighted round robin by earliest deadline: who is picked comes again 1 / weight later.
   Traefik keeps the servers in a plain binary heap, so the order of its array decides
   among equal deadlines.  Servers that may not be picked take their turns in vain.
   traefik/traefik pkg/server/service/loadbalancer/wrr/wrr.go. */
#include "models/blocks/traefik_servers.h"

struct traefik_wrr_config {
    uint32_t order;
};

struct traefik_wrr_entry {
    double deadline;
    backend_id backend;
};

struct traefik_wrr_state {
    struct traefik_servers servers;
    struct traefik_wrr_entry *heap;
    uint32_t count;
};

static const struct param traefik_wrr_params[] = {
    TRAEFIK_SERVERS_PARAM(struct traefik_wrr_config),
    PARAM_END,
};

static void traefik_wrr_init(void *memory, const void *config, const struct view *view,
                             struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct traefik_wrr_state *state = memory;
    const struct traefik_wrr_config *given = config;
    traefik_servers_init(&state->servers, (enum traefik_servers_order)given->order, view, arena);
    state->heap = arena_take(arena, view->capacity, sizeof *state->heap);
}

/* A new last one rises while it is strictly before its parent. */
static void traefik_wrr_push(struct traefik_wrr_state *state, struct traefik_wrr_entry entry)
{
    uint32_t at = state->count++;
    while (at > 0 && entry.deadline < state->heap[(at - 1) / 2].deadline) {
        state->heap[at] = state->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    state->heap[at] = entry;
}

/* The last takes the place of the first and sinks to the lesser child, the left one of
   equals, while that is strictly before it. */
static struct traefik_wrr_entry traefik_wrr_pop(struct traefik_wrr_state *state)
{
    struct traefik_wrr_entry first = state->heap[0], last = state->heap[--state->count];
    uint32_t at = 0;
    for (uint32_t child; (child = 2 * at + 1) < state->count; at = child) {
        if (child + 1 < state->count &&
            state->heap[child + 1].deadline < state->heap[child].deadline)
            child++;
        if (!(state->heap[child].deadline < last.deadline))
            break;
        state->heap[at] = state->heap[child];
    }
    state->heap[at] = last;
    return first;
}

static void traefik_wrr_update(void *memory, const struct view *view, struct rng *rng)
{
    struct traefik_wrr_state *state = memory;
    if (!traefik_servers_update(&state->servers, view, rng))
        return;
    state->count = 0;
    for (uint32_t i = 0; i < state->servers.count; i++) {
        backend_id server = state->servers.list[i];
        traefik_wrr_push(
            state, (struct traefik_wrr_entry){1 / state->servers.weights[server], server});
    }
}

static backend_id traefik_wrr_pick(void *memory, const struct view *view,
                                   const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct traefik_wrr_state *state = memory;
    if (!traefik_servers_has_any(&state->servers, view))
        return NO_BACKEND;
    for (;;) {
        struct traefik_wrr_entry entry = traefik_wrr_pop(state);
        entry.deadline += 1 / state->servers.weights[entry.backend];
        traefik_wrr_push(state, entry);
        if (view->is_eligible[entry.backend])
            return entry.backend;
    }
}

const struct policy_ops policy_traefik_wrr = {
    .kind = {.name = "traefik.wrr",
             .summary = "Weighted round robin by earliest deadline",
             .params = traefik_wrr_params,
             .config_size = sizeof(struct traefik_wrr_config)},
    .traits = POLICY_WEIGHTED | POLICY_REFUSES | POLICY_WAITS,
    .tie_rule = "equal deadlines: as a binary heap happens to hold them",
    .cost = "O(log n) a pick, O(n) where a weight is 0; O(n) a change, or O(n log n)",
    .source = "traefik/traefik pkg/server/service/loadbalancer/wrr/wrr.go",
    .state_size = sizeof(struct traefik_wrr_state),
    .init = traefik_wrr_init,
    .update = traefik_wrr_update,
    .pick = traefik_wrr_pick,
};
