/* SPDX-License-Identifier: GPL-3.0-or-later
   Pods are probed off the path of requests and picked from a small pool of answers: the
   least latency among the cold; where all are hot (more requests in flight than most pods
   lately) the fewest in flight.  B. Wydrowski and others, NSDI 2024, section 4; fast
   failures are kept off by taking a failing pod only where there is nobody else. */
#include "models/blocks/distinct.h"
#include "models/blocks/error_share.h"
#include "models/blocks/probe_pool.h"
#include "models/policy.h"

#include <math.h>

#define PREQUAL_ERRORS_FADE (10 * SIM_SECOND)

struct prequal_config {
    uint64_t pool;
    double q_rif, r_probe, r_remove, delta, max_error_rate;
    sim_time probe_age;
};

struct prequal_state {
    struct prequal_config config;
    struct probe_pool pool;
    struct probe_window window;
    struct error_share *errors; /* by backend_id */
    double reuse;               /* budget of an answer */
    double reuse_left, probe_left, remove_left; /* fractions carried over */
    bool remove_worst;          /* the next to go is the worst, else the oldest */
};

#define PREQUAL_RATE(name, value, text) \
    {.key = #name, .type = PARAM_NUMBER, \
     .offset = PARAM_FIELD(struct prequal_config, name, double), .fallback = value, \
     .max = POLICY_PROBES_MAX, .help = text}

static const struct param prequal_params[] = {
    {.key = "pool", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct prequal_config, pool, uint64_t), .fallback = "16", .min = 2,
     .max = PROBE_POOL_MAX, .help = "answers kept (m)"},
    {.key = "q_rif", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct prequal_config, q_rif, double), .fallback = "0.84", .max = 1,
     .help = "a pod is hot above this quantile of requests in flight; 0: all are, 1: none"},
    PREQUAL_RATE(r_probe, "3", "probes per request"),
    PREQUAL_RATE(r_remove, "1", "answers dropped per request, oldest and worst in turn"),
    PREQUAL_RATE(delta, "1", "how much the reuse of answers may exceed the least needed"),
    {.key = "probe_age", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct prequal_config, probe_age, sim_time), .fallback = "1s",
     .min = 1, .max = 3.6e12, .help = "older answers are dropped"},
    {.key = "max_error_rate", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct prequal_config, max_error_rate, double), .fallback = "20%",
     .max = 1, .help = "who fails more often is taken only where there is nobody else"},
    PARAM_END,
};

static void prequal_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct prequal_state *state = memory;
    state->config = *(const struct prequal_config *)config;
    state->pool.room = (uint32_t)state->config.pool;
    state->errors = arena_take(arena, view->capacity, sizeof *state->errors);
}

/* max(1, (1 + delta) / ((1 - m / n) r_probe - r_remove)).  With few pods or probes no
   budget would do, and age alone limits the reuse. */
static void prequal_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct prequal_state *state = memory;
    const struct prequal_config *config = &state->config;
    uint32_t up = 0;
    for (backend_id i = 0; i < view->count; i++)
        up += view->is_up[i];
    double fresh = (1 - (double)config->pool / (up > 0 ? up : 1)) * config->r_probe -
                   config->r_remove;
    state->reuse = fresh > 0 ? fmax(1, (1 + config->delta) / fresh) : INFINITY;
}

/* The whole part of `rate` and what was left of it before. */
static uint32_t prequal_whole(double *left, double rate)
{
    *left += rate;
    uint32_t whole = (uint32_t)*left;
    *left -= whole;
    return whole;
}

/* 0 cold, 1 hot, 2 failing. */
static int prequal_class(const struct prequal_state *state, const struct probe *probe,
                         int64_t threshold)
{
    double failing = error_share_value(&state->errors[probe->backend]);
    return failing > state->config.max_error_rate ? 2 : probe->in_flight > threshold;
}

/* Is a better than b?  The cold by latency, the others by requests in flight. */
static bool prequal_better(const struct prequal_state *state, const struct probe *a,
                           const struct probe *b, int64_t threshold)
{
    int class_a = prequal_class(state, a, threshold);
    int class_b = prequal_class(state, b, threshold);
    if (class_a != class_b)
        return class_a < class_b;
    return class_a == 0 ? a->latency < b->latency : a->in_flight < b->in_flight;
}

static void prequal_remove(struct prequal_state *state, int64_t threshold)
{
    struct probe_pool *pool = &state->pool;
    uint32_t count = prequal_whole(&state->remove_left, state->config.r_remove);
    for (; count > 0 && pool->count > 0; count--) {
        uint32_t place = 0;
        for (uint32_t i = 1; state->remove_worst && i < pool->count; i++)
            if (prequal_better(state, &pool->probes[place], &pool->probes[i], threshold))
                place = i;
        probe_pool_drop(pool, place);
        state->remove_worst = !state->remove_worst;
    }
}

static backend_id prequal_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)request;
    struct prequal_state *state = memory;
    struct probe_pool *pool = &state->pool;
    probe_pool_expire(pool, view, state->config.probe_age);
    int64_t threshold = probe_window_quantile(&state->window, state->config.q_rif);
    const struct probe *best = NULL;
    uint32_t usable = 0;
    for (uint32_t i = 0; i < pool->count; i++) {
        const struct probe *probe = &pool->probes[i];
        if (!view->is_eligible[probe->backend])
            continue;
        usable++;
        if (best == NULL || prequal_better(state, probe, best, threshold))
            best = probe;
    }
    backend_id pick = usable >= 2
                          ? best->backend
                          : view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
    for (uint32_t i = pool->count; i-- > 0;) {
        if (pool->probes[i].backend != pick)
            continue;
        pool->probes[i].in_flight++;
        if (--pool->probes[i].uses_left < 1)
            probe_pool_drop(pool, i);
    }
    prequal_remove(state, threshold);
    return pick;
}

static void prequal_learn(void *memory, const struct view *view,
                          const struct outcome_report *outcome)
{
    struct prequal_state *state = memory;
    error_share_feed(&state->errors[outcome->backend], outcome->success, view->now,
                     PREQUAL_ERRORS_FADE);
}

/* A budget that is not whole is rounded so that its mean is right. */
static void prequal_hear(void *memory, const struct view *view,
                         const struct load_report *report)
{
    struct prequal_state *state = memory;
    double uses = state->reuse;
    if (!isinf(uses))
        uses = (double)prequal_whole(&state->reuse_left, uses);
    probe_window_put(&state->window, report->in_flight);
    probe_pool_put(&state->pool, (struct probe){report->backend, report->in_flight,
                                                report->latency, view->now, uses});
}

static uint32_t prequal_probe(void *memory, const struct view *view, backend_id *targets,
                              struct rng *rng)
{
    struct prequal_state *state = memory;
    uint32_t count = prequal_whole(&state->probe_left, state->config.r_probe);
    return distinct_draw(view, targets, count < POLICY_PROBES_MAX ? count : POLICY_PROBES_MAX,
                         rng);
}

const struct policy_ops policy_prequal = {
    .kind = {.name = "prequal",
             .summary = "From a pool of probes: least latency of the cold, else fewest in flight",
             .params = prequal_params,
             .config_size = sizeof(struct prequal_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the oldest answer",
    .cost = "O(p) a pick, p probes in the pool; O(n) a change",
    .source = "B. Wydrowski and others, NSDI 2024",
    .state_size = sizeof(struct prequal_state),
    .init = prequal_init,
    .update = prequal_update,
    .pick = prequal_pick,
    .learn = prequal_learn,
    .hear = prequal_hear,
    .probe = prequal_probe,
};
