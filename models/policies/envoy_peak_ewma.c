/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's PEAK_EWMA: of two hosts drawn the one with the lower average time to the first byte
   times its active requests + 1.  There is no peak in it: the average is an ordinary one.
   Times are cut to whole milliseconds and those of 0 dropped; averages show only after each
   aggregation interval.  source/extensions/load_balancing_policies/peak_ewma/. */
#include "models/blocks/ewma.h"
#include "models/policy.h"

struct envoy_peak_ewma_config {
    sim_time decay_time, aggregation_interval, default_rtt;
    double penalty_value;
};

struct envoy_peak_ewma_host {
    double shown;        /* ms, as of the last aggregation; 0: none */
    struct ewma average; /* ms, with all samples since */
    bool is_member;
};

struct envoy_peak_ewma_state {
    struct envoy_peak_ewma_config config;
    double default_ms;
    sim_time aggregated; /* when last */
    struct envoy_peak_ewma_host *hosts;
};

static const struct param envoy_peak_ewma_params[] = {
    {.key = "decay_time", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct envoy_peak_ewma_config, decay_time, sim_time),
     .fallback = "10s", .min = 1e6, .max = 1e18, .help = "after which a sample fades to 1/e"},
    {.key = "aggregation_interval", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct envoy_peak_ewma_config, aggregation_interval, sim_time),
     .fallback = "100ms", .help = "how often new samples are taken into the averages"},
    {.key = "default_rtt", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct envoy_peak_ewma_config, default_rtt, sim_time),
     .fallback = "10ms", .help = "what counts for an idle host without samples"},
    {.key = "penalty_value", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct envoy_peak_ewma_config, penalty_value, double),
     .fallback = "1000000", .max = 1e12, .help = "cost of a busy host without samples"},
    PARAM_END,
};

static void envoy_peak_ewma_init(void *memory, const void *config, const struct view *view,
                                 struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct envoy_peak_ewma_state *state = memory;
    state->config = *(const struct envoy_peak_ewma_config *)config;
    state->default_ms = (double)(state->config.default_rtt / 1000000);
    state->aggregated = view->now;
    state->hosts = arena_take(arena, view->capacity, sizeof *state->hosts);
}

/* Who joins anew has no past. */
static void envoy_peak_ewma_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct envoy_peak_ewma_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        if (view->is_member[i] && !state->hosts[i].is_member)
            state->hosts[i] = (struct envoy_peak_ewma_host){0};
        state->hosts[i].is_member = view->is_member[i];
    }
}

static void envoy_peak_ewma_aggregate(struct envoy_peak_ewma_state *state,
                                      const struct view *view)
{
    if (view->now - state->aggregated < state->config.aggregation_interval)
        return;
    for (backend_id i = 0; i < view->count; i++)
        state->hosts[i].shown = state->hosts[i].average.value;
    state->aggregated = view->now;
}

static double envoy_peak_ewma_cost(const struct envoy_peak_ewma_state *state,
                                   const struct view *view, backend_id host)
{
    double active = view->outstanding[host], shown = state->hosts[host].shown;
    if (shown > 0)
        return shown * (active + 1);
    return active > 0 ? state->config.penalty_value + active : state->default_ms;
}

/* Two hosts and the tie-break from one number, as the product takes them: among an even
   number of hosts the tie-break depends on the first. */
static backend_id envoy_peak_ewma_pick(void *memory, const struct view *view,
                                       const struct request *request, struct rng *rng)
{
    (void)request;
    struct envoy_peak_ewma_state *state = memory;
    uint32_t count = view->eligible_count;
    envoy_peak_ewma_aggregate(state, view);
    if (count == 1)
        return view_eligible(view, 0);
    uint64_t bits = rng_next(rng);
    uint32_t i = (uint32_t)(bits % count), j = (uint32_t)((bits >> 16) % count);
    if (j == i)
        j = (j + 1) % count;
    backend_id first = view_eligible(view, i), second = view_eligible(view, j);
    double one = envoy_peak_ewma_cost(state, view, first);
    double other = envoy_peak_ewma_cost(state, view, second);
    return one < other || (one == other && (bits & 1) != 0) ? first : second;
}

/* A sample of the same instant as the one before replaces the average. */
static void envoy_peak_ewma_learn(void *memory, const struct view *view,
                                  const struct outcome_report *outcome)
{
    struct envoy_peak_ewma_state *state = memory;
    struct ewma *average = &state->hosts[outcome->backend].average;
    double sample = (double)(outcome->first_byte / 1000000);
    if (outcome->status == 0 || sample <= 0)
        return;
    if (average->value == 0 || view->now <= average->at)
        *average = (struct ewma){sample, view->now};
    else
        ewma_feed(average, sample, view->now, state->config.decay_time);
}

const struct policy_ops policy_envoy_peak_ewma = {
    .kind = {.name = "envoy.peak_ewma",
             .summary = "Envoy: of two drawn the lower average latency times active requests",
             .params = envoy_peak_ewma_params,
             .config_size = sizeof(struct envoy_peak_ewma_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the lowest bit of the number drawn",
    .cost = "O(1) a pick, O(n) each aggregation_interval; O(n) a change",
    .source = "Envoy, load_balancing_policies/peak_ewma/peak_ewma_lb.cc",
    .state_size = sizeof(struct envoy_peak_ewma_state),
    .init = envoy_peak_ewma_init,
    .update = envoy_peak_ewma_update,
    .pick = envoy_peak_ewma_pick,
    .learn = envoy_peak_ewma_learn,
};
