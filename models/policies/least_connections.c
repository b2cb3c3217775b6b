/* SPDX-License-Identifier: GPL-3.0-or-later
   The pod with the fewest requests outstanding from this balancer, weights ignored.  Among
   equals: any at random, the first of the list, or the next after the one picked last.  Random
   ties keep the pods ordered by count, the other two keep a tree of minima. */
#include "models/policy.h"

#include "sim/engine/least_tree.h"
#include "sim/engine/ranking.h"

enum least_tie { TIE_RANDOM, TIE_FIRST, TIE_ROTATE };

struct least_connections_config {
    uint32_t tie;
};

struct least_connections_state {
    uint32_t tie;
    backend_id next; /* TIE_ROTATE */
    struct ranking ranking;
    struct least_tree tree;
};

static const char *const least_connections_ties[] = {"random", "first", "rotate", NULL};

static const struct param least_connections_params[] = {
    {.key = "tie", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct least_connections_config, tie, uint32_t),
     .fallback = "random", .of.words = least_connections_ties,
     .help = "who wins among equally loaded: any at random, the first of the list, the next "
             "after the one picked last"},
    PARAM_END,
};

static void least_connections_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct least_connections_state *state = memory;
    state->tie = ((const struct least_connections_config *)config)->tie;
    if (state->tie == TIE_RANDOM)
        ranking_init(&state->ranking, view->capacity, arena);
    else
        least_tree_init(&state->tree, view->capacity, arena);
}

static void least_connections_set(struct least_connections_state *state,
                                  const struct view *view, backend_id backend)
{
    least_tree_set(&state->tree, backend,
                   view->is_up[backend] ? view->outstanding[backend] : LEAST_TREE_ABSENT);
}

static void least_connections_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct least_connections_state *state = memory;
    if (state->tie == TIE_RANDOM)
        ranking_rebuild(&state->ranking, view->is_up);
    for (backend_id i = 0; state->tie != TIE_RANDOM && i < view->count; i++)
        least_connections_set(state, view, i);
}

/* A limit on requests in flight is the same for all pods, so the least loaded is full only
   when all are, and then nobody asks. */
static backend_id least_connections_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)view, (void)request;
    struct least_connections_state *state = memory;
    if (state->tie == TIE_RANDOM)
        return ranking_any_least(&state->ranking, rng);
    backend_id pick = least_tree_find(&state->tree, state->next);
    if (state->tie == TIE_ROTATE)
        state->next = pick + 1;
    return pick;
}

static void least_connections_sent(void *memory, const struct view *view, backend_id backend)
{
    struct least_connections_state *state = memory;
    if (state->tie == TIE_RANDOM)
        ranking_up(&state->ranking, backend);
    else
        least_connections_set(state, view, backend);
}

static void least_connections_done(void *memory, const struct view *view, backend_id backend)
{
    struct least_connections_state *state = memory;
    if (state->tie == TIE_RANDOM)
        ranking_down(&state->ranking, backend);
    else
        least_connections_set(state, view, backend);
}

const struct policy_ops policy_least_connections = {
    .kind = {.name = "least_connections",
             .summary = "The pod with the fewest requests outstanding from this balancer",
             .params = least_connections_params,
             .config_size = sizeof(struct least_connections_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "any at random, unless `tie` says otherwise",
    .cost = "O(1) a pick, O(log n) unless ties are random; O(n) a change, or O(n log n)",
    .source = "textbook",
    .state_size = sizeof(struct least_connections_state),
    .init = least_connections_init,
    .update = least_connections_update,
    .pick = least_connections_pick,
    .sent = least_connections_sent,
    .done = least_connections_done,
};
