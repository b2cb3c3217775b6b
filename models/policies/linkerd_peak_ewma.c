/* SPDX-License-Identifier: GPL-3.0-or-later
   Linkerd's balancer: of two distinct endpoints the one with the lower (round trip time) *
   (pending + 1).  The time begins at a default, jumps up to a sample above it and decays
   otherwise, also when it is read.  It runs to the first data of the response; an error is a
   response like any other.
   Linkerd: linkerd/pool/p2c, tower: tower/src/load/peak_ewma.rs */
#include "models/blocks/ewma.h"
#include "models/blocks/pair.h"

struct linkerd_peak_ewma_config {
    sim_time decay, default_rtt;
};

struct linkerd_peak_ewma_state {
    struct linkerd_peak_ewma_config config;
    struct ewma *rtt; /* by backend_id, ns */
    uint64_t *owner;  /* complement of the identity of whose it is; 0: nobody's */
};

static const struct param linkerd_peak_ewma_params[] = {
    {.key = "decay", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct linkerd_peak_ewma_config, decay, sim_time),
     .fallback = "10s", .min = 1, .max = 1e18,
     .help = "after so long a round trip time counts 1/e"},
    {.key = "default_rtt", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct linkerd_peak_ewma_config, default_rtt, sim_time),
     .fallback = "30ms", .min = 1, .max = 1e18,
     .help = "round trip time of an endpoint without a response yet"},
    PARAM_END,
};

static void linkerd_peak_ewma_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct linkerd_peak_ewma_state *state = memory;
    state->config = *(const struct linkerd_peak_ewma_config *)config;
    state->rtt = arena_take(arena, view->capacity, sizeof *state->rtt);
    state->owner = arena_take(arena, view->capacity, sizeof *state->owner);
}

static void linkerd_peak_ewma_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct linkerd_peak_ewma_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        uint64_t owner = view->is_member[i] ? ~view->backends[i].identity : 0;
        if (state->owner[i] == owner)
            continue;
        state->owner[i] = owner;
        state->rtt[i] = (struct ewma){(double)state->config.default_rtt, view->now};
    }
}

static double linkerd_peak_ewma_load(struct linkerd_peak_ewma_state *state,
                                     const struct view *view, backend_id backend)
{
    ewma_feed_peak(&state->rtt[backend], 0, view->now, state->config.decay);
    return state->rtt[backend].value * ((double)view->outstanding[backend] + 1);
}

static backend_id linkerd_peak_ewma_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)request;
    struct linkerd_peak_ewma_state *state = memory;
    if (view->eligible_count == 1)
        return view_eligible(view, 0);
    struct pair pair = pair_draw(view, rng);
    double first = linkerd_peak_ewma_load(state, view, pair.first);
    return first <= linkerd_peak_ewma_load(state, view, pair.second) ? pair.first
                                                                     : pair.second;
}

static void linkerd_peak_ewma_learn(void *memory, const struct view *view,
                                    const struct outcome_report *outcome)
{
    struct linkerd_peak_ewma_state *state = memory;
    ewma_feed_peak(&state->rtt[outcome->backend], (double)outcome->first_byte, view->now,
                   state->config.decay);
}

const struct policy_ops policy_linkerd_peak_ewma = {
    .kind = {.name = "linkerd.peak_ewma",
             .summary = "Of two endpoints the lower peak-sensitive latency times pending",
             .params = linkerd_peak_ewma_params,
             .config_size = sizeof(struct linkerd_peak_ewma_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the first drawn",
    .cost = "O(1) a pick; O(n) a change",
    .source = "tower src/load/peak_ewma.rs, Linkerd linkerd/pool/p2c",
    .state_size = sizeof(struct linkerd_peak_ewma_state),
    .init = linkerd_peak_ewma_init,
    .update = linkerd_peak_ewma_update,
    .pick = linkerd_peak_ewma_pick,
    .learn = linkerd_peak_ewma_learn,
};
