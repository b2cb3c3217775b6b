/* SPDX-License-Identifier: GPL-3.0-or-later
   A pod is drawn in proportion to replies per second over latency, through a tree of
   weights in O(log n); a weight shrinks as soon as requests in flight grow old.
   apache/brpc src/brpc/policy/locality_aware_load_balancer.{h,cpp}, "la". */
#include "models/blocks/locality_weight.h"
#include "models/blocks/weight_tree.h"
#include "models/policy.h"

enum { BRPC_LOCALITY_AWARE_ROUNDS = 10000 };

struct brpc_locality_aware_config {
    uint64_t min_weight;
    double punish_inflight_ratio, punish_error_ratio;
    sim_time timeout;
    uint64_t max_retry;
};

struct brpc_locality_aware_state {
    struct locality_rules rules;
    struct weight_tree tree;
    struct locality_weight *servers; /* by backend_id, as are the next two */
    int64_t *joined;                 /* us */
    uint32_t *attempt;               /* which one the last request sent there was */
};

static const struct param brpc_locality_aware_params[] = {
    {.key = "min_weight", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct brpc_locality_aware_config, min_weight, uint64_t),
     .fallback = "1000", .min = 1, .max = 1e9, .help = "least weight of a pod"},
    {.key = "punish_inflight_ratio", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct brpc_locality_aware_config, punish_inflight_ratio, double),
     .fallback = "1.5", .min = 1, .max = 1000,
     .help = "requests in flight older than this times the mean latency lower the weight"},
    {.key = "punish_error_ratio", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct brpc_locality_aware_config, punish_error_ratio, double),
     .fallback = "1.2", .min = 1, .max = 1000,
     .help = "the latency of an error that will be retried counts this many times"},
    {.key = "timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct brpc_locality_aware_config, timeout, sim_time),
     .fallback = "500ms", .min = 1e6, .max = 3.6e12,
     .help = "the channel's timeout_ms: latency of an error that will not be retried"},
    {.key = "max_retry", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct brpc_locality_aware_config, max_retry, uint64_t),
     .fallback = "3", .max = 1000, .help = "the channel's max_retry"},
    PARAM_END,
};

static void brpc_locality_aware_init(void *memory, const void *config,
                                     const struct view *view, struct rng *rng,
                                     struct arena *arena)
{
    (void)rng;
    struct brpc_locality_aware_state *state = memory;
    const struct brpc_locality_aware_config *given = config;
    state->rules = (struct locality_rules){
        (int64_t)given->min_weight, given->punish_inflight_ratio, given->punish_error_ratio,
        given->timeout / SIM_MICROSECOND, (int64_t)given->max_retry};
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
    state->joined = arena_take(arena, view->capacity, sizeof *state->joined);
    state->attempt = arena_take(arena, view->capacity, sizeof *state->attempt);
    weight_tree_init(&state->tree, view->capacity, arena);
}

/* A newcomer gets the mean weight. */
static void brpc_locality_aware_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct brpc_locality_aware_state *state = memory;
    struct weight_tree *tree = &state->tree;
    for (backend_id i = 0; i < view->count; i++)
        if (!view->is_up[i] && tree->place[i] != WEIGHT_TREE_ABSENT)
            weight_tree_remove(tree, i);
    for (backend_id i = 0; i < view->count; i++) {
        if (!view->is_up[i] || tree->place[i] != WEIGHT_TREE_ABSENT)
            continue;
        int64_t weight = tree->count > 0 ? tree->total / tree->count : LOCALITY_WEIGHT_SCALE;
        locality_weight_init(&state->servers[i], weight);
        weight_tree_add(tree, i, weight);
        state->joined[i] = view->now / SIM_MICROSECOND;
    }
}

static bool brpc_locality_aware_tried(const struct request *request, backend_id backend)
{
    for (uint32_t i = 0; i < request->tried_count; i++)
        if (request->tried[i] == backend)
            return true;
    return false;
}

static int64_t brpc_locality_aware_dice(int64_t below, struct rng *rng)
{
    return below > 0 ? (int64_t)rng_below(rng, (uint64_t)below) : 0;
}

/* Who was drawn is full: its weight is cut, and the walk goes on below it. */
static uint32_t brpc_locality_aware_pass(struct brpc_locality_aware_state *state,
                                         uint32_t place, int64_t mean, int64_t *dice,
                                         struct rng *rng)
{
    backend_id backend = state->tree.members[place];
    int64_t weight = state->tree.weights[backend];
    int64_t change = locality_weight_fail(&state->servers[backend], &state->rules, mean);
    weight_tree_change(&state->tree, backend, change);
    if (*dice >= weight + change) {
        *dice -= weight + change;
        return 2 * place + 2;
    }
    *dice = brpc_locality_aware_dice(state->tree.left[place], rng);
    return 2 * place + 1;
}

/* One walk down the tree: whom it chose, or NO_BACKEND.  *tries counts the refusals. */
static backend_id brpc_locality_aware_walk(struct brpc_locality_aware_state *state,
                                           const struct view *view,
                                           const struct request *request, uint32_t *tries,
                                           struct rng *rng)
{
    struct weight_tree *tree = &state->tree;
    int64_t total = tree->total, change;
    int64_t dice = brpc_locality_aware_dice(total, rng);
    uint32_t place = weight_tree_descend(tree, 0, &dice);
    while (place < tree->count && !view->is_eligible[tree->members[place]]) {
        place = brpc_locality_aware_pass(state, place, total / tree->count, &dice, rng);
        *tries += place >= tree->count;
        place = weight_tree_descend(tree, place, &dice);
    }
    if (place >= tree->count)
        return NO_BACKEND;
    backend_id backend = tree->members[place];
    bool chosen = *tries + 1 == tree->count || !brpc_locality_aware_tried(request, backend);
    if (chosen) {
        chosen = locality_weight_begin(&state->servers[backend], &state->rules,
                                       view->now / SIM_MICROSECOND, dice, &change);
        weight_tree_change(tree, backend, change);
    }
    *tries += !chosen;
    return chosen ? backend : NO_BACKEND;
}

/* brpc gives up with EHOSTDOWN after as many refusals as there are pods; here one of
   those that may be picked is drawn then. */
static backend_id brpc_locality_aware_pick(void *memory, const struct view *view,
                                           const struct request *request, struct rng *rng)
{
    struct brpc_locality_aware_state *state = memory;
    backend_id pick = NO_BACKEND;
    uint32_t tries = 0;
    for (int round = 0; round < BRPC_LOCALITY_AWARE_ROUNDS && tries < state->tree.count &&
                        pick == NO_BACKEND; round++)
        pick = brpc_locality_aware_walk(state, view, request, &tries, rng);
    if (pick == NO_BACKEND) {
        pick = view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
        state->servers[pick].begin_sum += view->now / SIM_MICROSECOND;
        state->servers[pick].begin_count++;
    }
    state->attempt[pick] = request->attempt;
    return pick;
}

static void brpc_locality_aware_learn(void *memory, const struct view *view,
                                      const struct outcome_report *outcome)
{
    struct brpc_locality_aware_state *state = memory;
    backend_id backend = outcome->backend;
    struct locality_call call = {(view->now - outcome->latency) / SIM_MICROSECOND,
                                 view->now / SIM_MICROSECOND, outcome->success,
                                 state->attempt[backend]};
    if (state->tree.place[backend] == WEIGHT_TREE_ABSENT || call.begin < state->joined[backend])
        return;
    int64_t change = locality_weight_end(&state->servers[backend], &state->rules, &call);
    weight_tree_change(&state->tree, backend, change);
}

const struct policy_ops policy_brpc_locality_aware = {
    .kind = {.name = "brpc.locality_aware",
             .summary = "Drawn in proportion to replies per second over latency",
             .params = brpc_locality_aware_params,
             .config_size = sizeof(struct brpc_locality_aware_config)},
    .differs = "a pod that is down leaves the tree and comes back with the mean weight; in brpc it "
               "stays, with the mean at most",
    .cost = "O(log n) a pick; O(n) a change",
    .source = "apache/brpc src/brpc/policy/locality_aware_load_balancer.cpp",
    .state_size = sizeof(struct brpc_locality_aware_state),
    .init = brpc_locality_aware_init,
    .update = brpc_locality_aware_update,
    .pick = brpc_locality_aware_pick,
    .learn = brpc_locality_aware_learn,
};
