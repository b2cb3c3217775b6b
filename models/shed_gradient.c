/* SPDX-License-Identifier: GPL-3.0-or-later
   new limit = limit * gradient + sqrt(limit * gradient), where the gradient is the idle
   latency and its buffer over that of now, from 0.5 to 2.  While the idle latency is measured
   the limit is the least one.  Timers run when somebody looks: between, nothing changes.
   Envoy: adaptive_concurrency/controller/gradient_controller.cc, which counts requests where
   this counts attempts. */
#include "models/shed_gradient.h"

#include <math.h>

#define GRADIENT_FIELD(field, ctype) PARAM_FIELD(struct shed_gradient_config, field, ctype)

enum { GRADIENT_AT_LEAST = 5 }; /* so often in a row the idle latency seems to be wrong */

const struct param shed_gradient_params[] = {
    {.key = "sample_aggregate_percentile", .type = PARAM_RATIO,
     .offset = GRADIENT_FIELD(percentile, double), .fallback = "50%", .max = 1,
     .help = "of the latencies of an interval"},
    {.key = "max_concurrency_limit", .type = PARAM_COUNT,
     .offset = GRADIENT_FIELD(most, uint64_t), .fallback = "1000", .min = 1, .max = 4e9,
     .help = "the highest limit"},
    {.key = "concurrency_update_interval", .type = PARAM_DURATION,
     .offset = GRADIENT_FIELD(update, sim_time), .fallback = "100ms", .min = 1e6,
     .max = 86400e9, .help = "a new limit each; Envoy has no default"},
    {.key = "min_rtt_interval", .type = PARAM_DURATION,
     .offset = GRADIENT_FIELD(measure, sim_time), .fallback = "60s", .min = 1e6,
     .max = 86400e9, .help = "between measurements of the idle latency; Envoy has no default"},
    {.key = "jitter", .type = PARAM_RATIO, .offset = GRADIENT_FIELD(jitter, double),
     .fallback = "15%", .max = 1, .help = "min_rtt_interval is up to so much longer"},
    {.key = "request_count", .type = PARAM_COUNT, .offset = GRADIENT_FIELD(samples, uint64_t),
     .fallback = "50", .min = 1, .max = 1e9, .help = "of one such measurement"},
    {.key = "min_concurrency", .type = PARAM_COUNT, .offset = GRADIENT_FIELD(least, uint64_t),
     .fallback = "3", .min = 1, .max = 4e9, .help = "the limit meanwhile, and the lowest"},
    {.key = "buffer", .type = PARAM_RATIO, .offset = GRADIENT_FIELD(buffer, double),
     .fallback = "25%", .max = 1, .help = "a latency that is so much longer is still idle"},
    PARAM_END,
};

static void shed_gradient_set(const struct shed_gradient_config *config,
                              struct shed_gradient *gradient, uint64_t limit, sim_time now)
{
    bool stays = gradient->deferred == 0 && gradient->limit == config->least &&
                 limit == config->least;
    gradient->limit = limit;
    gradient->at_least = stays ? gradient->at_least + 1 : 0;
    if (gradient->at_least >= GRADIENT_AT_LEAST)
        gradient->next_measure = now;
}

static void shed_gradient_begin(const struct shed_gradient_config *config,
                                struct shed_gradient *gradient, sim_time now)
{
    gradient->deferred = gradient->limit;
    shed_gradient_set(config, gradient, config->least, now);
    histogram_clear(&gradient->latencies);
    gradient->epoch = now;
    gradient->next_measure = gradient->next_update = SIM_NEVER;
}

static double shed_gradient_sample(const struct shed_gradient_config *config,
                                   struct shed_gradient *gradient)
{
    double sample = histogram_quantile(&gradient->latencies, config->percentile);
    histogram_clear(&gradient->latencies);
    return sample;
}

static void shed_gradient_end(const struct shed_gradient_config *config,
                              struct shed_gradient *gradient, sim_time now)
{
    gradient->idle = shed_gradient_sample(config, gradient);
    shed_gradient_set(config, gradient, gradient->deferred, now);
    gradient->deferred = 0;
    uint64_t jitter = (uint64_t)(config->jitter * (double)config->measure);
    sim_time more = jitter > 0 ? (sim_time)rng_below(&gradient->rng, jitter) : 0;
    gradient->next_measure = now + config->measure + more;
    gradient->next_update = now + config->update;
}

static void shed_gradient_update(const struct shed_gradient_config *config,
                                 struct shed_gradient *gradient, sim_time now)
{
    gradient->next_update = now + config->update;
    if (gradient->latencies.count == 0)
        return;
    double sample = shed_gradient_sample(config, gradient);
    double factor = sample > 0 ? gradient->idle * (1 + config->buffer) / sample : 2;
    factor = factor < 0.5 ? 0.5 : factor > 2 ? 2 : factor;
    double limit = (double)gradient->limit * factor;
    limit += sqrt(limit);
    if (limit > (double)config->most)
        limit = (double)config->most;
    uint64_t whole = (uint64_t)limit;
    shed_gradient_set(config, gradient, whole > config->least ? whole : config->least, now);
}

/* Does what was due until now. */
static void shed_gradient_advance(const struct shed_gradient_config *config,
                                  struct shed_gradient *gradient, sim_time now)
{
    while (gradient->next_measure <= now || gradient->next_update <= now) {
        if (gradient->next_measure <= gradient->next_update)
            shed_gradient_begin(config, gradient, gradient->next_measure);
        else
            shed_gradient_update(config, gradient, gradient->next_update);
    }
}

void shed_gradient_open(const void *config, void *state, uint64_t key)
{
    const struct shed_gradient_config *limits = config;
    struct shed_gradient *gradient = state;
    histogram_init(&gradient->latencies);
    rng_seed(&gradient->rng, key);
    gradient->limit = limits->least;
    shed_gradient_begin(limits, gradient, 0);
}

void shed_gradient_close(void *state)
{
    histogram_free(&((struct shed_gradient *)state)->latencies);
}

bool shed_gradient_admit(const void *config, void *state, uint64_t in_flight, sim_time now)
{
    struct shed_gradient *gradient = state;
    shed_gradient_advance(config, gradient, now);
    return in_flight < gradient->limit;
}

void shed_gradient_learn(const void *memory, void *state, sim_time sent, sim_time now)
{
    const struct shed_gradient_config *config = memory;
    struct shed_gradient *gradient = state;
    shed_gradient_advance(config, gradient, now);
    if (sent < gradient->epoch)
        return;
    histogram_add(&gradient->latencies, now - sent);
    if (gradient->deferred > 0 && gradient->latencies.count >= config->samples)
        shed_gradient_end(config, gradient, now);
}
