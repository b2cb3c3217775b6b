/* SPDX-License-Identifier: GPL-3.0-or-later
   Failures in a row eject at once; success rates far below the others' and shares of failures
   are looked at each interval, when ejections that are over end too.  A share of hosts out
   above max_ejection_percent AFTER an ejection forbids it: below 10 hosts the default lets
   none go.  source/common/upstream/outlier_detection_impl.cc */
#include "models/outlier.h"

#include <string.h>

enum envoy_run { ENVOY_5XX, ENVOY_GATEWAY, ENVOY_LOCAL, ENVOY_RUNS };
enum envoy_origin { ENVOY_EXTERNAL, ENVOY_ORIGIN_LOCAL, ENVOY_ORIGINS };

struct envoy_config {
    uint64_t consecutive[ENVOY_RUNS], enforcing[ENVOY_RUNS];
    bool split, always_one, check_ends;
    sim_time interval, base, most, jitter;
    uint64_t max_percent;
    uint64_t rate_hosts, rate_volume, rate_factor, rate_enforcing[ENVOY_ORIGINS];
    uint64_t share_hosts, share_volume, share_threshold, share_enforcing[ENVOY_ORIGINS];
};

struct envoy_host {
    uint64_t run[ENVOY_RUNS]; /* failures in a row */
    struct outlier_tally current[ENVOY_ORIGINS], last[ENVOY_ORIGINS];
    uint64_t times;           /* that multiply the ejection time */
    sim_time ejected, admitted, jitter;
    bool was_out;
};

struct envoy_state {
    const struct envoy_config *config;
    struct envoy_host *hosts; /* by slot */
    double *rates;            /* scratch */
    sim_time next;
};

#define ENVOY_ROW(name, field, value, most, text) \
    {.key = name, .type = PARAM_COUNT, \
     .offset = PARAM_FIELD(struct envoy_config, field, uint64_t), .fallback = value, \
     .max = most, .help = text}
#define ENVOY_PERCENT(name, field, value, text) ENVOY_ROW(name, field, value, 100, text)
#define ENVOY_TIME(name, field, value, least, text) \
    {.key = name, .type = PARAM_DURATION, \
     .offset = PARAM_FIELD(struct envoy_config, field, sim_time), .fallback = value, \
     .min = least, .max = 3.6e15, .help = text}

static const struct param envoy_params[] = {
    ENVOY_ROW("consecutive_5xx", consecutive[ENVOY_5XX], "5", 1e9,
              "replies of 5xx, or none, in a row that eject; 0: never"),
    ENVOY_ROW("consecutive_gateway_failure", consecutive[ENVOY_GATEWAY], "5", 1e9,
              "502, 503, 504, or no reply, in a row that eject; 0: never"),
    ENVOY_ROW("consecutive_local_origin_failure", consecutive[ENVOY_LOCAL], "5", 1e9,
              "attempts without a connection in a row that eject, where split; 0: never"),
    {.key = "split_external_local_origin_errors", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct envoy_config, split, bool), .fallback = "false",
     .help = "count attempts without a connection or a reply apart, not as 5xx"},
    ENVOY_TIME("interval", interval, "10s", 1, "between looks at rates and ejections"),
    ENVOY_TIME("base_ejection_time", base, "30s", 1,
               "times the number of ejections (less one per healthy interval): how long"),
    ENVOY_TIME("max_ejection_time", most, "300s", 0,
               "no ejection is longer; raised to base_ejection_time"),
    ENVOY_TIME("max_ejection_time_jitter", jitter, "0s", 0,
               "up to this, in whole milliseconds, is added to each ejection"),
    ENVOY_PERCENT("max_ejection_percent", max_percent, "10",
                  "nobody is ejected who would bring the share of hosts out above this"),
    {.key = "always_eject_one_host", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct envoy_config, always_one, bool), .fallback = "false",
     .help = "the first to go may go, whatever max_ejection_percent"},
    {.key = "successful_active_health_check_uneject_host", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct envoy_config, check_ends, bool), .fallback = "true",
     .help = "a health check that passes ends an ejection, where there are checks"},
    ENVOY_ROW("success_rate_minimum_hosts", rate_hosts, "5", 1e9,
              "hosts with success_rate_request_volume that the rule needs"),
    ENVOY_ROW("success_rate_request_volume", rate_volume, "100", 1e12,
              "requests in an interval that a host needs for its success rate to count"),
    ENVOY_ROW("success_rate_stdev_factor", rate_factor, "1900", 1e9,
              "thousandths of standard deviations below the mean that eject"),
    ENVOY_ROW("failure_percentage_threshold", share_threshold, "85", 100,
              "percent of failures in an interval, or more, that eject"),
    ENVOY_ROW("failure_percentage_minimum_hosts", share_hosts, "5", 1e9,
              "hosts with failure_percentage_request_volume that the rule needs"),
    ENVOY_ROW("failure_percentage_request_volume", share_volume, "50", 1e12,
              "requests in an interval that a host needs for its share to count"),
    ENVOY_PERCENT("enforcing_consecutive_5xx", enforcing[ENVOY_5XX], "100",
                  "chance that the rule ejects; likewise below"),
    ENVOY_PERCENT("enforcing_consecutive_gateway_failure", enforcing[ENVOY_GATEWAY], "0",
                  "of consecutive_gateway_failure"),
    ENVOY_PERCENT("enforcing_consecutive_local_origin_failure", enforcing[ENVOY_LOCAL], "100",
                  "of consecutive_local_origin_failure"),
    ENVOY_PERCENT("enforcing_success_rate", rate_enforcing[ENVOY_EXTERNAL], "100",
                  "of the success rate"),
    ENVOY_PERCENT("enforcing_local_origin_success_rate", rate_enforcing[ENVOY_ORIGIN_LOCAL],
                  "100", "of the success rate of getting replies at all, where split"),
    ENVOY_PERCENT("enforcing_failure_percentage", share_enforcing[ENVOY_EXTERNAL], "0",
                  "of the share of failures"),
    ENVOY_PERCENT("enforcing_failure_percentage_local_origin",
                  share_enforcing[ENVOY_ORIGIN_LOCAL], "0",
                  "of the share of attempts without a reply, where split"),
    PARAM_END,
};

static void envoy_open(void *memory, const void *config, struct outlier_host *host,
                       struct arena *arena)
{
    struct envoy_state *state = memory;
    state->config = config;
    state->hosts = arena_take(arena, host->count, sizeof *state->hosts);
    state->rates = arena_take(arena, host->count, sizeof *state->rates);
    state->next = host->now + state->config->interval;
}

static void envoy_eject(struct envoy_state *state, struct outlier_host *host,
                        backend_id backend, uint64_t enforcing)
{
    const struct envoy_config *config = state->config;
    struct envoy_host *it = &state->hosts[backend];
    double percent = 100.0 * (host->out_count + 1) / host->member_count;
    bool allowed = percent <= (double)config->max_percent ||
                   (config->always_one && host->out_count == 0);
    if (!allowed || !outlier_enforced(host, enforcing))
        return;
    it->ejected = host->now;
    it->jitter = 0;
    if (config->jitter >= SIM_MILLISECOND)
        it->jitter = SIM_MILLISECOND *
                     (sim_time)rng_below(host->rng,
                                         (uint64_t)(config->jitter / SIM_MILLISECOND) + 1);
    sim_time most = config->most > config->base ? config->most : config->base;
    if (outlier_ejection(config->base, it->times, most + config->base) < most + config->base)
        it->times++;
    outlier_eject(host, backend);
}

/* Who is out already stays as it is, and so does the run. */
static void envoy_fail(struct envoy_state *state, struct outlier_host *host,
                       backend_id backend, enum envoy_run run)
{
    struct envoy_host *it = &state->hosts[backend];
    if (++it->run[run] != state->config->consecutive[run] || host->is_out[backend])
        return;
    envoy_eject(state, host, backend, state->config->enforcing[run]);
    it->run[run] = 0;
}

static void envoy_count(struct envoy_host *it, enum envoy_origin origin, bool success)
{
    it->current[origin].total++;
    it->current[origin].successes += success;
}

/* Counted at the end of the reply, in Envoy at its headers.  Unsplit, no reply is a 503 or
   504.  Split, a connection that comes about is a success, even where a reset or a timeout
   follows: that is a failure then, the first of a run. */
static void envoy_learn(void *memory, struct outlier_host *host,
                        const struct outcome_report *outcome)
{
    struct envoy_state *state = memory;
    backend_id backend = outcome->backend;
    struct envoy_host *it = &state->hosts[backend];
    bool local = outlier_is_local(outcome);
    if (state->config->split) {
        if (!outcome->refused) {
            envoy_count(it, ENVOY_ORIGIN_LOCAL, true);
            it->run[ENVOY_LOCAL] = 0;
        }
        if (local) {
            envoy_count(it, ENVOY_ORIGIN_LOCAL, false);
            envoy_fail(state, host, backend, ENVOY_LOCAL);
            return;
        }
    }
    bool failure = outlier_is_failure(outcome);
    envoy_count(it, ENVOY_EXTERNAL, !failure);
    if (!failure) {
        it->run[ENVOY_5XX] = it->run[ENVOY_GATEWAY] = 0;
        return;
    }
    if (local || (outcome->status >= 502 && outcome->status <= 504))
        envoy_fail(state, host, backend, ENVOY_GATEWAY);
    else
        it->run[ENVOY_GATEWAY] = 0;
    envoy_fail(state, host, backend, ENVOY_5XX);
}

static void envoy_admit(struct envoy_state *state, struct outlier_host *host,
                        backend_id backend)
{
    struct envoy_host *it = &state->hosts[backend];
    memset(it->run, 0, sizeof it->run);
    it->admitted = host->now;
    it->was_out = true;
    outlier_admit(host, backend);
}

static bool envoy_is_over(const struct envoy_state *state, const struct outlier_host *host,
                          backend_id backend)
{
    const struct envoy_config *config = state->config;
    const struct envoy_host *it = &state->hosts[backend];
    sim_time lasts = outlier_ejection(config->base, it->times, config->most) + it->jitter;
    return host->now - it->ejected >= lasts;
}

static void envoy_passed(void *memory, struct outlier_host *host, backend_id backend)
{
    struct envoy_state *state = memory;
    if (state->config->check_ends && host->is_out[backend])
        envoy_admit(state, host, backend);
}

/* The tally of a host that is in and had `volume` requests in the interval, else NULL. */
static const struct outlier_tally *envoy_tally(const struct envoy_state *state,
                                               const struct outlier_host *host,
                                               backend_id backend, enum envoy_origin origin,
                                               uint64_t volume)
{
    const struct outlier_tally *tally = &state->hosts[backend].last[origin];
    bool counts = host->is_member[backend] && !host->is_out[backend] && tally->total > 0 &&
                  tally->total >= volume;
    return counts ? tally : NULL;
}

static double envoy_percent(const struct outlier_tally *tally)
{
    return (double)tally->successes * 100.0 / (double)tally->total;
}

/* The success rates, in percent, of those that count. */
static uint32_t envoy_collect(struct envoy_state *state, const struct outlier_host *host,
                              enum envoy_origin origin, uint64_t volume)
{
    uint32_t count = 0;
    for (backend_id i = 0; i < host->count; i++) {
        const struct outlier_tally *tally = envoy_tally(state, host, i, origin, volume);
        if (tally != NULL)
            state->rates[count++] = envoy_percent(tally);
    }
    return count;
}

/* In slot order, where Envoy goes by that of a hash map.  A host that both rules would eject
   at once goes once. */
static void envoy_look(struct envoy_state *state, struct outlier_host *host,
                       enum envoy_origin origin)
{
    const struct envoy_config *config = state->config;
    uint32_t shares = envoy_collect(state, host, origin, config->share_volume);
    uint32_t rates = envoy_collect(state, host, origin, config->rate_volume);
    if (rates > 0 && rates >= config->rate_hosts) {
        double least =
            outlier_threshold(state->rates, rates, (double)config->rate_factor / 1000.0);
        for (backend_id i = 0; i < host->count; i++) {
            const struct outlier_tally *tally =
                envoy_tally(state, host, i, origin, config->rate_volume);
            if (tally != NULL && envoy_percent(tally) < least)
                envoy_eject(state, host, i, config->rate_enforcing[origin]);
        }
    }
    if (shares == 0 || shares < config->share_hosts)
        return;
    for (backend_id i = 0; i < host->count; i++) {
        const struct outlier_tally *tally =
            envoy_tally(state, host, i, origin, config->share_volume);
        if (tally != NULL && 100.0 - envoy_percent(tally) >= (double)config->share_threshold)
            envoy_eject(state, host, i, config->share_enforcing[origin]);
    }
}

static sim_time envoy_due(const void *memory)
{
    return ((const struct envoy_state *)memory)->next;
}

static void envoy_wake(void *memory, struct outlier_host *host)
{
    struct envoy_state *state = memory;
    for (backend_id i = 0; i < host->count; i++) {
        struct envoy_host *it = &state->hosts[i];
        if (host->is_out[i] && envoy_is_over(state, host, i))
            envoy_admit(state, host, i);
        memcpy(it->last, it->current, sizeof it->last);
        memset(it->current, 0, sizeof it->current);
    }
    envoy_look(state, host, ENVOY_EXTERNAL);
    envoy_look(state, host, ENVOY_ORIGIN_LOCAL);
    for (backend_id i = 0; i < host->count; i++) {
        struct envoy_host *it = &state->hosts[i];
        if (!host->is_out[i] && it->was_out && it->times > 0 &&
            host->now - it->admitted >= state->config->interval)
            it->times--;
    }
    state->next = host->now + state->config->interval;
}

static void envoy_left(void *memory, struct outlier_host *host, backend_id backend)
{
    struct envoy_state *state = memory;
    state->hosts[backend] = (struct envoy_host){0};
    outlier_admit(host, backend);
}

const struct outlier_ops outlier_envoy = {
    .kind = {.name = "envoy",
             .summary = "Failures in a row, success rate, share of failures; ends on ticks",
             .params = envoy_params,
             .config_size = sizeof(struct envoy_config)},
    .source = "envoyproxy/envoy source/common/upstream/outlier_detection_impl.cc",
    .differs = "a host that both rules of rates would eject at one tick goes, and counts, once; "
               "replies count at their end, not at their headers",
    .state_size = sizeof(struct envoy_state),
    .open = envoy_open,
    .learn = envoy_learn,
    .passed = envoy_passed,
    .due = envoy_due,
    .wake = envoy_wake,
    .left = envoy_left,
};
