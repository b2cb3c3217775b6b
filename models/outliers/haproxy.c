/* SPDX-License-Identifier: GPL-3.0-or-later
   `observe`: error-limit errors in a row count as a failed health check, or more than one; who
   is down comes back by `rise` checks that pass.  Checks are taken to pass always: what of a
   pod that a check would find is for active checks, not for this.  src/check.c, src/server.c */
#include "models/outlier.h"

enum haproxy_observe { HAPROXY_LAYER7, HAPROXY_LAYER4 };
enum haproxy_on_error {
    HAPROXY_FAIL_CHECK,
    HAPROXY_SUDDEN_DEATH,
    HAPROXY_MARK_DOWN,
    HAPROXY_FASTINTER
};

struct haproxy_config {
    uint32_t observe, on_error;
    uint64_t error_limit, rise, fall;
    sim_time inter, fastinter, downinter; /* 0: not given */
};

struct haproxy_server {
    uint64_t errors; /* in a row, since the last check */
    uint64_t lost;   /* failed checks since the last that passed; fall: down */
    uint64_t passed; /* checks in a row while down */
    sim_time next;   /* check, as it was when last looked at */
    bool fast;       /* the interval after that one is fastinter */
};

struct haproxy_state {
    const struct haproxy_config *config;
    struct haproxy_server *servers; /* by slot */
    struct outlier_alarms alarms;   /* the next check of those that are down */
};

static const char *const haproxy_observes[] = {"layer7", "layer4", NULL};
static const char *const haproxy_on_errors[] = {"fail_check", "sudden_death", "mark_down",
                                                "fastinter", NULL};

#define HAPROXY_INTER(name, text) \
    {.key = #name, .type = PARAM_DURATION, \
     .offset = PARAM_FIELD(struct haproxy_config, name, sim_time), .fallback = "", .min = 1e6, \
     .max = 3.6e12, .help = text}

#define HAPROXY_ROW(name, value, text) \
    {.key = #name, .type = PARAM_COUNT, \
     .offset = PARAM_FIELD(struct haproxy_config, name, uint64_t), .fallback = value, \
     .min = 1, .max = 1e6, .help = text}

static const struct param haproxy_params[] = {
    {.key = "observe", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_config, observe, uint32_t), .fallback = "layer7",
     .of.words = haproxy_observes,
     .help = "errors are: 5xx but 501 and 505, or no reply; or (layer4) no connection"},
    HAPROXY_ROW(error_limit, "10", "errors in a row, with no check in between, that count"),
    {.key = "on_error", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_config, on_error, uint32_t),
     .fallback = "fail_check", .of.words = haproxy_on_errors,
     .help = "what they do: a failed check; all but the last that it takes; down; or no more "
             "than the next check early (fastinter)"},
    {.key = "inter", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct haproxy_config, inter, sim_time), .fallback = "2s",
     .min = 1e6, .max = 3.6e12,
     .help = "between health checks of a pod, which are taken to pass always"},
    HAPROXY_INTER(fastinter, "so soon after the errors the next check comes, and the next of who "
                             "is on the way up; not given: inter, and none comes early"),
    HAPROXY_INTER(downinter, "the same after errors that take it down; not given: inter"),
    HAPROXY_ROW(rise, "2", "checks that it takes to be up again"),
    HAPROXY_ROW(fall, "3", "failed checks that it takes to be down"),
    PARAM_END,
};

/* Checks of the pods are spread over an interval. */
static sim_time haproxy_phase(const struct haproxy_state *state, backend_id backend)
{
    return state->config->inter * (sim_time)backend / (sim_time)state->alarms.count;
}

static void haproxy_open(void *memory, const void *config, struct outlier_host *host,
                         struct arena *arena)
{
    struct haproxy_state *state = memory;
    state->config = config;
    state->servers = arena_take(arena, host->count, sizeof *state->servers);
    outlier_alarms_open(&state->alarms, host->count, arena);
    for (backend_id i = 0; i < host->count; i++)
        state->servers[i].next = haproxy_phase(state, i);
}

/* After a check that passed, of who is up or on the way up. */
static sim_time haproxy_gap(const struct haproxy_config *config,
                            const struct haproxy_server *server)
{
    bool rising = server->lost >= config->fall && server->passed < config->rise;
    return (server->fast || rising) && config->fastinter > 0 ? config->fastinter
                                                             : config->inter;
}

/* Checks of who is up: they clear the errors, and the failed checks. */
static void haproxy_catch_up(struct haproxy_state *state, const struct outlier_host *host,
                             backend_id backend)
{
    struct haproxy_server *server = &state->servers[backend];
    sim_time inter = state->config->inter;
    if (host->is_out[backend] || server->next > host->now)
        return;
    server->next += haproxy_gap(state->config, server);
    if (server->next <= host->now)
        server->next += ((host->now - server->next) / inter + 1) * inter;
    server->errors = server->lost = 0;
    server->fast = false;
}

static bool haproxy_is_error(const struct haproxy_config *config,
                             const struct outcome_report *outcome)
{
    if (config->observe == HAPROXY_LAYER4)
        return outcome->refused;
    return outlier_is_failure(outcome) && outcome->status != 501 && outcome->status != 505;
}

/* Failed checks that follow from the errors.  Who is down already has to start over. */
static void haproxy_lose(const struct haproxy_config *config, struct haproxy_server *server)
{
    if (config->on_error == HAPROXY_FASTINTER)
        return;
    if (config->on_error == HAPROXY_MARK_DOWN)
        server->lost = config->fall - 1;
    if (config->on_error == HAPROXY_SUDDEN_DEATH && server->lost + 2 < config->fall)
        server->lost = config->fall - 2;
    server->passed = 0;
    if (server->lost < config->fall)
        server->lost++;
}

/* With fastinter the next check comes early, by the interval of the state that it is in now; one
   that was to come before that is followed by another soon. */
static void haproxy_trip(struct haproxy_state *state, struct outlier_host *host,
                         backend_id backend)
{
    const struct haproxy_config *config = state->config;
    struct haproxy_server *server = &state->servers[backend];
    server->errors = 0;
    haproxy_lose(config, server);
    bool down = server->lost >= config->fall;
    sim_time slow = config->downinter > 0 ? config->downinter : config->inter;
    sim_time gap = down && server->passed == 0 ? slow : config->fastinter;
    server->fast = config->fastinter > 0 && host->now + gap > server->next;
    if (config->fastinter > 0 && !server->fast)
        server->next = host->now + gap;
    if (!down)
        return;
    outlier_alarms_set(&state->alarms, backend, server->next);
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

/* One of those that take a server up passes. */
static void haproxy_wake(void *memory, struct outlier_host *host)
{
    struct haproxy_state *state = memory;
    const struct haproxy_config *config = state->config;
    for (backend_id backend;
         (backend = outlier_alarms_take(&state->alarms, host->now)) != NO_BACKEND;) {
        struct haproxy_server *server = &state->servers[backend];
        server->passed++;
        server->next = host->now + haproxy_gap(config, server);
        server->errors = 0;
        server->fast = false;
        if (server->passed < config->rise) {
            outlier_alarms_set(&state->alarms, backend, server->next);
            continue;
        }
        *server = (struct haproxy_server){.next = server->next};
        outlier_admit(host, backend);
    }
}

static void haproxy_left(void *memory, struct outlier_host *host, backend_id backend)
{
    struct haproxy_state *state = memory;
    state->servers[backend] = (struct haproxy_server){.next = haproxy_phase(state, backend)};
    outlier_alarms_set(&state->alarms, backend, SIM_NEVER);
    outlier_admit(host, backend);
}

const struct outlier_ops outlier_haproxy = {
    .kind = {.name = "haproxy",
             .summary = "Errors in a row count as failed health checks; checks bring it back",
             .params = haproxy_params,
             .config_size = sizeof(struct haproxy_config)},
    .source = "haproxy/haproxy src/check.c, src/server.c",
    .differs = "its health checks always pass and are not those of health_check, which share one "
               "health with them there",
    .state_size = sizeof(struct haproxy_state),
    .open = haproxy_open,
    .learn = haproxy_learn,
    .due = haproxy_due,
    .wake = haproxy_wake,
    .left = haproxy_left,
};
