/* SPDX-License-Identifier: GPL-3.0-or-later
   Consistent hashing with bounded loads: nobody may have more requests in flight than `factor`
   times the share of its weight, rounded up, the new request counted; a key whose pod is at
   that bound goes where the inner policy sends it when such pods may not be picked.  V.
   Mirrokni, M. Thorup, M. Zadimoghaddam, arXiv 1608.01350 (2016). */
#include "models/policy.h"

struct bounded_load_config {
    struct param_kind inner;
    double factor;
};

struct bounded_load_state {
    const struct policy_ops *inner;
    void *memory; /* the inner policy's state */
    double factor, weight; /* weight: of all that are up */
    uint64_t outstanding;  /* of all that are up */
    uint8_t *is_eligible;
    backend_id *eligible;
};

extern const struct policy_ops policy_bounded_load;

static bool bounded_load_takes(const struct kind *kind)
{
    const struct policy_ops *ops = (const struct policy_ops *)kind;
    return ops != &policy_bounded_load && (ops->traits & POLICY_CONSISTENT) != 0 &&
           (ops->traits & ~(unsigned)(POLICY_CONSISTENT | POLICY_WEIGHTED |
                                      POLICY_UNWEIGHTED | POLICY_KEYLESS |
                                      POLICY_ZONED | POLICY_REFUSES)) == 0;
}

static const struct kind *bounded_load_inner_at(size_t index)
{
    for (size_t i = 0; policy_kinds.at(i) != NULL; i++)
        if (bounded_load_takes(policy_kinds.at(i)) && index-- == 0)
            return policy_kinds.at(i);
    return NULL;
}

static const struct kind_list bounded_load_inner = {.noun = "hashing policy",
                                                    .at = bounded_load_inner_at};

static const struct param bounded_load_params[] = {
    {.key = "inner", .type = PARAM_KIND, .unit = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct bounded_load_config, inner, struct param_kind),
     .fallback = "rendezvous", .of.kinds = &bounded_load_inner,
     .help = "the policy that hashes keys to pods"},
    {.key = "factor", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct bounded_load_config, factor, double), .fallback = "1.25",
     .min = 1, .max = 1e6, .help = "the bound over the mean: 1 + epsilon of the paper"},
    PARAM_END,
};

static void bounded_load_init(void *memory, const void *config, const struct view *view,
                              struct rng *rng, struct arena *arena)
{
    struct bounded_load_state *state = memory;
    const struct bounded_load_config *given = config;
    const struct policy_ops *inner = policy_ops(&given->inner);
    state->inner = inner;
    state->factor = given->factor;
    state->memory = arena_take(arena, 1, inner->state_size > 0 ? inner->state_size : 1);
    state->is_eligible = arena_take(arena, view->capacity, sizeof *state->is_eligible);
    state->eligible = arena_take(arena, view->capacity, sizeof *state->eligible);
    if (inner->init != NULL)
        inner->init(state->memory, given->inner.config, view, rng, arena);
}

static void bounded_load_update(void *memory, const struct view *view, struct rng *rng)
{
    struct bounded_load_state *state = memory;
    state->weight = 0;
    state->outstanding = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i]) {
            state->weight += view->backends[i].weight;
            state->outstanding += view->outstanding[i];
        }
    if (state->inner->update != NULL)
        state->inner->update(state->memory, view, rng);
}

static bool bounded_load_has_room(const struct bounded_load_state *state,
                                  const struct view *view, backend_id backend)
{
    if (state->weight == 0)
        return true;
    double share = view->backends[backend].weight / state->weight;
    return view->outstanding[backend] <
           state->factor * (double)(int64_t)(state->outstanding + 1) * share;
}

/* The view without those at their bound. */
static struct view bounded_load_restrict(struct bounded_load_state *state,
                                         const struct view *view)
{
    struct view rest = *view;
    rest.is_eligible = state->is_eligible;
    rest.eligible = state->eligible;
    rest.eligible_count = 0;
    for (backend_id i = 0; i < view->count; i++) {
        bool room = view->is_eligible[i] && bounded_load_has_room(state, view, i);
        state->is_eligible[i] = room;
        if (room)
            state->eligible[rest.eligible_count++] = i;
    }
    return rest;
}

/* Hashing policies keep no count of picks, so asking twice changes nothing. */
static backend_id bounded_load_pick(void *memory, const struct view *view,
                                    const struct request *request, struct rng *rng)
{
    struct bounded_load_state *state = memory;
    backend_id pick = state->inner->pick(state->memory, view, request, rng);
    if (pick == NO_BACKEND || bounded_load_has_room(state, view, pick))
        return pick;
    struct view rest = bounded_load_restrict(state, view);
    if (rest.eligible_count == 0)
        return pick;
    backend_id other = state->inner->pick(state->memory, &rest, request, rng);
    return other != NO_BACKEND ? other : pick;
}

static void bounded_load_sent(void *memory, const struct view *view, backend_id backend)
{
    struct bounded_load_state *state = memory;
    state->outstanding += view->is_up[backend];
    if (state->inner->sent != NULL)
        state->inner->sent(state->memory, view, backend);
}

static void bounded_load_done(void *memory, const struct view *view, backend_id backend)
{
    struct bounded_load_state *state = memory;
    state->outstanding -= view->is_up[backend];
    if (state->inner->done != NULL)
        state->inner->done(state->memory, view, backend);
}

const struct policy_ops policy_bounded_load = {
    .kind = {.name = "bounded_load",
             .summary = "A hashing policy that passes over pods with more than their share",
             .params = bounded_load_params,
             .config_size = sizeof(struct bounded_load_config)},
    .traits = POLICY_REFUSES,
    .tie_rule = "the inner policy's",
    .cost = "that of the hashing policy, O(n) more a pick over the bound; "
            "O(n) more a change",
    .source = "Mirrokni, Thorup and Zadimoghaddam 2016",
    .state_size = sizeof(struct bounded_load_state),
    .init = bounded_load_init,
    .update = bounded_load_update,
    .pick = bounded_load_pick,
    .sent = bounded_load_sent,
    .done = bounded_load_done,
};
