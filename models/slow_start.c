/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of slow start: Envoy (applySlowStartFactor in load_balancer_impl.cc), HAProxy
   (server_recalc_eweight and server_warmup in server.c), nginx (documentation of the server
   directive), NSX ALB (Avi; connection_ramp_duration of a pool). */
#include "models/slow_start.h"

#include "sim/engine/sampler.h"

enum {
    SLOW_START_STEPS = 100,      /* of a factor that grows without steps */
    SLOW_START_SIXTEENTHS = 16,  /* HAProxy's unit of weight */
    SLOW_START_LONGEST = 20000,  /* s; beyond, HAProxy looks less often than each second */
};
#define SLOW_START_AVI_LEAST 0.01 /* not documented; as in avi_least_connections */

struct slow_start_config {
    sim_time window;
    double aggression, least;
};

struct slow_start_ops {
    struct kind kind;
    double (*factor)(const struct slow_start_config *config, sim_time age); /* age < window */
    sim_time (*step)(const struct slow_start_config *config, sim_time age); /* likewise */
    bool at_join, at_admit;
};

/* -- without steps -- */

static sim_time slow_start_next(const struct slow_start_config *config, sim_time age)
{
    sim_time grain = config->window / SLOW_START_STEPS;
    grain = grain > 0 ? grain : 1;
    sim_time next = (age / grain + 1) * grain;
    return next < config->window ? next : config->window;
}

static const struct param slow_start_envoy_params[] = {
    {.key = "slow_start_window", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct slow_start_config, window, sim_time), .min = 1e6,
     .max = (double)SIM_LONGEST, .help = "how long it lasts; Envoy has no default"},
    {.key = "aggression", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct slow_start_config, aggression, double), .fallback = "1",
     .min = 0.001, .max = 1000,
     .help = "weight grows as time^(1/aggression): 1 is linear, above 1 is fast at first"},
    {.key = "min_weight_percent", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct slow_start_config, least, double), .fallback = "10%",
     .max = 1, .help = "least part of the weight"},
    PARAM_END,
};

/* Envoy counts whole milliseconds, from 1. */
static double slow_start_envoy_factor(const struct slow_start_config *config, sim_time age)
{
    sim_time whole = age / SIM_MILLISECOND, window = config->window / SIM_MILLISECOND;
    if (whole >= window)
        return 1;
    double part = (double)(whole > 1 ? whole : 1) / (double)window;
    double factor =
        config->aggression == 1 ? part : sampler_pow(part, 1 / config->aggression);
    return factor > config->least ? factor : config->least;
}

static const struct param slow_start_nginx_params[] = {
    {.key = "slow_start", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct slow_start_config, window, sim_time), .min = 1,
     .max = (double)SIM_LONGEST,
     .help = "time in which the weight grows from 0; 0, its default, is no slow start"},
    PARAM_END,
};

static double slow_start_nginx_factor(const struct slow_start_config *config, sim_time age)
{
    return (double)age / (double)config->window;
}

static const struct param slow_start_avi_params[] = {
    {.key = "connection_ramp_duration", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct slow_start_config, window, sim_time), .fallback = "10m",
     .max = 300 * 60e9, .help = "time in which the ratio grows to its whole; 0s: at once"},
    PARAM_END,
};

static double slow_start_avi_factor(const struct slow_start_config *config, sim_time age)
{
    double part = (double)age / (double)config->window;
    return part > SLOW_START_AVI_LEAST ? part : SLOW_START_AVI_LEAST;
}

/* -- in sixteenths -- */

static const struct param slow_start_haproxy_params[] = {
    {.key = "slowstart", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct slow_start_config, window, sim_time), .min = 1,
     .max = SLOW_START_LONGEST * 1e9,
     .help = "how long it lasts, rounded up to whole seconds; 0, its default, is none"},
    PARAM_END,
};

static bool slow_start_haproxy_check(void *memory, struct arena *arena, char *message,
                                     size_t size)
{
    (void)arena, (void)message, (void)size;
    struct slow_start_config *config = memory;
    config->window = (config->window + SIM_SECOND - 1) / SIM_SECOND * SIM_SECOND;
    return true;
}

/* Its task looks each second: max(1000, slowstart / 20) is in ms, and slowstart in s. */
static sim_time slow_start_haproxy_sixteenths(const struct slow_start_config *config,
                                              sim_time age)
{
    sim_time window = config->window / SIM_SECOND, now = age / SIM_SECOND;
    return now < window ? (SLOW_START_SIXTEENTHS * now + window) / window
                        : SLOW_START_SIXTEENTHS;
}

static double slow_start_haproxy_factor(const struct slow_start_config *config, sim_time age)
{
    return (double)slow_start_haproxy_sixteenths(config, age) / SLOW_START_SIXTEENTHS;
}

/* The first second t with 16 t + s >= s (k + 1). */
static sim_time slow_start_haproxy_step(const struct slow_start_config *config, sim_time age)
{
    sim_time window = config->window / SIM_SECOND;
    sim_time sixteenths = slow_start_haproxy_sixteenths(config, age);
    if (sixteenths >= SLOW_START_SIXTEENTHS)
        return SIM_NEVER;
    sim_time next = (window * sixteenths + SLOW_START_SIXTEENTHS - 1) / SLOW_START_SIXTEENTHS;
    return (next < window ? next : window) * SIM_SECOND;
}

/* -- the table -- */

static const struct slow_start_ops slow_start_envoy = {
    .kind = {.name = "envoy",
             .summary = "Weight times (time / window)^(1 / aggression), at least a tenth",
             .params = slow_start_envoy_params,
             .config_size = sizeof(struct slow_start_config)},
    .factor = slow_start_envoy_factor,
    .step = slow_start_next,
    .at_join = true,
};

static const struct slow_start_ops slow_start_haproxy = {
    .kind = {.name = "haproxy",
             .summary = "In sixteenths of the weight, looked at each second, after a failure",
             .params = slow_start_haproxy_params,
             .config_size = sizeof(struct slow_start_config),
             .check = slow_start_haproxy_check},
    .factor = slow_start_haproxy_factor,
    .step = slow_start_haproxy_step,
    .at_admit = true,
};

static const struct slow_start_ops slow_start_nginx = {
    .kind = {.name = "nginx",
             .summary = "Weight grows linearly from 0 after a failure (nginx Plus)",
             .params = slow_start_nginx_params,
             .config_size = sizeof(struct slow_start_config)},
    .factor = slow_start_nginx_factor,
    .step = slow_start_next,
    .at_admit = true,
};

static const struct slow_start_ops slow_start_avi = {
    .kind = {.name = "avi",
             .summary = "Ratio grows linearly from a hundredth over minutes (NSX ALB)",
             .params = slow_start_avi_params,
             .config_size = sizeof(struct slow_start_config)},
    .factor = slow_start_avi_factor,
    .step = slow_start_next,
    .at_join = true,
};

static const struct slow_start_ops *const slow_start_list[] = {
    &slow_start_envoy, &slow_start_haproxy, &slow_start_nginx, &slow_start_avi};

static const struct kind *slow_start_kind_at(size_t index)
{
    return index < sizeof slow_start_list / sizeof *slow_start_list
               ? &slow_start_list[index]->kind
               : NULL;
}

const struct kind_list slow_start_kinds = {.noun = "slow start", .at = slow_start_kind_at};

/* The kind, while it is not over at this age; else NULL. */
static const struct slow_start_ops *slow_start_ops(const struct param_kind *slow_start,
                                                   sim_time age)
{
    const struct slow_start_config *config = slow_start->config;
    if (slow_start->kind == NULL || age >= config->window)
        return NULL;
    return (const struct slow_start_ops *)slow_start->kind;
}

double slow_start_factor(const struct param_kind *slow_start, sim_time age)
{
    const struct slow_start_ops *ops = slow_start_ops(slow_start, age);
    return ops != NULL ? ops->factor(slow_start->config, age) : 1;
}

sim_time slow_start_step(const struct param_kind *slow_start, sim_time age)
{
    const struct slow_start_ops *ops = slow_start_ops(slow_start, age);
    return ops != NULL ? ops->step(slow_start->config, age) : SIM_NEVER;
}

bool slow_start_at_admit(const struct param_kind *slow_start)
{
    return slow_start->kind != NULL &&
           ((const struct slow_start_ops *)slow_start->kind)->at_admit;
}

bool slow_start_at_join(const struct param_kind *slow_start)
{
    return slow_start->kind != NULL &&
           ((const struct slow_start_ops *)slow_start->kind)->at_join;
}
