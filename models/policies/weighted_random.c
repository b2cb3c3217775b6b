/* SPDX-License-Identifier: GPL-3.0-or-later
   A pod at random, each in proportion to its weight, load ignored.  A pod that is full is
   drawn again; after some draws in vain the line of weights is walked over the eligible. */
#include "models/policy.h"

enum { WEIGHTED_RANDOM_DRAWS = 16 };

struct weighted_random_state {
    backend_id *members; /* with a weight */
    double *ends;        /* beside them: running sum of the weights */
    uint32_t count;
};

static void weighted_random_init(void *memory, const void *config, const struct view *view,
                                 struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct weighted_random_state *state = memory;
    state->members = arena_take(arena, view->capacity, sizeof *state->members);
    state->ends = arena_take(arena, view->capacity, sizeof *state->ends);
}

static void weighted_random_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct weighted_random_state *state = memory;
    double sum = 0;
    state->count = 0;
    for (backend_id i = 0; i < view->count; i++) {
        if (!view->is_up[i] || view->backends[i].weight <= 0)
            continue;
        sum += view->backends[i].weight;
        state->members[state->count] = i;
        state->ends[state->count++] = sum;
    }
}

static backend_id weighted_random_draw(const struct weighted_random_state *state,
                                       struct rng *rng)
{
    double point = rng_uniform(rng) * state->ends[state->count - 1];
    uint32_t low = 0, high = state->count - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (point < state->ends[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return state->members[low];
}

static backend_id weighted_random_walk(const struct view *view, struct rng *rng)
{
    double sum = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++)
        sum += view->backends[view_eligible(view, i)].weight;
    double point = rng_uniform(rng) * sum;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        point -= view->backends[view_eligible(view, i)].weight;
        if (point < 0)
            return view_eligible(view, i);
    }
    return view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
}

static backend_id weighted_random_pick(void *memory, const struct view *view,
                                       const struct request *request, struct rng *rng)
{
    (void)request;
    const struct weighted_random_state *state = memory;
    for (int i = 0; i < WEIGHTED_RANDOM_DRAWS && state->count > 0; i++) {
        backend_id drawn = weighted_random_draw(state, rng);
        if (view->is_eligible[drawn])
            return drawn;
    }
    return weighted_random_walk(view, rng);
}

const struct policy_ops policy_weighted_random = {
    .kind = {.name = "weighted_random",
             .summary = "Any pod at random, in proportion to its weight"},
    .traits = POLICY_WEIGHTED,
    .cost = "O(log n) a pick; O(n) a change",
    .source = "textbook",
    .state_size = sizeof(struct weighted_random_state),
    .init = weighted_random_init,
    .update = weighted_random_update,
    .pick = weighted_random_pick,
};
