/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's peak EWMA: of two distinct nodes the one with the lower (round trip time) *
   (pending + 1).  The time jumps up to a sample above it and decays otherwise, also when it is
   read.  A node without a reply yet costs more than any other once it has one request.
   Finagle: loadbalancer/PeakEwma.scala, util/Ema.scala */
#include "models/blocks/ewma.h"
#include "models/blocks/finagle_classes.h"

#define FINAGLE_PEAK_EWMA_PENALTY ((double)(INT64_MAX >> 16))

struct finagle_peak_ewma_config {
    sim_time decay_time;
};

struct finagle_peak_ewma_state {
    sim_time decay_time;
    struct finagle_classes classes;
    struct ewma *cost; /* by backend_id, ns */
    uint64_t *owner;   /* complement of the identity of whose it is; 0: nobody's */
};

static const struct param finagle_peak_ewma_params[] = {
    {.key = "decay_time", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct finagle_peak_ewma_config, decay_time, sim_time),
     .fallback = "10s", .min = 1, .max = 1e18,
     .help = "after so long a round trip time counts 1/e"},
    PARAM_END,
};

static void finagle_peak_ewma_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct finagle_peak_ewma_state *state = memory;
    state->decay_time = ((const struct finagle_peak_ewma_config *)config)->decay_time;
    finagle_classes_init(&state->classes, view->capacity, arena);
    state->cost = arena_take(arena, view->capacity, sizeof *state->cost);
    state->owner = arena_take(arena, view->capacity, sizeof *state->owner);
}

static void finagle_peak_ewma_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct finagle_peak_ewma_state *state = memory;
    finagle_classes_update(&state->classes, view);
    for (backend_id i = 0; i < view->count; i++) {
        uint64_t owner = view->is_member[i] ? ~view->backends[i].identity : 0;
        if (state->owner[i] == owner)
            continue;
        state->owner[i] = owner;
        state->cost[i] = (struct ewma){0, view->now};
    }
}

static double finagle_peak_ewma_load(void *memory, const struct view *view, backend_id backend)
{
    struct finagle_peak_ewma_state *state = memory;
    struct ewma *cost = &state->cost[backend];
    ewma_feed_peak(cost, 0, view->now, state->decay_time);
    uint32_t pending = view->outstanding[backend];
    if (cost->value == 0 && pending > 0)
        return FINAGLE_PEAK_EWMA_PENALTY + pending;
    return cost->value * ((double)pending + 1);
}

static backend_id finagle_peak_ewma_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)request;
    struct finagle_peak_ewma_state *state = memory;
    struct finagle_load load = {finagle_peak_ewma_load, state};
    return finagle_classes_pick(&state->classes, view, load, rng);
}

/* Errors count as any reply does. */
static void finagle_peak_ewma_learn(void *memory, const struct view *view,
                                    const struct outcome_report *outcome)
{
    struct finagle_peak_ewma_state *state = memory;
    ewma_feed_peak(&state->cost[outcome->backend], (double)outcome->latency, view->now,
                   state->decay_time);
}

const struct policy_ops policy_finagle_peak_ewma = {
    .kind = {.name = "finagle.peak_ewma",
             .summary = "Of two nodes the lower peak-sensitive latency times pending",
             .params = finagle_peak_ewma_params,
             .config_size = sizeof(struct finagle_peak_ewma_config)},
    .tie_rule = "the first drawn",
    .cost = "O(c) a pick, c different weights; O(n c) a change",
    .source = "Finagle loadbalancer/PeakEwma.scala",
    .state_size = sizeof(struct finagle_peak_ewma_state),
    .init = finagle_peak_ewma_init,
    .update = finagle_peak_ewma_update,
    .pick = finagle_peak_ewma_pick,
    .learn = finagle_peak_ewma_learn,
};
