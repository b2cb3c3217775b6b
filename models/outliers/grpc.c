/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's two rules of rates without those of failures in a row, looked at each interval.  The
   share of hosts out is compared BEFORE an ejection, so one may always go, and the share of
   failures must be above its threshold, not at it.  gRFC A50, as grpc-go has it. */
#include "models/outlier.h"

#include <string.h>

struct grpc_rate {
    uint64_t stdev_factor, enforcement, hosts, volume;
};

struct grpc_share {
    uint64_t threshold, enforcement, hosts, volume;
};

struct grpc_config {
    sim_time interval, base, most;
    uint64_t max_percent;
    struct grpc_rate rate;
    struct grpc_share share;
};

struct grpc_host {
    struct outlier_tally current, last;
    uint64_t times; /* that multiply the ejection time */
    sim_time ejected;
};

struct grpc_state {
    const struct grpc_config *config;
    struct grpc_host *hosts; /* by slot */
    double *rates;           /* scratch */
    sim_time next;
};

#define GRPC_ROW(section, name, field, value, most, text) \
    {.key = name, .type = PARAM_COUNT, .offset = PARAM_FIELD(section, field, uint64_t), \
     .fallback = value, .max = most, .help = text}
#define GRPC_TIME(name, field, value, least, text) \
    {.key = name, .type = PARAM_DURATION, \
     .offset = PARAM_FIELD(struct grpc_config, field, sim_time), .fallback = value, \
     .min = least, .max = 3.6e15, .help = text}

static const struct param grpc_rate_params[] = {
    GRPC_ROW(struct grpc_rate, "stdev_factor", stdev_factor, "1900", 1e9,
             "thousandths of standard deviations below the mean that eject"),
    GRPC_ROW(struct grpc_rate, "enforcement_percentage", enforcement, "100", 100,
             "chance that the rule ejects; 0: off"),
    GRPC_ROW(struct grpc_rate, "minimum_hosts", hosts, "5", 1e9,
             "hosts with request_volume that the rule needs"),
    GRPC_ROW(struct grpc_rate, "request_volume", volume, "100", 1e12,
             "requests in an interval that a host needs for its rate to count"),
    PARAM_END,
};

static const struct param grpc_share_params[] = {
    GRPC_ROW(struct grpc_share, "threshold", threshold, "85", 100,
             "percent of failures in an interval above which a host is ejected"),
    GRPC_ROW(struct grpc_share, "enforcement_percentage", enforcement, "100", 100,
             "chance that the rule ejects; 0: off"),
    GRPC_ROW(struct grpc_share, "minimum_hosts", hosts, "5", 1e9,
             "hosts with request_volume that the rule needs"),
    GRPC_ROW(struct grpc_share, "request_volume", volume, "50", 1e12,
             "requests in an interval that a host needs for its share to count"),
    PARAM_END,
};

/* Without either rule gRPC does nothing; success rate alone is what it makes of xDS with the
   defaults there. */
static const struct param grpc_params[] = {
    GRPC_TIME("interval", interval, "10s", 1, "between looks"),
    GRPC_TIME("base_ejection_time", base, "30s", 1,
              "times the number of ejections (less one per healthy interval): how long"),
    GRPC_TIME("max_ejection_time", most, "300s", 0,
              "no ejection is longer; raised to base_ejection_time"),
    GRPC_ROW(struct grpc_config, "max_ejection_percent", max_percent, "10", 100,
             "nobody is ejected while the share of hosts out is this or more"),
    {.key = "success_rate_ejection", .type = PARAM_MAP,
     .offset = offsetof(struct grpc_config, rate), .fallback = "{}",
     .of.fields = grpc_rate_params, .size = sizeof(struct grpc_rate),
     .help = "success rates far below the others' eject"},
    {.key = "failure_percentage_ejection", .type = PARAM_MAP,
     .offset = offsetof(struct grpc_config, share), .fallback = "",
     .of.fields = grpc_share_params, .size = sizeof(struct grpc_share),
     .help = "shares of failures eject"},
    PARAM_END,
};

static void grpc_open(void *memory, const void *config, struct outlier_host *host,
                      struct arena *arena)
{
    struct grpc_state *state = memory;
    state->config = config;
    state->hosts = arena_take(arena, host->count, sizeof *state->hosts);
    state->rates = arena_take(arena, host->count, sizeof *state->rates);
    state->next = host->now + state->config->interval;
}

/* Any status but OK is a failure, so NOT_FOUND is one. */
static void grpc_learn(void *memory, struct outlier_host *host,
                       const struct outcome_report *outcome)
{
    (void)host;
    struct grpc_state *state = memory;
    struct outlier_tally *tally = &state->hosts[outcome->backend].current;
    tally->total++;
    tally->successes += outcome->success && outcome->status / 100 == 2;
}

/* grpc-go would count who is out already, or caught by both rules at once, a second time and
   never off again; here nobody is ejected twice. */
static void grpc_eject(struct grpc_state *state, struct outlier_host *host,
                       backend_id backend, uint64_t enforcement)
{
    double percent = (double)host->out_count / host->member_count * 100;
    if (host->is_out[backend] || percent >= (double)state->config->max_percent ||
        !outlier_enforced(host, enforcement))
        return;
    state->hosts[backend].ejected = host->now;
    state->hosts[backend].times++;
    outlier_eject(host, backend);
}

/* The tally of a host, out or not, that had `volume` requests in the interval, else NULL. */
static const struct outlier_tally *grpc_tally(const struct grpc_state *state,
                                              const struct outlier_host *host,
                                              backend_id backend, uint64_t volume)
{
    const struct outlier_tally *tally = &state->hosts[backend].last;
    bool counts = host->is_member[backend] && tally->total > 0 && tally->total >= volume;
    return counts ? tally : NULL;
}

static double grpc_success(const struct outlier_tally *tally)
{
    return (double)tally->successes / (double)tally->total;
}

/* The success rates of those with `volume`, to state->rates. */
static uint32_t grpc_collect(struct grpc_state *state, const struct outlier_host *host,
                             uint64_t volume)
{
    uint32_t count = 0;
    for (backend_id i = 0; i < host->count; i++) {
        const struct outlier_tally *tally = grpc_tally(state, host, i, volume);
        if (tally != NULL)
            state->rates[count++] = grpc_success(tally);
    }
    return count;
}

static void grpc_look_at_rates(struct grpc_state *state, struct outlier_host *host)
{
    const struct grpc_rate *rule = &state->config->rate;
    uint32_t count = grpc_collect(state, host, rule->volume);
    if (rule->enforcement == 0 || count == 0 || count < rule->hosts)
        return;
    double least =
        outlier_threshold(state->rates, count, (double)rule->stdev_factor / 1000);
    for (backend_id i = 0; i < host->count; i++) {
        const struct outlier_tally *tally = grpc_tally(state, host, i, rule->volume);
        if (tally != NULL && grpc_success(tally) < least)
            grpc_eject(state, host, i, rule->enforcement);
    }
}

static void grpc_look_at_shares(struct grpc_state *state, struct outlier_host *host)
{
    const struct grpc_share *rule = &state->config->share;
    if (rule->enforcement == 0 || grpc_collect(state, host, rule->volume) < rule->hosts)
        return;
    for (backend_id i = 0; i < host->count; i++) {
        const struct outlier_tally *tally = grpc_tally(state, host, i, rule->volume);
        if (tally != NULL &&
            (double)(tally->total - tally->successes) / (double)tally->total * 100 >
                (double)rule->threshold)
            grpc_eject(state, host, i, rule->enforcement);
    }
}

static sim_time grpc_due(const void *memory)
{
    return ((const struct grpc_state *)memory)->next;
}

/* gRPC asks for a time after the end of an ejection; as its timers come a little late, the
   tick at the end is. */
static void grpc_wake(void *memory, struct outlier_host *host)
{
    struct grpc_state *state = memory;
    const struct grpc_config *config = state->config;
    for (backend_id i = 0; i < host->count; i++) {
        state->hosts[i].last = state->hosts[i].current;
        state->hosts[i].current = (struct outlier_tally){0};
    }
    grpc_look_at_rates(state, host);
    grpc_look_at_shares(state, host);
    for (backend_id i = 0; i < host->count; i++) {
        struct grpc_host *it = &state->hosts[i];
        if (!host->is_out[i])
            it->times -= it->times > 0;
        else if (host->now - it->ejected >=
                 outlier_ejection(config->base, it->times, config->most))
            outlier_admit(host, i);
    }
    state->next = host->now + config->interval;
}

static void grpc_left(void *memory, struct outlier_host *host, backend_id backend)
{
    struct grpc_state *state = memory;
    state->hosts[backend] = (struct grpc_host){0};
    outlier_admit(host, backend);
}

const struct outlier_ops outlier_grpc = {
    .kind = {.name = "grpc",
             .summary = "Success rate and share of failures per interval; one may always go",
             .params = grpc_params,
             .config_size = sizeof(struct grpc_config)},
    .source = "grpc/proposal A50; grpc/grpc-go internal/xds/balancer/outlierdetection",
    .differs = "who is out already is not counted again, which grpc-go would never count off",
    .state_size = sizeof(struct grpc_state),
    .open = grpc_open,
    .learn = grpc_learn,
    .due = grpc_due,
    .wake = grpc_wake,
    .left = grpc_left,
};
