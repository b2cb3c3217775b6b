/* SPDX-License-Identifier: GPL-3.0-or-later
   Deterministic subsetting: balancers are dealt into rounds; each round shuffles the list in
   its own way, cuts it into subsets, and gives one to each of its balancers, so that pods get
   equal numbers of them.  Requests go to the subset only.  Any change of members reshuffles
   all.  Site Reliability Engineering (O'Reilly 2016), chapter 20. */
#include "models/policy.h"

enum rotating_subset_within { WITHIN_ROUND_ROBIN, WITHIN_RANDOM, WITHIN_LEAST };

struct rotating_subset_config {
    uint64_t size;
    uint32_t within;
};

struct rotating_subset_state {
    uint32_t size, within;
    backend_id *list;   /* those that are up, shuffled */
    backend_id *subset; /* within list */
    uint32_t count;     /* of subset */
    uint32_t next;      /* WITHIN_ROUND_ROBIN */
};

static const char *const rotating_subset_ways[] = {"round_robin", "random", "least", NULL};

static const struct param rotating_subset_params[] = {
    {.key = "subset_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct rotating_subset_config, size, uint64_t), .fallback = "20",
     .min = 1, .max = 1e6, .help = "pods that each balancer sends to"},
    {.key = "within", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct rotating_subset_config, within, uint32_t),
     .fallback = "round_robin", .of.words = rotating_subset_ways,
     .help = "who of the subset: each in turn, any at random, the first with the fewest "
             "requests outstanding from here"},
    PARAM_END,
};

static void rotating_subset_init(void *memory, const void *config, const struct view *view,
                                 struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct rotating_subset_state *state = memory;
    const struct rotating_subset_config *given = config;
    state->size = (uint32_t)given->size;
    state->within = given->within;
    state->list = arena_take(arena, view->capacity, sizeof *state->list);
}

/* The shuffle depends on the round alone: all balancers of a round must agree. */
static void rotating_subset_shuffle(backend_id *list, uint32_t count, uint32_t round)
{
    struct rng rng;
    rng_open(&rng, 0, "rotating_subset", round);
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = (uint32_t)rng_below(&rng, i);
        backend_id backend = list[i - 1];
        list[i - 1] = list[other];
        list[other] = backend;
    }
}

static void rotating_subset_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct rotating_subset_state *state = memory;
    uint32_t up = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i])
            state->list[up++] = i;
    uint32_t subsets = up > state->size ? up / state->size : 1;
    rotating_subset_shuffle(state->list, up, view->peer / subsets);
    state->count = up < state->size ? up : state->size;
    state->subset = state->list + view->peer % subsets * state->count;
}

/* The first eligible of the subset from a place on, or the least loaded; NO_BACKEND where
   nobody is eligible. */
static backend_id rotating_subset_of(const struct rotating_subset_state *state,
                                     const struct view *view, uint32_t from, bool least)
{
    backend_id best = NO_BACKEND;
    for (uint32_t i = 0; i < state->count; i++) {
        backend_id candidate = state->subset[(from + i) % state->count];
        if (!view->is_eligible[candidate])
            continue;
        if (best == NO_BACKEND || view->outstanding[candidate] < view->outstanding[best])
            best = candidate;
        if (!least)
            break;
    }
    return best;
}

static backend_id rotating_subset_random(const struct rotating_subset_state *state,
                                         const struct view *view, struct rng *rng)
{
    uint32_t eligible = 0;
    for (uint32_t i = 0; i < state->count; i++)
        eligible += view->is_eligible[state->subset[i]];
    if (eligible == 0)
        return NO_BACKEND;
    uint64_t skip = rng_below(rng, eligible);
    for (uint32_t i = 0;; i++)
        if (view->is_eligible[state->subset[i]] && skip-- == 0)
            return state->subset[i];
}

/* With nobody left in the subset any pod is better than none. */
static backend_id rotating_subset_pick(void *memory, const struct view *view,
                                       const struct request *request, struct rng *rng)
{
    (void)request;
    struct rotating_subset_state *state = memory;
    backend_id pick;
    if (state->within == WITHIN_RANDOM)
        pick = rotating_subset_random(state, view, rng);
    else
        pick = rotating_subset_of(state, view, state->next, state->within == WITHIN_LEAST);
    if (pick == NO_BACKEND)
        return view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
    while (state->within == WITHIN_ROUND_ROBIN &&
           state->subset[state->next++ % state->count] != pick)
        continue;
    return pick;
}

const struct policy_ops policy_rotating_subset = {
    .kind = {.name = "rotating_subset",
             .summary = "Each balancer has its own subset, dealt evenly over the pods",
             .params = rotating_subset_params,
             .config_size = sizeof(struct rotating_subset_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "within: least takes the first in the order of the shuffle",
    .cost = "O(1) a pick, O(s) unless round robin, s pods of the subset; O(n) a change",
    .source = "Site Reliability Engineering, chapter 20",
    .state_size = sizeof(struct rotating_subset_state),
    .init = rotating_subset_init,
    .update = rotating_subset_update,
    .pick = rotating_subset_pick,
};
