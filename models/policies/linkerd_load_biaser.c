/* SPDX-License-Identifier: GPL-3.0-or-later
   Linkerd's load biaser: peak EWMA in which a response of 429 or 5xx counts as a penalty of
   some seconds instead of its own time, so that failing fast earns nothing.  A sample replaces
   the average when it is above what has become of that by now; reading changes nothing.
   Linkerd: linkerd/load-biaser/src/lib.rs, linkerd/ewma/src/lib.rs */
#include "models/blocks/ewma.h"
#include "models/blocks/pair.h"

struct linkerd_load_biaser_config {
    sim_time decay, default_rtt, penalty;
};

struct linkerd_load_biaser_state {
    struct linkerd_load_biaser_config config;
    struct ewma *rtt; /* by backend_id, ns */
    uint64_t *owner;  /* complement of the identity of whose it is; 0: nobody's */
};

static const struct param linkerd_load_biaser_params[] = {
    {.key = "decay", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct linkerd_load_biaser_config, decay, sim_time),
     .fallback = "10s", .min = 1e6, .max = 1e18,
     .help = "after so long a round trip time counts 1/e"},
    {.key = "default_rtt", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct linkerd_load_biaser_config, default_rtt, sim_time),
     .fallback = "30ms", .min = 1, .max = 1e18,
     .help = "round trip time of an endpoint without a response yet"},
    {.key = "penalty", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct linkerd_load_biaser_config, penalty, sim_time),
     .fallback = "5s", .max = 1e18, .help = "what a response of 429 or 5xx counts as"},
    PARAM_END,
};

static void linkerd_load_biaser_init(void *memory, const void *config, const struct view *view,
                                     struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct linkerd_load_biaser_state *state = memory;
    state->config = *(const struct linkerd_load_biaser_config *)config;
    state->rtt = arena_take(arena, view->capacity, sizeof *state->rtt);
    state->owner = arena_take(arena, view->capacity, sizeof *state->owner);
}

static void linkerd_load_biaser_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct linkerd_load_biaser_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        uint64_t owner = view->is_member[i] ? ~view->backends[i].identity : 0;
        if (state->owner[i] == owner)
            continue;
        state->owner[i] = owner;
        state->rtt[i] = (struct ewma){(double)state->config.default_rtt, view->now};
    }
}

static double linkerd_load_biaser_load(const struct linkerd_load_biaser_state *state,
                                       const struct view *view, backend_id backend)
{
    return ewma_faded(&state->rtt[backend], view->now, state->config.decay) *
           ((double)view->outstanding[backend] + 1);
}

static backend_id linkerd_load_biaser_pick(void *memory, const struct view *view,
                                           const struct request *request, struct rng *rng)
{
    (void)request;
    const struct linkerd_load_biaser_state *state = memory;
    if (view->eligible_count == 1)
        return view_eligible(view, 0);
    struct pair pair = pair_draw(view, rng);
    double first = linkerd_load_biaser_load(state, view, pair.first);
    return first <= linkerd_load_biaser_load(state, view, pair.second) ? pair.first
                                                                       : pair.second;
}

/* A penalty below what is left of the average counts as that. */
static void linkerd_load_biaser_learn(void *memory, const struct view *view,
                                      const struct outcome_report *outcome)
{
    struct linkerd_load_biaser_state *state = memory;
    struct ewma *rtt = &state->rtt[outcome->backend];
    double now = ewma_faded(rtt, view->now, state->config.decay);
    double sample = (double)outcome->first_byte;
    if (outcome->status == 429 || outcome->status >= 500) {
        sample = (double)state->config.penalty;
        sample = sample > now ? sample : now;
    }
    if (sample > now)
        *rtt = (struct ewma){sample, view->now};
    else
        ewma_feed(rtt, sample, view->now, state->config.decay);
}

const struct policy_ops policy_linkerd_load_biaser = {
    .kind = {.name = "linkerd.load_biaser",
             .summary = "Peak EWMA of two in which failures count as slow responses",
             .params = linkerd_load_biaser_params,
             .config_size = sizeof(struct linkerd_load_biaser_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the first drawn",
    .cost = "O(1) a pick; O(n) a change",
    .source = "Linkerd linkerd/load-biaser/src/lib.rs",
    .state_size = sizeof(struct linkerd_load_biaser_state),
    .init = linkerd_load_biaser_init,
    .update = linkerd_load_biaser_update,
    .pick = linkerd_load_biaser_pick,
    .learn = linkerd_load_biaser_learn,
};
