/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's ROUND_ROBIN: each host in turn while all weights are equal, else the earliest
   deadline first, with a random number of picks made in advance so that workers do not walk
   in step.  source/extensions/load_balancing_policies/round_robin/round_robin_lb.h. */
#include "models/blocks/edf_rotation.h"
#include "models/blocks/start.h"

struct envoy_round_robin_config {
    struct start start;
};

struct envoy_round_robin_state {
    struct edf_rotation rotation;
    backend_id *hosts;
    struct edf_entry *heap;
};

static const struct param envoy_round_robin_params[] = {
    START_PARAMS(struct envoy_round_robin_config),
    PARAM_END,
};

static void envoy_round_robin_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    const struct envoy_round_robin_config *given = config;
    struct envoy_round_robin_state *state = memory;
    edf_rotation_init(&state->rotation, start_draw(&given->start, rng));
    state->hosts = arena_take(arena, view->capacity, sizeof *state->hosts);
    state->heap = arena_take(arena, view->capacity, sizeof *state->heap);
}

static struct edf_weights envoy_round_robin_weights(const struct view *view)
{
    return (struct edf_weights){edf_rotation_weight, view};
}

static void envoy_round_robin_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct envoy_round_robin_state *state = memory;
    edf_rotation_refresh(&state->rotation, state->hosts,
                         edf_rotation_hosts(view, state->hosts), state->heap,
                         envoy_round_robin_weights(view));
}

static backend_id envoy_round_robin_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct envoy_round_robin_state *state = memory;
    return edf_rotation_pick(&state->rotation, view->is_eligible,
                             envoy_round_robin_weights(view));
}

const struct policy_ops policy_envoy_round_robin = {
    .kind = {.name = "envoy.round_robin",
             .summary = "Envoy: each host in turn, by earliest deadline where weights differ",
             .params = envoy_round_robin_params,
             .config_size = sizeof(struct envoy_round_robin_config)},
    .traits = POLICY_WEIGHTED | POLICY_LIVE,
    .tie_rule = "among equal deadlines who has waited longest",
    .cost = "O(1) a pick, O(log n) with unlike weights; O(n) a change, or O(n log n)",
    .source = "Envoy, load_balancing_policies/round_robin/round_robin_lb.h",
    .state_size = sizeof(struct envoy_round_robin_state),
    .init = envoy_round_robin_init,
    .update = envoy_round_robin_update,
    .pick = envoy_round_robin_pick,
};
