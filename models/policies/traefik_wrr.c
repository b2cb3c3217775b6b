/* SPDX-License-Identifier: GPL-3.0-or-later
   Weighted round robin by earliest deadline: who is picked comes again 1 / weight later.
   Traefik keeps the servers in a plain binary heap, so the order of its array decides
   among equal deadlines.  Servers that may not be picked take their turns in vain.
   traefik/traefik pkg/server/service/loadbalancer/wrr/wrr.go. */
#include "models/policy.h"

struct traefik_wrr_entry {
    double deadline;
    backend_id backend;
};

struct traefik_wrr_state {
    struct traefik_wrr_entry *heap;
    uint32_t count, weightless;
    double *weights;    /* by backend_id, as when added */
    uint8_t *is_known;  /* by backend_id: was a member once */
    double current;     /* deadline of the last turn */
};

static void traefik_wrr_init(void *memory, const void *config, const struct view *view,
                             struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct traefik_wrr_state *state = memory;
    state->heap = arena_take(arena, view->capacity, sizeof *state->heap);
    state->weights = arena_take(arena, view->capacity, sizeof *state->weights);
    state->is_known = arena_take(arena, view->capacity, sizeof *state->is_known);
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

static void traefik_wrr_add(struct traefik_wrr_state *state, const struct view *view,
                            backend_id backend)
{
    double weight = view->backends[backend].weight;
    state->is_known[backend] = true;
    state->weights[backend] = weight;
    if (weight > 0)
        traefik_wrr_push(state, (struct traefik_wrr_entry){state->current + 1 / weight,
                                                           backend});
    else
        state->weightless++;
}

/* Health only marks a server; other weights are another configuration, for which Traefik
   builds the balancer anew. */
static void traefik_wrr_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct traefik_wrr_state *state = memory;
    bool rebuild = false;
    for (backend_id i = 0; i < view->count; i++)
        rebuild |= state->is_known[i] && state->weights[i] != view->backends[i].weight;
    if (rebuild) {
        state->count = state->weightless = 0;
        state->current = 0;
    }
    for (backend_id i = 0; i < view->count; i++)
        if (rebuild ? state->is_known[i] || view->is_up[i]
                    : view->is_up[i] && !state->is_known[i])
            traefik_wrr_add(state, view, i);
}

/* A server with weight 0 is never added: with nobody else Traefik answers 503. */
static bool traefik_wrr_has_any(const struct traefik_wrr_state *state,
                                const struct view *view)
{
    for (uint32_t i = 0; state->weightless > 0 && i < view->eligible_count; i++)
        if (state->weights[view_eligible(view, i)] > 0)
            return true;
    return state->weightless == 0;
}

static backend_id traefik_wrr_pick(void *memory, const struct view *view,
                                   const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct traefik_wrr_state *state = memory;
    if (!traefik_wrr_has_any(state, view))
        return NO_BACKEND;
    for (;;) {
        struct traefik_wrr_entry entry = traefik_wrr_pop(state);
        state->current = entry.deadline;
        entry.deadline += 1 / state->weights[entry.backend];
        traefik_wrr_push(state, entry);
        if (view->is_eligible[entry.backend])
            return entry.backend;
    }
}

const struct policy_ops policy_traefik_wrr = {
    .kind = {.name = "traefik.wrr",
             .summary = "Weighted round robin by earliest deadline"},
    .traits = POLICY_WEIGHTED,
    .tie_rule = "equal deadlines: as a binary heap happens to hold them",
    .cost = "O(log n) a pick, O(n) where a weight is 0; O(n) a change, or O(n log n)",
    .source = "traefik/traefik pkg/server/service/loadbalancer/wrr/wrr.go",
    .state_size = sizeof(struct traefik_wrr_state),
    .init = traefik_wrr_init,
    .update = traefik_wrr_update,
    .pick = traefik_wrr_pick,
};
