/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's LEAST_REQUEST.  Equal weights: the least active of a few hosts drawn with
   replacement, or of all.  Otherwise, or with active_request_bias set: the earliest deadline
   first, by weight / (active + 1)^bias as it was when the host had its last turn.
   source/extensions/load_balancing_policies/least_request/least_request_lb.cc. */
#include "models/blocks/edf_rotation.h"
#include "models/blocks/start.h"
#include "sim/engine/sampler.h"

#include <math.h>

enum envoy_least_request_method { METHOD_N_CHOICES, METHOD_FULL_SCAN };

struct envoy_least_request_config {
    uint64_t choice_count;
    uint32_t selection_method;
    double active_request_bias; /* infinite: not set */
    struct start start;
};

struct envoy_least_request_state {
    struct envoy_least_request_config config;
    uint32_t seed;
    double bias;
    bool is_scheduled;
    struct edf edf;
    struct edf_entry *heap;
    backend_id *hosts;
};

static const char *const envoy_least_request_methods[] = {"N_CHOICES", "FULL_SCAN", NULL};

static const struct param envoy_least_request_params[] = {
    {.key = "choice_count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct envoy_least_request_config, choice_count, uint64_t),
     .fallback = "2", .min = 2, .max = 10000,
     .help = "how many hosts are drawn, with replacement"},
    {.key = "selection_method", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct envoy_least_request_config, selection_method, uint32_t),
     .fallback = "N_CHOICES", .of.words = envoy_least_request_methods,
     .help = "draw choice_count hosts, or look at all; only while weights are equal"},
    {.key = "active_request_bias", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct envoy_least_request_config, active_request_bias, double),
     .fallback = "unset", .also = "unset", .max = 16,
     .help = "power of active requests + 1 that a weight is divided by; unset counts as 1, "
             "but any number set forces the schedule even where weights are equal"},
    START_PARAMS(struct envoy_least_request_config),
    PARAM_END,
};

/* What a weight is asked of. */
struct envoy_least_request_scene {
    const struct envoy_least_request_state *state;
    const struct view *view;
};

static double envoy_least_request_weigh(const void *context, uint32_t host)
{
    const struct envoy_least_request_scene *scene = context;
    double weight = edf_rotation_weight(scene->view, host), bias = scene->state->bias;
    double active = scene->view->outstanding[host] + 1.0;
    if (bias == 0)
        return weight;
    return weight / (bias == 1 ? active : sampler_pow(active, bias));
}

static void envoy_least_request_init(void *memory, const void *config, const struct view *view,
                                     struct rng *rng, struct arena *arena)
{
    const struct envoy_least_request_config *given = config;
    struct envoy_least_request_state *state = memory;
    state->config = *given;
    state->bias = isinf(given->active_request_bias) ? 1 : given->active_request_bias;
    state->seed = (uint32_t)start_draw(&given->start, rng);
    state->heap = arena_take(arena, view->capacity, sizeof *state->heap);
    state->hosts = arena_take(arena, view->capacity, sizeof *state->hosts);
    edf_init(&state->edf, EDF_TIE_INSERTED, state->heap);
}

static void envoy_least_request_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct envoy_least_request_state *state = memory;
    uint32_t count = edf_rotation_hosts(view, state->hosts);
    bool is_even = edf_rotation_is_even(
        state->hosts, count, (struct edf_weights){edf_rotation_weight, view});
    state->is_scheduled =
        count > 1 && (!is_even || !isinf(state->config.active_request_bias));
    struct envoy_least_request_scene scene = {state, view};
    if (state->is_scheduled)
        edf_fill(&state->edf, state->hosts, count, state->seed,
                 (struct edf_weights){envoy_least_request_weigh, &scene});
}

static backend_id envoy_least_request_scan(const struct view *view, struct rng *rng)
{
    backend_id best = view_eligible(view, 0);
    for (uint32_t i = 1, ties = 1; i < view->eligible_count; i++) {
        backend_id host = view_eligible(view, i);
        if (view->outstanding[host] < view->outstanding[best]) {
            best = host;
            ties = 1;
        } else if (view->outstanding[host] == view->outstanding[best] &&
                   rng_below(rng, ++ties) == 0) {
            best = host;
        }
    }
    return best;
}

static backend_id envoy_least_request_draw(const struct view *view, uint64_t choices,
                                           struct rng *rng)
{
    backend_id best = NO_BACKEND;
    for (uint64_t i = 0; i < choices; i++) {
        backend_id host = view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
        if (best == NO_BACKEND || view->outstanding[host] < view->outstanding[best])
            best = host;
    }
    return best;
}

static backend_id envoy_least_request_pick(void *memory, const struct view *view,
                                           const struct request *request, struct rng *rng)
{
    (void)request;
    struct envoy_least_request_state *state = memory;
    struct envoy_least_request_scene scene = {state, view};
    if (state->is_scheduled)
        return edf_pick(&state->edf, view->is_eligible,
                        (struct edf_weights){envoy_least_request_weigh, &scene});
    if (state->config.selection_method == METHOD_FULL_SCAN)
        return envoy_least_request_scan(view, rng);
    return envoy_least_request_draw(view, state->config.choice_count, rng);
}

const struct policy_ops policy_envoy_least_request = {
    .kind = {.name = "envoy.least_request",
             .summary = "Envoy: the least active of two drawn, or a schedule by weight and load",
             .params = envoy_least_request_params,
             .config_size = sizeof(struct envoy_least_request_config)},
    .traits = POLICY_LIVE,
    .tie_rule = "the first drawn stays; FULL_SCAN: any at random; scheduled: who has waited "
                "longest",
    .cost = "O(c) a pick, c choices, O(log n) with unlike weights, O(n) by full scan; "
            "O(n) a change, or O(n log n)",
    .source = "Envoy, load_balancing_policies/least_request/least_request_lb.cc",
    .state_size = sizeof(struct envoy_least_request_state),
    .init = envoy_least_request_init,
    .update = envoy_least_request_update,
    .pick = envoy_least_request_pick,
};
