/* SPDX-License-Identifier: GPL-3.0-or-later
   The less loaded of two, load being CPU as told with replies x (sqrt(mean latency) + 1)
   x (in flight + 1) over (share of successes x weight + 1).  Looking at a load changes
   it: the first look after a report takes the latency for twice the timeout, later ones
   halve it. apache/dubbo AdaptiveLoadBalance, AdaptiveMetrics and
   AdaptiveLoadBalanceFilter.java. */
#include "models/blocks/dubbo_weight.h"
#include "models/blocks/milliseconds.h"
#include "models/blocks/pair.h"
#include "models/policy.h"

#include <math.h>

struct dubbo_adaptive_config {
    sim_time timeout;
};

/* Times in ms; 0 stands for never, so the clock begins at 1. */
struct dubbo_adaptive_provider {
    int64_t told_at;    /* by the provider's clock */
    int64_t touched_at; /* likewise, then of the last look */
    int64_t picked_at;
    int64_t latency;
    double mean;        /* of latency */
    double cpu;         /* percent */
    int64_t requests, successes, errors;
    uint32_t uncounted; /* in flight, sent while there was no choice */
};

struct dubbo_adaptive_state {
    struct dubbo_adaptive_provider *providers; /* by backend_id */
    int64_t timeout;
};

static const struct param dubbo_adaptive_params[] = {
    {.key = "timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct dubbo_adaptive_config, timeout, sim_time),
     .fallback = "1s", .min = 1e6, .max = 3.6e12,
     .help = "of a call: who was not picked for twice as long is taken for idle"},
    PARAM_END,
};

static void dubbo_adaptive_init(void *memory, const void *config, const struct view *view,
                                struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct dubbo_adaptive_state *state = memory;
    const struct dubbo_adaptive_config *given = config;
    state->timeout = given->timeout / SIM_MILLISECOND;
    state->providers = arena_take(arena, view->capacity, sizeof *state->providers);
}

static int64_t dubbo_adaptive_now(sim_time now)
{
    return milliseconds_at(now) + 1;
}

/* Half of the latency remains per timeout since the last look, one half at least. */
static void dubbo_adaptive_age(struct dubbo_adaptive_provider *provider, int64_t now,
                               int64_t timeout)
{
    int64_t halvings = (now - provider->touched_at) / timeout + 1;
    if (provider->touched_at == 0 || halvings <= 0)
        return;
    if (provider->told_at == provider->touched_at)
        provider->latency = 2 * timeout;
    else
        provider->latency >>= halvings & 63;
    provider->mean = 0.5 * provider->mean + 0.5 * (double)provider->latency;
    provider->touched_at = now;
}

static double dubbo_adaptive_load(struct dubbo_adaptive_state *state, const struct view *view,
                                  backend_id backend, uint64_t weight)
{
    struct dubbo_adaptive_provider *provider = &state->providers[backend];
    int64_t now = dubbo_adaptive_now(view->now);
    if (provider->picked_at == 0)
        provider->picked_at = now;
    if (now - provider->picked_at > 2 * state->timeout)
        return 0;
    dubbo_adaptive_age(provider, now, state->timeout);
    int64_t in_flight = provider->requests - provider->successes - provider->errors;
    double successes = (double)provider->successes / (double)(provider->requests + 1);
    return provider->cpu * (sqrt(provider->mean) + 1) * (double)(in_flight + 1) /
           (successes * (double)weight + 1);
}

static backend_id dubbo_adaptive_of_two(struct dubbo_adaptive_state *state,
                                        const struct view *view, struct pair pair,
                                        struct rng *rng)
{
    uint64_t weight_a = dubbo_weight(view, pair.first);
    uint64_t weight_b = dubbo_weight(view, pair.second);
    double load_a = dubbo_adaptive_load(state, view, pair.first, weight_a);
    double load_b = dubbo_adaptive_load(state, view, pair.second, weight_b);
    if (load_a != load_b)
        return load_a > load_b ? pair.second : pair.first;
    uint64_t total = weight_a + weight_b;
    bool first = total > 0 ? rng_below(rng, total) < weight_a : rng_below(rng, 2) == 0;
    return first ? pair.first : pair.second;
}

static backend_id dubbo_adaptive_pick(void *memory, const struct view *view,
                                      const struct request *request, struct rng *rng)
{
    (void)request;
    struct dubbo_adaptive_state *state = memory;
    backend_id pick = view_eligible(view, 0);
    if (view->eligible_count == 1) {
        state->providers[pick].uncounted++;
        return pick;
    }
    struct pair pair = view->eligible_count == 2 ? (struct pair){pick, view_eligible(view, 1)}
                                                 : pair_draw(view, rng);
    pick = dubbo_adaptive_of_two(state, view, pair, rng);
    state->providers[pick].requests++;
    state->providers[pick].picked_at = dubbo_adaptive_now(view->now);
    return pick;
}

/* Reports older than the newest are dropped.  rt runs from the pick to the reply. */
static void dubbo_adaptive_learn(void *memory, const struct view *view,
                                 const struct outcome_report *outcome)
{
    struct dubbo_adaptive_state *state = memory;
    struct dubbo_adaptive_provider *provider = &state->providers[outcome->backend];
    if (provider->uncounted > 0) {
        provider->uncounted--;
        return;
    }
    if (!outcome->success) {
        provider->errors++;
        return;
    }
    provider->successes++;
    if (outcome->load == NULL)
        return;
    int64_t told_at = dubbo_adaptive_now(outcome->load->measured_at);
    if (provider->told_at > told_at)
        return;
    provider->told_at = provider->touched_at = told_at;
    provider->cpu = outcome->load->utilisation * 100;
    provider->latency = milliseconds_of(outcome->latency, view->now);
    provider->mean = 0.5 * provider->mean + 0.5 * (double)provider->latency;
}

const struct policy_ops policy_dubbo_adaptive = {
    .kind = {.name = "dubbo.adaptive",
             .summary = "The better of two by reported CPU, latency, in flight and successes",
             .params = dubbo_adaptive_params,
             .config_size = sizeof(struct dubbo_adaptive_config)},
    .traits = POLICY_REPORTS,
    .tie_rule = "at random, in proportion to the weights",
    .differs = "a pod without a weight has 1, in Dubbo 100, by which errors count for more",
    .cost = "O(1) a pick; nothing a change",
    .source = "apache/dubbo AdaptiveLoadBalance.java, AdaptiveMetrics.java",
    .state_size = sizeof(struct dubbo_adaptive_state),
    .init = dubbo_adaptive_init,
    .pick = dubbo_adaptive_pick,
    .learn = dubbo_adaptive_learn,
};
