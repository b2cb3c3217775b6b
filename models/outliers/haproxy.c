/* SPDX-License-Identifier: GPL-3.0-or-later
   `observe`: error-limit errors in a row count as a failed health check, or more than one; who
   is down comes back by `rise` checks that pass.  Checks are taken to pass always: what of a
   pod that a check would find is for active checks, not for this.  src/check.c */
#include "models/outlier.h"

enum haproxy_observe { HAPROXY_LAYER7, HAPROXY_LAYER4 };
enum haproxy_on_error { HAPROXY_FAIL_CHECK, HAPROXY_SUDDEN_DEATH, HAPROXY_MARK_DOWN };

struct haproxy_config {
    uint32_t observe, on_error;
    uint64_t error_limit, rise, fall;
    sim_time inter;
};

struct haproxy_server {
    uint64_t errors; /* in a row, since the last check */
    uint64_t lost;   /* failed checks since the last that passed; fall: down */
    int64_t checks;  /* that had passed when it was looked at last */
};

struct haproxy_state {
    const struct haproxy_config *config;
    struct haproxy_server *servers; /* by slot */
    struct outlier_alarms alarms;   /* end of the last check that it takes to be up */
};

static const char *const haproxy_observes[] = {"layer7", "layer4", NULL};
static const char *const haproxy_on_errors[] = {"fail_check", "sudden_death", "mark_down",
                                                NULL};

#define HAPROXY_ROW(name, value, text) \
    {.key = #name, .type = PARAM_COUNT, \
     .offset = PARAM_FIELD(struct haproxy_config, name, uint64_t), .fallback = value, \
     .min = 1, .max = 1e6, .help = text}

static const struct param haproxy_params[] = {
    {.key = "observe", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_config, observe, uint32_t), .fallback = "layer7",
     .of.words = haproxy_observes,
     .help = "errors are: 5xx but 501 and 505, or no reply; or (layer4) no reply alone"},
    HAPROXY_ROW(error_limit, "10", "errors in a row, with no check in between, that count"),
    {.key = "on_error", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_config, on_error, uint32_t),
     .fallback = "fail_check", .of.words = haproxy_on_errors,
     .help = "what they do: a failed check, all but the last that it takes, or down"},
    {.key = "inter", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct haproxy_config, inter, sim_time), .fallback = "2s",
     .min = 1e6, .max = 3.6e12, .help = "between health checks of a pod"},
    HAPROXY_ROW(rise, "2", "checks that it takes to be up again"),
    HAPROXY_ROW(fall, "3", "failed checks that it takes to be down"),
    PARAM_END,
};

static void haproxy_open(void *memory, const void *config, struct outlier_host *host,
                         struct arena *arena)
{
    struct haproxy_state *state = memory;
    state->config = config;
    state->servers = arena_take(arena, host->count, sizeof *state->servers);
    outlier_alarms_open(&state->alarms, host->count, arena);
}

/* Checks of the pods are spread over an interval. */
static sim_time haproxy_phase(const struct haproxy_state *state, backend_id backend)
{
    return state->config->inter * (sim_time)backend / (sim_time)state->alarms.count;
}

static int64_t haproxy_checks(const struct haproxy_state *state, backend_id backend,
                              sim_time now)
{
    sim_time since = now - haproxy_phase(state, backend);
    return since < 0 ? 0 : 1 + since / state->config->inter;
}

/* A check that passes clears the errors, and the failed checks of who is up. */
static void haproxy_catch_up(struct haproxy_state *state, const struct outlier_host *host,
                             backend_id backend)
{
    struct haproxy_server *server = &state->servers[backend];
    int64_t checks = haproxy_checks(state, backend, host->now);
    if (checks == server->checks)
        return;
    server->checks = checks;
    server->errors = 0;
    if (!host->is_out[backend])
        server->lost = 0;
}

static bool haproxy_is_error(const struct haproxy_config *config,
                             const struct outcome_report *outcome)
{
    if (config->observe == HAPROXY_LAYER4)
        return outlier_is_local(outcome);
    return outlier_is_failure(outcome) && outcome->status != 501 && outcome->status != 505;
}

/* Who is down already has to start over. */
static void haproxy_trip(struct haproxy_state *state, struct outlier_host *host,
                         backend_id backend)
{
    const struct haproxy_config *config = state->config;
    struct haproxy_server *server = &state->servers[backend];
    server->errors = 0;
    if (config->on_error == HAPROXY_MARK_DOWN)
        server->lost = config->fall - 1;
    if (config->on_error == HAPROXY_SUDDEN_DEATH && server->lost + 2 < config->fall)
        server->lost = config->fall - 2;
    server->lost++;
    if (server->lost < config->fall)
        return;
    server->lost = config->fall;
    sim_time last = haproxy_phase(state, backend) +
                    config->inter * (server->checks + (int64_t)config->rise - 1);
    outlier_alarms_set(&state->alarms, backend, last);
    outlier_eject(host, backend);
}

static void haproxy_learn(void *memory, struct outlier_host *host,
                          const struct outcome_report *outcome)
{
    struct haproxy_state *state = memory;
    struct haproxy_server *server = &state->servers[outcome->backend];
    haproxy_catch_up(state, host, outcome->backend);
    if (!haproxy_is_error(state->config, outcome))
        server->errors = 0;
    else if (++server->errors >= state->config->error_limit)
        haproxy_trip(state, host, outcome->backend);
}

static sim_time haproxy_due(const void *memory)
{
    return ((const struct haproxy_state *)memory)->alarms.first;
}

static void haproxy_wake(void *memory, struct outlier_host *host)
{
    struct haproxy_state *state = memory;
    for (backend_id backend;
         (backend = outlier_alarms_take(&state->alarms, host->now)) != NO_BACKEND;) {
        state->servers[backend] =
            (struct haproxy_server){.checks = haproxy_checks(state, backend, host->now)};
        outlier_admit(host, backend);
    }
}

static void haproxy_left(void *memory, struct outlier_host *host, backend_id backend)
{
    struct haproxy_state *state = memory;
    state->servers[backend] = (struct haproxy_server){0};
    outlier_alarms_set(&state->alarms, backend, SIM_NEVER);
    outlier_admit(host, backend);
}

const struct outlier_ops outlier_haproxy = {
    .kind = {.name = "haproxy",
             .summary = "Errors in a row count as failed health checks; checks bring it back",
             .params = haproxy_params,
             .config_size = sizeof(struct haproxy_config)},
    .source = "haproxy/haproxy src/check.c; health checks always pass",
    .state_size = sizeof(struct haproxy_state),
    .open = haproxy_open,
    .learn = haproxy_learn,
    .due = haproxy_due,
    .wake = haproxy_wake,
    .left = haproxy_left,
};
