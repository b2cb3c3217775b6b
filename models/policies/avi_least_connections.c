/* SPDX-License-Identifier: GPL-3.0-or-later
   Fewest requests in flight over the ratio.  A server that comes up later is ramped: its
   ratio grows from a hundredth to the whole in connection_ramp_duration.  NSX ALB (Avi)
   documentation, Load Balancing Algorithms, pool object; ties are not documented: in turn
   by ratio here. */
#include "models/policy.h"

#define AVI_LEAST_CONNECTIONS_FIRST_SHARE 0.01

struct avi_least_connections_config {
    sim_time connection_ramp_duration;
};

struct avi_least_connections_state {
    sim_time ramp;
    sim_time *since; /* by backend_id: when it came up */
    uint8_t *was_up;
    double *credit;  /* by backend_id: smooth turns among the tied */
    bool has_begun;
};

static const struct param avi_least_connections_params[] = {
    {.key = "connection_ramp_duration", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct avi_least_connections_config, connection_ramp_duration,
                           sim_time),
     .fallback = "10m", .max = 300 * 60e9,
     .help = "time in which a server brought up gets its whole share; 0s: at once"},
    PARAM_END,
};

static void avi_least_connections_init(void *memory, const void *config,
                                       const struct view *view, struct rng *rng,
                                       struct arena *arena)
{
    (void)rng;
    struct avi_least_connections_state *state = memory;
    state->ramp = ((const struct avi_least_connections_config *)config)
                      ->connection_ramp_duration;
    state->since = arena_take(arena, view->capacity, sizeof *state->since);
    state->was_up = arena_take(arena, view->capacity, sizeof *state->was_up);
    state->credit = arena_take(arena, view->capacity, sizeof *state->credit);
}

/* Those of the beginning need no ramp: they would all be on it together. */
static void avi_least_connections_update(void *memory, const struct view *view,
                                         struct rng *rng)
{
    (void)rng;
    struct avi_least_connections_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        if (view->is_up[i] && !state->was_up[i]) {
            state->since[i] = state->has_begun ? view->now : view->now - state->ramp;
            state->credit[i] = 0;
        }
        state->was_up[i] = view->is_up[i];
    }
    state->has_begun = true;
}

/* The ratio as far as it is ramped up. */
static double avi_least_connections_share(const struct avi_least_connections_state *state,
                                          const struct view *view, backend_id backend)
{
    sim_time age = view->now - state->since[backend];
    double share = age < state->ramp ? (double)age / (double)state->ramp : 1;
    if (share < AVI_LEAST_CONNECTIONS_FIRST_SHARE)
        share = AVI_LEAST_CONNECTIONS_FIRST_SHARE;
    return view->backends[backend].weight * share;
}

/* Among those with the least load all gain their share, and who has most pays the total.
   */
static backend_id avi_least_connections_of_tied(struct avi_least_connections_state *state,
                                                const struct view *view, double least)
{
    backend_id best = NO_BACKEND;
    double total = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double share = avi_least_connections_share(state, view, backend);
        if (!(share > 0) || view->outstanding[backend] / share != least)
            continue;
        state->credit[backend] += share;
        total += share;
        if (best == NO_BACKEND || state->credit[backend] > state->credit[best])
            best = backend;
    }
    state->credit[best] -= total;
    return best;
}

static backend_id avi_least_connections_pick(void *memory, const struct view *view,
                                             const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct avi_least_connections_state *state = memory;
    backend_id best = NO_BACKEND;
    double least = 0;
    uint32_t ties = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double share = avi_least_connections_share(state, view, backend);
        if (!(share > 0))
            continue;
        double load = view->outstanding[backend] / share;
        if (best == NO_BACKEND || load < least) {
            best = backend;
            least = load;
            ties = 0;
        }
        ties += load == least;
    }
    return ties > 1 ? avi_least_connections_of_tied(state, view, least) : best;
}

const struct policy_ops policy_avi_least_connections = {
    .kind = {.name = "avi.least_connections",
             .summary = "Fewest in flight over the ratio, new servers ramped up",
             .params = avi_least_connections_params,
             .config_size = sizeof(struct avi_least_connections_config)},
    .tie_rule = "in turn, by ratio",
    .cost = "O(n) a pick; O(n) a change",
    .source = "NSX ALB documentation, Load Balancing Algorithms",
    .state_size = sizeof(struct avi_least_connections_state),
    .init = avi_least_connections_init,
    .update = avi_least_connections_update,
    .pick = avi_least_connections_pick,
};
