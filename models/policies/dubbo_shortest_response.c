/* SPDX-License-Identifier: GPL-3.0-or-later
   Least mean time of successes in a window of 30 s, in whole milliseconds, times
   (1 + in flight); 0 without a success.  The window is emptied all at once.
   apache/dubbo dubbo-cluster, loadbalance/ShortestResponseLoadBalance.java. */
#include "models/blocks/dubbo_weight.h"
#include "models/blocks/milliseconds.h"
#include "models/policy.h"

struct dubbo_shortest_response_config {
    sim_time slide_period;
};

struct dubbo_shortest_response_provider {
    int64_t succeeded, elapsed; /* in the window; ms */
};

struct dubbo_shortest_response_state {
    struct dubbo_shortest_response_provider *providers; /* by backend_id */
    int64_t slide_period, last_update; /* ms */
};

static const struct param dubbo_shortest_response_params[] = {
    {.key = "slide_period", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct dubbo_shortest_response_config, slide_period, sim_time),
     .fallback = "30s", .min = 1e6, .max = 3.6e12,
     .help = "shortestResponseSlidePeriod: after this all statistics begin anew"},
    PARAM_END,
};

static void dubbo_shortest_response_init(void *memory, const void *config,
                                         const struct view *view, struct rng *rng,
                                         struct arena *arena)
{
    (void)rng;
    struct dubbo_shortest_response_state *state = memory;
    const struct dubbo_shortest_response_config *given = config;
    state->slide_period = given->slide_period / SIM_MILLISECOND;
    state->last_update = milliseconds_at(view->now);
    state->providers = arena_take(arena, view->capacity, sizeof *state->providers);
}

static int64_t dubbo_shortest_response_estimate(
    const struct dubbo_shortest_response_provider *provider, uint32_t active)
{
    if (provider->succeeded == 0)
        return 0;
    return provider->elapsed / provider->succeeded * ((int64_t)active + 1);
}

/* After a look at all that found the window over; this request has still used it. */
static void dubbo_shortest_response_slide(struct dubbo_shortest_response_state *state,
                                          const struct view *view)
{
    int64_t now = milliseconds_at(view->now);
    if (now - state->last_update <= state->slide_period)
        return;
    for (backend_id i = 0; i < view->count; i++)
        state->providers[i] = (struct dubbo_shortest_response_provider){0, 0};
    state->last_update = now;
}

/* What the look at all finds. */
struct dubbo_shortest_response_tie {
    int64_t least;
    uint32_t count;
    uint64_t total, first; /* weights */
    bool same;             /* all weights are */
};

/* The k-th of the tied, or by weight the one in whose range `offset` falls. */
static backend_id dubbo_shortest_response_of_tied(
    const struct dubbo_shortest_response_state *state, const struct view *view,
    const struct dubbo_shortest_response_tie *tie, bool by_weight, uint64_t offset)
{
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (dubbo_shortest_response_estimate(&state->providers[backend],
                                             view->outstanding[backend]) != tie->least)
            continue;
        uint64_t step = by_weight ? dubbo_weight(view, backend) : 1;
        if (offset < step)
            return backend;
        offset -= step;
    }
    return NO_BACKEND;
}

static backend_id dubbo_shortest_response_pick(void *memory, const struct view *view,
                                               const struct request *request,
                                               struct rng *rng)
{
    (void)request;
    struct dubbo_shortest_response_state *state = memory;
    if (view->eligible_count == 1)
        return view_eligible(view, 0);
    struct dubbo_shortest_response_tie tie = {.least = INT64_MAX};
    backend_id best = NO_BACKEND;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        int64_t estimate = dubbo_shortest_response_estimate(&state->providers[backend],
                                                            view->outstanding[backend]);
        uint64_t weight = dubbo_weight(view, backend);
        if (estimate < tie.least) {
            best = backend;
            tie = (struct dubbo_shortest_response_tie){estimate, 1, weight, weight, true};
        } else if (estimate == tie.least) {
            tie.count++;
            tie.total += weight;
            tie.same &= weight == tie.first;
        }
    }
    if (tie.count > 1) {
        bool by_weight = !tie.same && tie.total > 0;
        uint64_t offset = rng_below(rng, by_weight ? tie.total : tie.count);
        best = dubbo_shortest_response_of_tied(state, view, &tie, by_weight, offset);
    }
    dubbo_shortest_response_slide(state, view);
    return best;
}

static void dubbo_shortest_response_learn(void *memory, const struct view *view,
                                          const struct outcome_report *outcome)
{
    struct dubbo_shortest_response_state *state = memory;
    if (!outcome->success)
        return;
    struct dubbo_shortest_response_provider *provider = &state->providers[outcome->backend];
    provider->succeeded++;
    provider->elapsed += milliseconds_of(outcome->latency, view->now);
}

const struct policy_ops policy_dubbo_shortest_response = {
    .kind = {.name = "dubbo.shortest_response",
             .summary = "Least mean time of recent successes times in flight",
             .params = dubbo_shortest_response_params,
             .config_size = sizeof(struct dubbo_shortest_response_config)},
    .tie_rule = "at random, by weight where weights differ",
    .cost = "O(n) a pick; nothing a change",
    .source = "apache/dubbo dubbo-cluster loadbalance/ShortestResponseLoadBalance.java",
    .state_size = sizeof(struct dubbo_shortest_response_state),
    .init = dubbo_shortest_response_init,
    .pick = dubbo_shortest_response_pick,
    .learn = dubbo_shortest_response_learn,
};
