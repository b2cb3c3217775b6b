/* SPDX-License-Identifier: GPL-3.0-or-later
   A circuit breaker per endpoint: failures in a row shut it; after a back-off that doubles one
   request is let through, and the first response from then on opens it or shuts it again.
   linkerd2-proxy linkerd/app/outbound/src/http/breaker/consecutive_failures.rs */
#include "models/outlier.h"

#include <stdio.h>

struct linkerd_config {
    uint64_t max_failures;
    sim_time least, most;
    double jitter;
};

enum linkerd_gate { LINKERD_OPEN, LINKERD_SHUT, LINKERD_PROBATION };

struct linkerd_breaker {
    enum linkerd_gate gate;
    uint64_t failures;   /* in a row */
    unsigned iterations; /* of the back-off */
};

struct linkerd_state {
    const struct linkerd_config *config;
    struct linkerd_breaker *breakers; /* by slot */
    struct outlier_alarms alarms;
};

static const struct param linkerd_params[] = {
    {.key = "max_failures", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct linkerd_config, max_failures, uint64_t), .fallback = "7",
     .min = 1, .max = 1e9, .help = "replies of 5xx, or none, in a row that eject"},
    {.key = "min_penalty", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct linkerd_config, least, sim_time), .fallback = "1s",
     .min = 1, .max = 3.6e15, .help = "the first back-off; doubles with each failed probe"},
    {.key = "max_penalty", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct linkerd_config, most, sim_time), .fallback = "60s",
     .min = 1, .max = 3.6e15, .help = "no back-off is longer"},
    {.key = "jitter_ratio", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct linkerd_config, jitter, double), .fallback = "0.5",
     .max = 100, .help = "up to this share of a back-off is added to it, seconds rounded down"},
    PARAM_END,
};

static bool linkerd_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    const struct linkerd_config *config = memory;
    if (config->least <= config->most)
        return true;
    snprintf(message, size, "min_penalty must not be above max_penalty");
    return false;
}

static void linkerd_open(void *memory, const void *config, struct outlier_host *host,
                         struct arena *arena)
{
    struct linkerd_state *state = memory;
    state->config = config;
    state->breakers = arena_take(arena, host->count, sizeof *state->breakers);
    outlier_alarms_open(&state->alarms, host->count, arena);
}

/* Linkerd multiplies seconds and nanoseconds each by the random factor and cuts off the
   fractions: back-offs of 1 s and 2 s get no jitter of up to a half. */
static sim_time linkerd_backoff(const struct linkerd_config *config, unsigned iterations,
                                struct rng *rng)
{
    sim_time base = iterations < 62 && config->least <= config->most >> iterations
                        ? config->least << iterations
                        : config->most;
    if (config->jitter <= 0)
        return base;
    double factor = rng_uniform(rng) * config->jitter;
    sim_time seconds = (sim_time)((double)(base / SIM_SECOND) * factor);
    sim_time rest = (sim_time)((double)(base % SIM_SECOND) * factor);
    sim_time jitter = seconds * SIM_SECOND + rest;
    return base + (jitter < config->most - base ? jitter : config->most - base);
}

static void linkerd_shut(struct linkerd_state *state, struct outlier_host *host,
                         backend_id backend)
{
    struct linkerd_breaker *breaker = &state->breakers[backend];
    breaker->gate = LINKERD_SHUT;
    sim_time wait = linkerd_backoff(state->config, breaker->iterations++, host->rng);
    outlier_alarms_set(&state->alarms, backend, host->now + wait);
    outlier_eject(host, backend);
}

/* The one request of a probation has gone. */
static void linkerd_sent(void *memory, struct outlier_host *host, backend_id backend)
{
    const struct linkerd_state *state = memory;
    if (state->breakers[backend].gate == LINKERD_PROBATION)
        outlier_eject(host, backend);
}

/* What was under way before the gate shut decides a probation too, if it ends first.  What a
   client gives up on before the response has no class; as a probe it counts as failed here,
   where Linkerd would wait for another response. */
static void linkerd_learn(void *memory, struct outlier_host *host,
                          const struct outcome_report *outcome)
{
    struct linkerd_state *state = memory;
    struct linkerd_breaker *breaker = &state->breakers[outcome->backend];
    bool failure = outlier_is_failure(outcome);
    if (breaker->gate == LINKERD_SHUT ||
        (breaker->gate == LINKERD_OPEN && outcome->abandoned))
        return;
    if (!failure) {
        *breaker = (struct linkerd_breaker){0};
        outlier_admit(host, outcome->backend);
    } else if (breaker->gate == LINKERD_PROBATION ||
               ++breaker->failures == state->config->max_failures) {
        linkerd_shut(state, host, outcome->backend);
    }
}

static sim_time linkerd_due(const void *memory)
{
    return ((const struct linkerd_state *)memory)->alarms.first;
}

static void linkerd_wake(void *memory, struct outlier_host *host)
{
    struct linkerd_state *state = memory;
    for (backend_id backend;
         (backend = outlier_alarms_take(&state->alarms, host->now)) != NO_BACKEND;) {
        state->breakers[backend].gate = LINKERD_PROBATION;
        outlier_admit(host, backend);
    }
}

static void linkerd_left(void *memory, struct outlier_host *host, backend_id backend)
{
    struct linkerd_state *state = memory;
    state->breakers[backend] = (struct linkerd_breaker){0};
    outlier_alarms_set(&state->alarms, backend, SIM_NEVER);
    outlier_admit(host, backend);
}

const struct outlier_ops outlier_linkerd = {
    .kind = {.name = "linkerd",
             .summary = "A breaker: failures in a row shut it, one request after a back-off "
                        "probes",
             .params = linkerd_params,
             .config_size = sizeof(struct linkerd_config),
             .check = linkerd_check},
    .source = "linkerd/linkerd2-proxy linkerd/app/outbound/src/http/breaker",
    .differs = "a probe that its client gives up has failed; Linkerd waits for another response",
    .state_size = sizeof(struct linkerd_state),
    .open = linkerd_open,
    .sent = linkerd_sent,
    .learn = linkerd_learn,
    .due = linkerd_due,
    .wake = linkerd_wake,
    .left = linkerd_left,
};
