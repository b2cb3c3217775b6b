/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's CLIENT_SIDE_WEIGHTED_ROUND_ROBIN: its round robin, with weights from the load that
   pods report with their replies; a host without one gets the median of the others.  Any
   change of weights makes the schedule anew.
   source/extensions/load_balancing_policies/client_side_weighted_round_robin/. */
#include "models/blocks/edf_rotation.h"
#include "models/blocks/orca.h"
#include "models/blocks/start.h"

#include <stdlib.h>

struct client_side_config {
    struct orca_config orca;
    struct start start;
};

struct client_side_state {
    struct orca orca;
    struct edf_rotation rotation;
    backend_id *hosts; /* those up */
    struct edf_entry *heap;
    double *weights; /* by backend_id, whole numbers above 0 */
    double *known;   /* scratch */
    uint8_t *was_member;
    bool is_open;
};

static const struct param client_side_params[] = {
    /* The API says that the penalty defaults to 1; the program takes 0. */
    ORCA_PARAMS(struct client_side_config, 1e6, "0"),
    START_PARAMS(struct client_side_config),
    PARAM_END,
};

static void envoy_client_side_weighted_round_robin_init(void *memory, const void *config,
                                                        const struct view *view,
                                                        struct rng *rng, struct arena *arena)
{
    const struct client_side_config *given = config;
    struct client_side_state *state = memory;
    uint32_t room = view->capacity;
    orca_init(&state->orca, &given->orca, ORCA_ENVOY, room, arena);
    orca_restart(&state->orca, view->now);
    edf_rotation_init(&state->rotation, start_draw(&given->start, rng));
    state->hosts = arena_take(arena, room, sizeof *state->hosts);
    state->heap = arena_take(arena, room, sizeof *state->heap);
    state->weights = arena_take(arena, room, sizeof *state->weights);
    state->known = arena_take(arena, room, sizeof *state->known);
    state->was_member = arena_take(arena, room, sizeof *state->was_member);
}

static double envoy_client_side_weighted_round_robin_weigh(const void *weights, uint32_t host)
{
    return ((const double *)weights)[host];
}

static int envoy_client_side_weighted_round_robin_compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* A whole number; 1 where there are none. */
static double envoy_client_side_weighted_round_robin_median(double *known, uint32_t count)
{
    if (count == 0)
        return 1;
    qsort(known, count, sizeof *known, envoy_client_side_weighted_round_robin_compare);
    if (count % 2 == 1)
        return known[count / 2];
    return (double)(uint64_t)((known[count / 2 - 1] + known[count / 2]) / 2);
}

static bool envoy_client_side_weighted_round_robin_set(double *weight, double value)
{
    bool changed = *weight != value;
    *weight = value > 1 ? value : 1;
    return changed;
}

/* Reads the weights of all members as of `at`; says whether any changed. */
static bool envoy_client_side_weighted_round_robin_read(struct client_side_state *state,
                                                        const struct view *view, sim_time at)
{
    uint32_t count = 0, members = 0;
    bool changed = false;
    double weight;
    for (backend_id i = 0; i < view->count; i++) {
        members += view->is_member[i];
        if (!view->is_member[i] || !orca_weight(&state->orca, i, at, &weight))
            continue;
        state->known[count++] = weight;
        changed |= envoy_client_side_weighted_round_robin_set(&state->weights[i], weight);
    }
    if (count == members)
        return changed;
    double median = envoy_client_side_weighted_round_robin_median(state->known, count);
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_member[i] && !orca_weight(&state->orca, i, at, &weight))
            changed |= envoy_client_side_weighted_round_robin_set(&state->weights[i], median);
    return changed;
}

static struct edf_weights
envoy_client_side_weighted_round_robin_weights(const struct client_side_state *state)
{
    return (struct edf_weights){envoy_client_side_weighted_round_robin_weigh, state->weights};
}

static void envoy_client_side_weighted_round_robin_refresh(struct client_side_state *state,
                                                           const struct view *view)
{
    edf_rotation_refresh(&state->rotation, state->hosts,
                         edf_rotation_hosts(view, state->hosts), state->heap,
                         envoy_client_side_weighted_round_robin_weights(state));
}

/* Until the first reading the configured weights hold.  A host that joins anew is new. */
static void envoy_client_side_weighted_round_robin_update(void *memory,
                                                          const struct view *view,
                                                          struct rng *rng)
{
    (void)rng;
    struct client_side_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        if (view->is_member[i] && !state->was_member[i])
            orca_forget(&state->orca, i);
        state->was_member[i] = view->is_member[i];
        if (!state->is_open)
            state->weights[i] = edf_rotation_weight(view, i);
    }
    if (state->is_open)
        envoy_client_side_weighted_round_robin_read(state, view, view->now);
    state->is_open = true;
    envoy_client_side_weighted_round_robin_refresh(state, view);
}

static void envoy_client_side_weighted_round_robin_tick(struct client_side_state *state,
                                                        const struct view *view)
{
    sim_time at;
    if (orca_is_due(&state->orca, view->now, &at) &&
        envoy_client_side_weighted_round_robin_read(state, view, at))
        envoy_client_side_weighted_round_robin_refresh(state, view);
}

static backend_id
envoy_client_side_weighted_round_robin_pick(void *memory, const struct view *view,
                                            const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct client_side_state *state = memory;
    envoy_client_side_weighted_round_robin_tick(state, view);
    return edf_rotation_pick(&state->rotation, view->is_eligible,
                             envoy_client_side_weighted_round_robin_weights(state));
}

static void envoy_client_side_weighted_round_robin_learn(void *memory, const struct view *view,
                                                         const struct outcome_report *outcome)
{
    struct client_side_state *state = memory;
    envoy_client_side_weighted_round_robin_tick(state, view);
    orca_learn(&state->orca, view->now, outcome);
}

const struct policy_ops policy_envoy_client_side_weighted_round_robin = {
    .kind = {.name = "envoy.client_side_weighted_round_robin",
             .summary = "Envoy: round robin with weights from the load that pods report",
             .params = client_side_params,
             .config_size = sizeof(struct client_side_config)},
    .traits = POLICY_REPORTS,
    .tie_rule = "among equal deadlines who has waited longest",
    .cost = "O(log n) a pick, O(n log n) each weight_update_period; O(n log n) a change",
    .source = "Envoy, load_balancing_policies/client_side_weighted_round_robin/",
    .state_size = sizeof(struct client_side_state),
    .init = envoy_client_side_weighted_round_robin_init,
    .update = envoy_client_side_weighted_round_robin_update,
    .pick = envoy_client_side_weighted_round_robin_pick,
    .learn = envoy_client_side_weighted_round_robin_learn,
};
