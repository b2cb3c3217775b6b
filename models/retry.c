/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of retries.  Envoy: retry_state_impl.cc and backoff_strategy.cc.  nginx:
   ngx_http_upstream_next and proxy_next_upstream*.  HAProxy: back_handle_st_cer in backend.c,
   stream_choose_redispatch in stream.h, do_l7_retry in http_ana.c.
   Finagle: RequeueFilter.scala.  Linkerd: app/outbound/src/http/retry.rs, ServiceProfiles.
   gRPC: proposal A6, csAttempt.shouldRetry of grpc-go. */
#include "models/retry.h"

#include <stdio.h>

#define RETRY_FIELD(field, ctype) PARAM_FIELD(struct retry_config, field, ctype)
#define RETRY_LONGEST (86400 * 1e9)

static const char *const retry_causes[] = {"refused", "reset", "rejected", "error",
                                           "timeout", "any",   NULL};
static const char *const retry_jitters[] = {"none", "full", NULL};
static const char *const retry_places[] = {"anywhere", "elsewhere", "untried", "same", NULL};
static const char *const retry_predicates[] = {"none", "previous_hosts", NULL};

static const struct param retry_on_item = {
    .key = "on", .type = PARAM_CHOICE, .of.words = retry_causes,
    .help = "refused: no connection; reset: it broke; rejected: 503 of a full pod; error: "
            "other 5xx; timeout: of one attempt"};

static const struct param retry_custom_params[] = {
    {.key = "attempts", .type = PARAM_COUNT, .offset = RETRY_FIELD(attempts, uint64_t),
     .fallback = "1", .also = "unlimited", .max = 1000, .help = "retries after the first attempt"},
    {.key = "on", .type = PARAM_LIST, .offset = RETRY_FIELD(on, struct param_list),
     .fallback = "any", .max = RETRY_CAUSES, .of.item = &retry_on_item,
     .help = "what is tried again"},
    {.key = "per_try_timeout", .type = PARAM_DURATION,
     .offset = RETRY_FIELD(per_try_timeout, sim_time), .fallback = "none", .also = "none",
     .min = 1, .max = RETRY_LONGEST, .help = "after which an attempt is given up"},
    {.key = "within", .type = PARAM_DURATION, .offset = RETRY_FIELD(within, sim_time),
     .fallback = "none", .also = "none", .min = 1, .max = RETRY_LONGEST,
     .help = "no retry once the request is this old"},
    {.key = "base", .type = PARAM_DURATION, .offset = RETRY_FIELD(base, sim_time),
     .fallback = "0s", .max = RETRY_LONGEST, .help = "wait before the first retry"},
    {.key = "max", .type = PARAM_DURATION, .offset = RETRY_FIELD(most, sim_time),
     .fallback = "", .min = 1, .max = RETRY_LONGEST,
     .help = "longest wait; not given: 10 times the base"},
    {.key = "multiplier", .type = PARAM_NUMBER, .offset = RETRY_FIELD(multiplier, double),
     .fallback = "2", .min = 1, .max = 1000, .help = "from one wait to the next"},
    {.key = "jitter", .type = PARAM_CHOICE, .offset = RETRY_FIELD(jitter, uint32_t),
     .fallback = "full", .of.words = retry_jitters,
     .help = "full: anything from 0 up to the wait"},
    {.key = "place", .type = PARAM_CHOICE, .offset = RETRY_FIELD(place, uint32_t),
     .fallback = "anywhere", .of.words = retry_places,
     .help = "anywhere; elsewhere: where it was not yet, if possible; untried: only there; "
             "same: where it was last"},
    {.key = "budget", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = RETRY_FIELD(budget, struct param_kind),
     .fallback = "none", .of.kinds = &retry_budget_kinds,
     .help = "how much all retries together may add"},
    PARAM_END,
};

static const struct param retry_envoy_params[] = {
    {.key = "num_retries", .type = PARAM_COUNT, .offset = RETRY_FIELD(attempts, uint64_t),
     .fallback = "1", .max = 1000, .help = "retries after the first attempt"},
    {.key = "retry_on", .type = PARAM_LIST, .offset = RETRY_FIELD(on, struct param_list),
     .fallback = "any", .max = RETRY_CAUSES, .of.item = &retry_on_item,
     .help = "what is tried again; any is Envoy's 5xx, refused its connect-failure; Envoy has "
             "no default"},
    {.key = "per_try_timeout", .type = PARAM_DURATION,
     .offset = RETRY_FIELD(per_try_timeout, sim_time), .fallback = "none", .also = "none",
     .min = 1, .max = RETRY_LONGEST, .help = "after which an attempt is given up"},
    {.key = "base_interval", .type = PARAM_DURATION, .offset = RETRY_FIELD(base, sim_time),
     .fallback = "25ms", .min = 1e6, .max = RETRY_LONGEST,
     .help = "a retry waits from 0 up to this, in whole milliseconds; doubled each time"},
    {.key = "max_interval", .type = PARAM_DURATION, .offset = RETRY_FIELD(most, sim_time),
     .fallback = "", .min = 1e6, .max = RETRY_LONGEST,
     .help = "longest of these; not given: 10 times base_interval"},
    {.key = "retry_host_predicate", .type = PARAM_CHOICE,
     .offset = RETRY_FIELD(place, uint32_t), .fallback = "none", .of.words = retry_predicates,
     .help = "which hosts a retry avoids: none, or those tried before"},
    {.key = "budget", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = RETRY_FIELD(budget, struct param_kind),
     .fallback = "{concurrent: {max_retries: 3}}", .of.kinds = &retry_budget_kinds,
     .help = "circuit breaker for retries; percent is its retry_budget"},
    PARAM_END,
};

static const struct param retry_nginx_params[] = {
    {.key = "proxy_next_upstream", .type = PARAM_LIST,
     .offset = RETRY_FIELD(on, struct param_list), .fallback = "[refused, reset, timeout]",
     .max = RETRY_CAUSES, .of.item = &retry_on_item,
     .help = "what is tried again; refused and reset are its error, rejected its http_503"},
    {.key = "proxy_next_upstream_tries", .type = PARAM_COUNT,
     .offset = RETRY_FIELD(attempts, uint64_t), .fallback = "unlimited", .also = "unlimited",
     .min = 1, .max = 1000, .help = "attempts in all, the first included; its 0 is unlimited"},
    {.key = "proxy_next_upstream_timeout", .type = PARAM_DURATION,
     .offset = RETRY_FIELD(within, sim_time), .fallback = "none", .also = "none", .min = 1,
     .max = RETRY_LONGEST, .help = "time in which to try again; its 0 is none"},
    {.key = "proxy_read_timeout", .type = PARAM_DURATION,
     .offset = RETRY_FIELD(per_try_timeout, sim_time), .fallback = "60s", .also = "none",
     .min = 1, .max = RETRY_LONGEST, .help = "after which an attempt is given up"},
    PARAM_END,
};

static const struct param retry_haproxy_params[] = {
    {.key = "retries", .type = PARAM_COUNT, .offset = RETRY_FIELD(attempts, uint64_t),
     .fallback = "3", .max = 1000, .help = "retries after the first attempt"},
    {.key = "retry_on", .type = PARAM_LIST, .offset = RETRY_FIELD(on, struct param_list),
     .fallback = "refused", .max = RETRY_CAUSES, .of.item = &retry_on_item,
     .help = "what is tried again; refused is its conn-failure, reset its empty-response, "
             "timeout its response-timeout"},
    {.key = "timeout_connect", .type = PARAM_DURATION, .offset = RETRY_FIELD(base, sim_time),
     .fallback = "5s", .min = 1e6, .max = RETRY_LONGEST,
     .help = "after a refused connection a retry on the same server waits this long, at most "
             "1 s; no default there"},
    {.key = "timeout_server", .type = PARAM_DURATION,
     .offset = RETRY_FIELD(per_try_timeout, sim_time), .fallback = "none", .also = "none",
     .min = 1, .max = RETRY_LONGEST, .help = "after which an attempt is given up"},
    {.key = "redispatch", .type = PARAM_COUNT, .offset = RETRY_FIELD(redispatch, uint64_t),
     .fallback = "last", .also = "last", .max = 1000,
     .help = "option redispatch: every so many retries may go to another server, and all do "
             "where neither a hash nor a session binds them; 0: none, as HAProxy does without "
             "the option"},
    PARAM_END,
};

static const struct param retry_finagle_params[] = {
    {.key = "budget", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = RETRY_FIELD(budget, struct param_kind),
     .fallback = "finagle", .of.kinds = &retry_budget_kinds,
     .help = "how much all retries together may add"},
    {.key = "max_requeues", .type = PARAM_COUNT, .offset = RETRY_FIELD(attempts, uint64_t),
     .fallback = "20", .max = 100000,
     .help = "retries of one request: a fifth of the idle budget's 100; Finagle takes a fifth of "
             "what the budget holds as the request comes"},
    {.key = "on", .type = PARAM_LIST, .offset = RETRY_FIELD(on, struct param_list),
     .fallback = "[refused, rejected]", .max = RETRY_CAUSES, .of.item = &retry_on_item,
     .help = "what is tried again: what was not sent, and what the server turned away"},
    PARAM_END,
};

static const struct param retry_linkerd_params[] = {
    {.key = "budget", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = RETRY_FIELD(budget, struct param_kind),
     .fallback = "linkerd", .of.kinds = &retry_budget_kinds,
     .help = "how much all retries together may add"},
    {.key = "on", .type = PARAM_LIST, .offset = RETRY_FIELD(on, struct param_list),
     .fallback = "[rejected, error]", .max = RETRY_CAUSES, .of.item = &retry_on_item,
     .help = "what is tried again: replies that count as failures (isRetryable)"},
    PARAM_END,
};

/* gRPC has no defaults: these are the proposal's example. */
static const struct param retry_grpc_params[] = {
    {.key = "max_attempts", .type = PARAM_COUNT, .offset = RETRY_FIELD(attempts, uint64_t),
     .fallback = "4", .min = 2, .max = 5, .help = "maxAttempts: the first included"},
    {.key = "initial_backoff", .type = PARAM_DURATION, .offset = RETRY_FIELD(base, sim_time),
     .fallback = "100ms", .min = 1, .max = RETRY_LONGEST,
     .help = "initialBackoff: wait before the first retry, a fifth more or less"},
    {.key = "max_backoff", .type = PARAM_DURATION, .offset = RETRY_FIELD(most, sim_time),
     .fallback = "1s", .min = 1, .max = RETRY_LONGEST,
     .help = "maxBackoff: longest wait, a fifth more or less"},
    {.key = "backoff_multiplier", .type = PARAM_NUMBER,
     .offset = RETRY_FIELD(multiplier, double), .fallback = "2", .min = 0.001, .max = 1000,
     .help = "backoffMultiplier: from one wait to the next"},
    {.key = "on", .type = PARAM_LIST, .offset = RETRY_FIELD(on, struct param_list),
     .fallback = "[refused, reset, rejected]", .max = RETRY_CAUSES, .of.item = &retry_on_item,
     .help = "retryableStatusCodes: what is tried again; the default is UNAVAILABLE"},
    {.key = "budget", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = RETRY_FIELD(budget, struct param_kind),
     .fallback = "none", .of.kinds = &retry_budget_kinds,
     .help = "how much all retries together may add; grpc is its retryThrottling"},
    PARAM_END,
};

/* -- what follows from the parameters -- */

static void retry_set_causes(struct retry_config *config)
{
    config->causes = 0;
    for (size_t i = 0; i < config->on.count; i++) {
        uint32_t cause = *PARAM_ITEM(config->on, uint32_t, i);
        config->causes |= cause == RETRY_CAUSES ? UINT32_MAX : UINT32_C(1) << cause;
    }
}

static bool retry_custom_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    retry_set_causes(memory);
    ((struct retry_config *)memory)->unit = 1;
    return true;
}

static bool retry_envoy_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    struct retry_config *config = memory;
    retry_set_causes(config);
    config->within = SIM_NEVER;
    config->multiplier = 2;
    config->jitter = RETRY_JITTER_FULL;
    config->unit = SIM_MILLISECOND;
    if (config->most == 0 || config->most >= config->base)
        return true;
    snprintf(message, size, "max_interval must not be below base_interval");
    return false;
}

static bool retry_nginx_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    struct retry_config *config = memory;
    retry_set_causes(config);
    config->place = RETRY_UNTRIED;
    config->counts_first = true;
    return true;
}

static bool retry_haproxy_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    struct retry_config *config = memory;
    retry_set_causes(config);
    config->within = SIM_NEVER;
    config->most = SIM_SECOND;
    config->multiplier = 1;
    config->place = config->redispatch > 0 ? RETRY_SAME : RETRY_STAY;
    config->is_haproxy = true;
    config->jitter = RETRY_JITTER_NONE;
    return true;
}

static bool retry_finagle_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    struct retry_config *config = memory;
    retry_set_causes(config);
    config->within = config->per_try_timeout = SIM_NEVER;
    return true;
}

static bool retry_linkerd_check(void *memory, struct arena *arena, char *message, size_t size)
{
    struct retry_config *config = memory;
    config->attempts = UINT64_MAX;
    return retry_finagle_check(memory, arena, message, size);
}

static bool retry_grpc_check(void *memory, struct arena *arena, char *message, size_t size)
{
    struct retry_config *config = memory;
    config->counts_first = true;
    config->jitter = RETRY_JITTER_FIFTH;
    return retry_finagle_check(memory, arena, message, size);
}

static const struct kind retry_list[] = {
    {"custom", "Retries with every number free", retry_custom_params,
     sizeof(struct retry_config), retry_custom_check},
    {"envoy", "Envoy's retry_policy, with its circuit breaker for retries", retry_envoy_params,
     sizeof(struct retry_config), retry_envoy_check},
    {"nginx", "proxy_next_upstream: at once, never the same pod twice", retry_nginx_params,
     sizeof(struct retry_config), retry_nginx_check},
    {"haproxy", "On the same server after a pause, the last one elsewhere",
     retry_haproxy_params, sizeof(struct retry_config), retry_haproxy_check},
    {"finagle", "Requeues of what was not processed, within a budget of tokens",
     retry_finagle_params, sizeof(struct retry_config), retry_finagle_check},
    {"linkerd", "Retries of failed replies, within a budget of tokens", retry_linkerd_params,
     sizeof(struct retry_config), retry_linkerd_check},
    {"grpc", "gRPC's retryPolicy, with its throttling as a budget", retry_grpc_params,
     sizeof(struct retry_config), retry_grpc_check},
};

static const struct kind *retry_at(size_t index)
{
    return index < sizeof retry_list / sizeof *retry_list ? &retry_list[index] : NULL;
}

const struct kind_list retry_kinds = {.noun = "retry policy", .at = retry_at};

/* -- decisions -- */

static uint64_t retry_limit(const struct retry_config *config)
{
    return config->counts_first && config->attempts != UINT64_MAX ? config->attempts - 1
                                                                  : config->attempts;
}

bool retry_is_last(const struct retry_config *config, const struct retry_try *failed)
{
    return failed->attempt >= retry_limit(config) ||
           failed->now - failed->since >= config->within;
}

bool retry_may(const struct retry_config *config, struct retry_budget *budget,
               const struct retry_try *failed)
{
    if ((config->causes >> failed->cause & 1) == 0) {
        retry_budget_end(budget, failed->now);
        return false;
    }
    bool throttles = retry_budget_throttles(budget);
    if (throttles && !retry_budget_withdraw(budget, &failed->load, failed->now))
        return false;
    if (retry_is_last(config, failed))
        return false;
    return throttles || retry_budget_withdraw(budget, &failed->load, failed->now);
}

/* HAProxy before 2.7 so redispatched what was in turn or at random, and not leastconn. */
static bool retry_is_redispatched(const struct retry_config *config,
                                  const struct retry_next *next)
{
    if (config->redispatch == 0)
        return false;
    if (next->down || (!next->bound && !next->alone))
        return true;
    if (config->redispatch == UINT64_MAX)
        return next->attempt + 1 == config->attempts;
    return (next->attempt + 1) % config->redispatch == 0;
}

enum retry_place retry_place(const struct retry_config *config, const struct retry_next *next)
{
    if (retry_is_redispatched(config, next))
        return RETRY_ANYWHERE;
    return (enum retry_place)config->place;
}

/* The wait in full: base times multiplier^attempt, at most `most`. */
static double retry_interval(const struct retry_config *config, uint64_t attempt)
{
    double interval = (double)config->base;
    double most = config->most > 0 ? (double)config->most : 10 * interval;
    bool changes = config->multiplier != 1;
    for (uint64_t i = 0; changes && i < attempt && interval < most && interval >= 1; i++)
        interval *= config->multiplier;
    return interval < most ? interval : most;
}

/* Only what comes back to a server that refused it waits. */
static bool retry_is_at_once(const struct retry_config *config, const struct retry_next *next)
{
    return next->cause != RETRY_REFUSED ||
           (retry_is_redispatched(config, next) && !next->alone);
}

sim_time retry_delay(const struct retry_config *config, const struct retry_next *next,
                     struct rng *rng)
{
    if (config->base == 0 || (config->is_haproxy && retry_is_at_once(config, next)))
        return 0;
    double wait = retry_interval(config, next->attempt);
    if (config->jitter == RETRY_JITTER_FIFTH)
        return sim_time_of(wait * (0.8 + 0.4 * rng_uniform(rng)));
    sim_time interval = sim_time_of(wait);
    if (config->jitter == RETRY_JITTER_NONE)
        return interval;
    uint64_t units = (uint64_t)(interval / config->unit);
    return units > 0 ? (sim_time)rng_below(rng, units) * config->unit : 0;
}
