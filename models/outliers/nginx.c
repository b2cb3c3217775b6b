/* SPDX-License-Identifier: GPL-3.0-or-later
   max_fails failures take a server out for fail_timeout; then one request may try it, and no
   other for another fail_timeout unless it succeeds.  With all out nginx answers 502; its
   releases before 1.11.5 also forgave all of them then.  Whole seconds.  Halved weights belong to
   the nginx policies, which have this rule built in: this is for use with others.
   src/http/ngx_http_upstream_round_robin.c */
#include "models/outlier.h"

struct nginx_config {
    uint64_t max_fails;
    sim_time fail_timeout;
    struct param_list next_upstream; /* of uint32_t, in nginx_statuses */
};

struct nginx_server {
    uint64_t fails;
    int64_t accessed, checked; /* the seconds of the last failure, and of that or a trial */
};

struct nginx_state {
    const struct nginx_config *config;
    struct nginx_server *servers; /* by slot */
    struct outlier_alarms alarms;
    int64_t timeout; /* seconds */
};

static const char *const nginx_words[] = {"http_500", "http_502", "http_503",
                                          "http_504", "http_429", NULL};
static const uint16_t nginx_statuses[] = {500, 502, 503, 504, 429};

static const struct param nginx_status_item = {
    .key = "next_upstream", .type = PARAM_CHOICE, .of.words = nginx_words,
    .help = "a status"};

static const struct param nginx_params[] = {
    {.key = "max_fails", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct nginx_config, max_fails, uint64_t), .fallback = "1",
     .max = 1e9, .help = "failures, with no trial in between, that take a pod out; 0: never"},
    {.key = "fail_timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct nginx_config, fail_timeout, sim_time), .fallback = "10s",
     .max = 3.6e15, .help = "how long it is out until one request may try it; whole seconds"},
    {.key = "next_upstream", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct nginx_config, next_upstream, struct param_list),
     .fallback = "", .max = 5, .of.item = &nginx_status_item,
     .help = "replies that count as failures, as no reply always does; where the balancer retries, "
             "not at the last try"},
    PARAM_END,
};

static void nginx_open(void *memory, const void *config, struct outlier_host *host,
                       struct arena *arena)
{
    struct nginx_state *state = memory;
    state->config = config;
    state->servers = arena_take(arena, host->count, sizeof *state->servers);
    state->timeout = state->config->fail_timeout / SIM_SECOND;
    outlier_alarms_open(&state->alarms, host->count, arena);
}

/* ngx_time(): of a clock that was set long before the run began. */
static int64_t nginx_second(const struct outlier_host *host)
{
    return (INT64_C(1) << 30) + host->now / SIM_SECOND;
}

/* ngx_http_upstream_test_next takes a reply for a failure only while it may pass it over for the
   next server's; what a client gave up on is closed as if it had gone well. */
static bool nginx_is_failure(const struct nginx_config *config,
                             const struct outcome_report *outcome)
{
    if (outcome->abandoned)
        return false;
    if (outlier_is_local(outcome))
        return true;
    for (size_t i = 0; !outcome->last_try && i < config->next_upstream.count; i++)
        if (nginx_statuses[*PARAM_ITEM(config->next_upstream, uint32_t, i)] ==
            outcome->status)
            return true;
    return false;
}

/* Out until the second after `checked` + fail_timeout. */
static void nginx_eject(struct nginx_state *state, struct outlier_host *host,
                        backend_id backend)
{
    const struct nginx_server *server = &state->servers[backend];
    if (state->config->max_fails == 0 || server->fails < state->config->max_fails)
        return;
    sim_time left = (server->checked + state->timeout + 1 - nginx_second(host)) * SIM_SECOND;
    outlier_alarms_set(&state->alarms, backend, host->now - host->now % SIM_SECOND + left);
    outlier_eject(host, backend);
}

static void nginx_forgive(struct nginx_state *state, struct outlier_host *host,
                          backend_id backend)
{
    state->servers[backend].fails = 0;
    outlier_alarms_set(&state->alarms, backend, SIM_NEVER);
    outlier_admit(host, backend);
}

/* The first after fail_timeout is a trial. */
static void nginx_sent(void *memory, struct outlier_host *host, backend_id backend)
{
    struct nginx_state *state = memory;
    struct nginx_server *server = &state->servers[backend];
    int64_t now = nginx_second(host);
    if (now - server->checked <= state->timeout)
        return;
    server->checked = now;
    nginx_eject(state, host, backend);
}

/* A success clears the failures only when a trial was made since the last of them.  The only
   server of an upstream never counts as failed. */
static void nginx_learn(void *memory, struct outlier_host *host,
                        const struct outcome_report *outcome)
{
    struct nginx_state *state = memory;
    struct nginx_server *server = &state->servers[outcome->backend];
    if (host->member_count == 1) {
        nginx_forgive(state, host, outcome->backend);
    } else if (nginx_is_failure(state->config, outcome)) {
        server->fails++;
        server->accessed = server->checked = nginx_second(host);
        nginx_eject(state, host, outcome->backend);
    } else if (server->accessed < server->checked) {
        nginx_forgive(state, host, outcome->backend);
    }
}

static sim_time nginx_due(const void *memory)
{
    return ((const struct nginx_state *)memory)->alarms.first;
}

static void nginx_wake(void *memory, struct outlier_host *host)
{
    struct nginx_state *state = memory;
    for (backend_id backend;
         (backend = outlier_alarms_take(&state->alarms, host->now)) != NO_BACKEND;)
        outlier_admit(host, backend);
}

static void nginx_left(void *memory, struct outlier_host *host, backend_id backend)
{
    struct nginx_state *state = memory;
    nginx_forgive(state, host, backend);
    state->servers[backend] = (struct nginx_server){0};
    for (backend_id i = 0; host->member_count == 1 && i < host->count; i++)
        nginx_forgive(state, host, i);
}

const struct outlier_ops outlier_nginx = {
    .kind = {.name = "nginx",
             .summary = "max_fails failures: out for fail_timeout, then one request tries",
             .params = nginx_params,
             .config_size = sizeof(struct nginx_config)},
    .source = "nginx/nginx src/http/ngx_http_upstream_round_robin.c",
    .differs = "where nothing is retried a status of next_upstream counts, though nginx counts "
               "none that it does not retry; halved weights are left to the nginx policies",
    .state_size = sizeof(struct nginx_state),
    .open = nginx_open,
    .sent = nginx_sent,
    .learn = nginx_learn,
    .due = nginx_due,
    .wake = nginx_wake,
    .left = nginx_left,
};
