/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's random aperture: a window over the nodes in an order of this client's own, wide
   enough for its load: it widens by a node when the smoothed requests outstanding per node
   reach the high load, and narrows at the low.  Two are drawn inside it.  Another set of nodes,
   or one back up, sets it back to its minimum.
   Finagle: loadbalancer/aperture/RandomAperture.scala, LoadBand.scala, BaseDist.scala */
#include "models/blocks/finagle_band.h"
#include "models/blocks/finagle_window.h"

#include <stdio.h>
#include <stdlib.h>

struct finagle_random_aperture_config {
    struct finagle_band_config band;
};

struct finagle_random_aperture_token {
    uint32_t token;
    backend_id backend;
};

struct finagle_random_aperture_state {
    struct finagle_band band;
    struct finagle_window window;
    struct finagle_random_aperture_token *tokens; /* every slot, in order of token */
    double *weight;                               /* by backend_id; negative: no member */
    backend_id *busy; /* those that might not be picked when the order was made */
    uint32_t busy_count;
};

static bool finagle_random_aperture_check(void *config, struct arena *arena, char *message,
                                          size_t size)
{
    (void)arena;
    const struct finagle_random_aperture_config *given = config;
    if (given->band.low_load < given->band.high_load)
        return true;
    snprintf(message, size, "low_load must be less than high_load");
    return false;
}

static const struct param finagle_random_aperture_params[] = {
    {.key = "smooth_window", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct finagle_random_aperture_config, band.smooth_window, sim_time),
     .fallback = "15s", .min = 1, .max = 1e18, .help = "over which load is smoothed"},
    {.key = "low_load", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct finagle_random_aperture_config, band.low_load, double),
     .fallback = "0.875", .max = 1e9, .help = "load per node at which the window narrows"},
    {.key = "high_load", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct finagle_random_aperture_config, band.high_load, double),
     .fallback = "1.125", .max = 1e9, .help = "load per node at which the window widens"},
    {.key = "min_aperture", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct finagle_random_aperture_config, band.min_aperture, uint64_t),
     .fallback = "1", .min = 1, .max = 1e9, .help = "nodes in the window at least"},
    PARAM_END,
};

static int finagle_random_aperture_compare(const void *left, const void *right)
{
    const struct finagle_random_aperture_token *a = left, *b = right;
    if (a->token != b->token)
        return a->token < b->token ? -1 : 1;
    return (a->backend > b->backend) - (a->backend < b->backend);
}

static void finagle_random_aperture_init(void *memory, const void *config,
                                         const struct view *view, struct rng *rng,
                                         struct arena *arena)
{
    struct finagle_random_aperture_state *state = memory;
    state->band.config = ((const struct finagle_random_aperture_config *)config)->band;
    state->tokens = arena_take(arena, view->capacity, sizeof *state->tokens);
    state->busy = arena_take(arena, view->capacity, sizeof *state->busy);
    state->weight = arena_take(arena, view->capacity, sizeof *state->weight);
    finagle_window_init(&state->window, view->capacity, arena);
    for (backend_id i = 0; i < view->capacity; i++) {
        state->tokens[i].token = (uint32_t)(rng_next(rng) >> 32);
        state->tokens[i].backend = i;
        state->weight[i] = -2;
    }
    qsort(state->tokens, view->capacity, sizeof *state->tokens,
          finagle_random_aperture_compare);
}

/* In order of token, those that may be picked before the others. */
static void finagle_random_aperture_rebuild(struct finagle_random_aperture_state *state,
                                            const struct view *view)
{
    state->window.count = state->busy_count = 0;
    for (uint32_t i = 0; i < view->capacity; i++) {
        backend_id backend = state->tokens[i].backend;
        if (backend >= view->count || !view->is_member[backend])
            continue;
        if (view->is_eligible[backend])
            finagle_window_add(&state->window, backend, state->weight[backend]);
        else
            state->busy[state->busy_count++] = backend;
    }
    for (uint32_t i = 0; i < state->busy_count; i++)
        finagle_window_add(&state->window, state->busy[i], state->weight[state->busy[i]]);
    finagle_window_close(&state->window);
    finagle_band_reset(&state->band, state->window.count);
}

static void finagle_random_aperture_update(void *memory, const struct view *view,
                                           struct rng *rng)
{
    (void)rng;
    struct finagle_random_aperture_state *state = memory;
    bool changed = false;
    for (backend_id i = 0; i < view->count; i++) {
        double weight = view->is_member[i] ? view->backends[i].weight : -1;
        changed |= state->weight[i] != weight;
        state->weight[i] = weight;
    }
    if (changed)
        finagle_random_aperture_rebuild(state, view);
}

static bool finagle_random_aperture_is_stale(const struct finagle_random_aperture_state *state,
                                             const struct view *view)
{
    for (uint32_t i = 0; i < state->busy_count; i++)
        if (view->is_eligible[state->busy[i]])
            return true;
    return false;
}

static backend_id finagle_random_aperture_pick(void *memory, const struct view *view,
                                               const struct request *request, struct rng *rng)
{
    (void)request;
    struct finagle_random_aperture_state *state = memory;
    const struct finagle_window *window = &state->window;
    backend_id pick =
        finagle_window_pick(window, finagle_band_reach(&state->band), view, rng);
    if (pick != NO_BACKEND && !finagle_random_aperture_is_stale(state, view))
        return pick;
    finagle_random_aperture_rebuild(state, view);
    if (pick == NO_BACKEND)
        pick = finagle_window_pick(window, finagle_band_reach(&state->band), view, rng);
    return pick != NO_BACKEND ? pick : finagle_window_panic(view, rng);
}

static void finagle_random_aperture_sent(void *memory, const struct view *view,
                                         backend_id backend)
{
    (void)backend;
    struct finagle_random_aperture_state *state = memory;
    finagle_band_count(&state->band, 1, view->now);
}

static void finagle_random_aperture_done(void *memory, const struct view *view,
                                         backend_id backend)
{
    (void)backend;
    struct finagle_random_aperture_state *state = memory;
    finagle_band_count(&state->band, -1, view->now);
}

const struct policy_ops policy_finagle_random_aperture = {
    .kind = {.name = "finagle.random_aperture",
             .summary = "Least of two within a window of nodes as wide as the load needs",
             .params = finagle_random_aperture_params,
             .config_size = sizeof(struct finagle_random_aperture_config),
             .check = finagle_random_aperture_check},
    .tie_rule = "the first drawn",
    .cost = "O(log n + b) a pick, b pods not open; O(n) a change",
    .source = "Finagle loadbalancer/aperture/RandomAperture.scala",
    .state_size = sizeof(struct finagle_random_aperture_state),
    .init = finagle_random_aperture_init,
    .update = finagle_random_aperture_update,
    .pick = finagle_random_aperture_pick,
    .sent = finagle_random_aperture_sent,
    .done = finagle_random_aperture_done,
};
