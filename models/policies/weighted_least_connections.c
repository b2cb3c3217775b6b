/* SPDX-License-Identifier: GPL-3.0-or-later
   The pod with the fewest requests outstanding from this balancer for its weight; the new
   request counts or not.  Where it does not, idle pods are equal whatever their weights. */
#include "models/policy.h"

struct weighted_least_connections_config {
    bool count_new;
};

struct weighted_least_connections_state {
    uint32_t extra;
};

static const struct param weighted_least_connections_params[] = {
    {.key = "count_new", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct weighted_least_connections_config, count_new, bool),
     .fallback = "true",
     .help = "does the request that is to be placed count: (n + 1) / weight, else n / weight"},
    PARAM_END,
};

static void weighted_least_connections_init(void *memory, const void *config,
                                            const struct view *view, struct rng *rng,
                                            struct arena *arena)
{
    (void)view, (void)rng, (void)arena;
    struct weighted_least_connections_state *state = memory;
    state->extra = ((const struct weighted_least_connections_config *)config)->count_new;
}

/* Cross-multiplied: exact for whole weights.  Pods of weight 0 come last. */
static int weighted_least_connections_compare(const struct view *view, uint32_t extra,
                                              backend_id a, backend_id b)
{
    double weight_a = view->backends[a].weight, weight_b = view->backends[b].weight;
    if ((weight_a > 0) != (weight_b > 0))
        return weight_a > 0 ? -1 : 1;
    double load_a = (double)(view->outstanding[a] + extra) * (weight_b > 0 ? weight_b : 1);
    double load_b = (double)(view->outstanding[b] + extra) * (weight_a > 0 ? weight_a : 1);
    return (load_a > load_b) - (load_a < load_b);
}

static backend_id weighted_least_connections_pick(void *memory, const struct view *view,
                                                  const struct request *request,
                                                  struct rng *rng)
{
    (void)request;
    uint32_t extra = ((const struct weighted_least_connections_state *)memory)->extra;
    uint32_t ties = 1;
    backend_id best = view_eligible(view, 0);
    for (uint32_t i = 1; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        int order = weighted_least_connections_compare(view, extra, backend, best);
        ties = order < 0 ? 1 : ties + (order == 0);
        if (order < 0 || (order == 0 && rng_below(rng, ties) == 0))
            best = backend;
    }
    return best;
}

const struct policy_ops policy_weighted_least_connections = {
    .kind = {.name = "weighted_least_connections",
             .summary = "Fewest requests outstanding from this balancer for the weight",
             .params = weighted_least_connections_params,
             .config_size = sizeof(struct weighted_least_connections_config)},
    .tie_rule = "any at random",
    .cost = "O(n) a pick; nothing a change",
    .source = "textbook",
    .state_size = sizeof(struct weighted_least_connections_state),
    .init = weighted_least_connections_init,
    .pick = weighted_least_connections_pick,
};
