/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of health checks.  Kubernetes: kubelet's prober/worker.go, a ticker.  HAProxy:
   srv_getinter in server.c, process_chk_conn, set_server_check_status and start_checks in check.c.
   Envoy: health_checker_base_impl.cc; it has no defaults, so those of examples/
   locality-load-balancing are here.  NSX ALB (Avi): health monitor System-HTTP. */
#include "models/health.h"

#include <stdio.h>

#define HEALTH_FIELD(field, ctype) PARAM_FIELD(struct health_config, field, ctype)
#define HEALTH_LONGEST (86400 * 1e9)
#define HEALTH_MOST 1000 /* checks in a row */

/* Products do not count this, every kind has it. */
#define HEALTH_COST \
    {.key = "cost", .type = PARAM_DURATION, .offset = HEALTH_FIELD(cost, sim_time), \
     .fallback = "0s", .max = HEALTH_LONGEST, \
     .help = "work that a check is to the pod: its service time at speed 1"}

static const char *const health_paces[] = {"start", "end", NULL};

static const struct param health_custom_params[] = {
    {.key = "interval", .type = PARAM_DURATION, .offset = HEALTH_FIELD(interval, sim_time),
     .fallback = "5s", .min = 1e6, .max = HEALTH_LONGEST, .help = "from check to check"},
    {.key = "timeout", .type = PARAM_DURATION, .offset = HEALTH_FIELD(timeout, sim_time),
     .fallback = "1s", .min = 1, .max = HEALTH_LONGEST,
     .help = "a check without an answer fails"},
    {.key = "fall", .type = PARAM_COUNT, .offset = HEALTH_FIELD(fall, uint64_t),
     .fallback = "3", .min = 1, .max = HEALTH_MOST, .help = "failures in a row: down"},
    {.key = "rise", .type = PARAM_COUNT, .offset = HEALTH_FIELD(rise, uint64_t),
     .fallback = "2", .min = 1, .max = HEALTH_MOST, .help = "successes in a row: up"},
    {.key = "jitter", .type = PARAM_RATIO, .offset = HEALTH_FIELD(jitter, double),
     .fallback = "0%", .max = 1, .help = "an interval is so much shorter or longer, at random"},
    {.key = "down_interval", .type = PARAM_DURATION, .offset = HEALTH_FIELD(down, sim_time),
     .fallback = "", .min = 1e6, .max = HEALTH_LONGEST, .help = "the interval while down"},
    {.key = "fast_interval", .type = PARAM_DURATION, .offset = HEALTH_FIELD(falling, sim_time),
     .fallback = "", .min = 1e6, .max = HEALTH_LONGEST,
     .help = "the interval while results speak against the state, and do not suffice"},
    {.key = "from", .type = PARAM_CHOICE, .offset = HEALTH_FIELD(pace, uint32_t),
     .fallback = "start", .of.words = health_paces,
     .help = "where an interval begins: at the start of a check or at its end"},
    {.key = "first", .type = PARAM_BOOL, .offset = HEALTH_FIELD(first, bool),
     .fallback = "false", .help = "the first result decides at once"},
    {.key = "starts_up", .type = PARAM_BOOL, .offset = HEALTH_FIELD(starts_up, bool),
     .fallback = "true", .help = "a pod is up before its first check"},
    HEALTH_COST,
    PARAM_END,
};

static const struct param health_kubernetes_params[] = {
    {.key = "period_seconds", .type = PARAM_DURATION,
     .offset = HEALTH_FIELD(interval, sim_time), .fallback = "10s", .min = 1e6,
     .max = HEALTH_LONGEST, .help = "periodSeconds: from check to check"},
    {.key = "timeout_seconds", .type = PARAM_DURATION,
     .offset = HEALTH_FIELD(timeout, sim_time), .fallback = "1s", .min = 1,
     .max = HEALTH_LONGEST, .help = "timeoutSeconds: a check without an answer fails"},
    {.key = "failure_threshold", .type = PARAM_COUNT, .offset = HEALTH_FIELD(fall, uint64_t),
     .fallback = "3", .min = 1, .max = HEALTH_MOST,
     .help = "failureThreshold: failures in a row until a pod is not ready"},
    {.key = "success_threshold", .type = PARAM_COUNT, .offset = HEALTH_FIELD(rise, uint64_t),
     .fallback = "1", .min = 1, .max = HEALTH_MOST,
     .help = "successThreshold: successes in a row until it is ready"},
    HEALTH_COST,
    PARAM_END,
};

static const struct param health_haproxy_params[] = {
    {.key = "inter", .type = PARAM_DURATION, .offset = HEALTH_FIELD(interval, sim_time),
     .fallback = "2s", .min = 1e6, .max = HEALTH_LONGEST,
     .help = "from the end of a check to the next; those of all pods are evenly apart"},
    {.key = "timeout_check", .type = PARAM_DURATION, .offset = HEALTH_FIELD(timeout, sim_time),
     .fallback = "", .min = 1, .max = HEALTH_LONGEST,
     .help = "a check without an answer fails; not given: inter"},
    {.key = "fall", .type = PARAM_COUNT, .offset = HEALTH_FIELD(fall, uint64_t),
     .fallback = "3", .min = 1, .max = HEALTH_MOST,
     .help = "failures in a row until down; the first check of all needs one"},
    {.key = "rise", .type = PARAM_COUNT, .offset = HEALTH_FIELD(rise, uint64_t),
     .fallback = "2", .min = 1, .max = HEALTH_MOST, .help = "successes in a row until up"},
    {.key = "fastinter", .type = PARAM_DURATION, .offset = HEALTH_FIELD(falling, sim_time),
     .fallback = "", .min = 1e6, .max = HEALTH_LONGEST,
     .help = "inter while results speak against the state; not given: inter"},
    {.key = "downinter", .type = PARAM_DURATION, .offset = HEALTH_FIELD(down, sim_time),
     .fallback = "", .min = 1e6, .max = HEALTH_LONGEST,
     .help = "inter while down; not given: inter"},
    {.key = "spread_checks", .type = PARAM_RATIO, .offset = HEALTH_FIELD(jitter, double),
     .fallback = "0%", .max = 0.5, .help = "inter is so much shorter or longer, at random"},
    HEALTH_COST,
    PARAM_END,
};

static const struct param health_envoy_params[] = {
    {.key = "interval", .type = PARAM_DURATION, .offset = HEALTH_FIELD(interval, sim_time),
     .fallback = "2s", .min = 1e6, .max = HEALTH_LONGEST,
     .help = "from the end of a check to the next; Envoy has no default"},
    {.key = "timeout", .type = PARAM_DURATION, .offset = HEALTH_FIELD(timeout, sim_time),
     .fallback = "3s", .min = 1e6, .max = HEALTH_LONGEST,
     .help = "a check without an answer fails; Envoy has no default"},
    {.key = "unhealthy_threshold", .type = PARAM_COUNT, .offset = HEALTH_FIELD(fall, uint64_t),
     .fallback = "1", .min = 1, .max = HEALTH_MOST,
     .help = "checks in a row without an answer until down; an answer such as 503 is enough "
             "by itself; Envoy has no default"},
    {.key = "healthy_threshold", .type = PARAM_COUNT, .offset = HEALTH_FIELD(rise, uint64_t),
     .fallback = "1", .min = 1, .max = HEALTH_MOST,
     .help = "successes in a row until up; the first of all is enough; Envoy has no default"},
    {.key = "unhealthy_interval", .type = PARAM_DURATION, .offset = HEALTH_FIELD(down, sim_time),
     .fallback = "", .min = 1e6, .max = HEALTH_LONGEST,
     .help = "interval after a failure while down; not given: interval"},
    {.key = "unhealthy_edge_interval", .type = PARAM_DURATION,
     .offset = HEALTH_FIELD(falling, sim_time), .fallback = "", .min = 1e6,
     .max = HEALTH_LONGEST,
     .help = "interval after a failure while up; not given: unhealthy_interval"},
    {.key = "healthy_edge_interval", .type = PARAM_DURATION,
     .offset = HEALTH_FIELD(rising, sim_time), .fallback = "", .min = 1e6,
     .max = HEALTH_LONGEST,
     .help = "interval after a success while down; not given: interval"},
    {.key = "interval_jitter", .type = PARAM_DURATION,
     .offset = HEALTH_FIELD(jitter_time, sim_time), .fallback = "0s", .max = HEALTH_LONGEST,
     .help = "added to each interval, at random from 0"},
    {.key = "interval_jitter_percent", .type = PARAM_RATIO,
     .offset = HEALTH_FIELD(jitter, double), .fallback = "0%", .max = 10,
     .help = "an interval is so much longer, at random from 0"},
    {.key = "initial_jitter", .type = PARAM_DURATION, .offset = HEALTH_FIELD(spread, sim_time),
     .fallback = "0s", .max = HEALTH_LONGEST,
     .help = "time into which the first check falls; 0s: all pods are checked at once"},
    HEALTH_COST,
    PARAM_END,
};

static const struct param health_avi_params[] = {
    {.key = "send_interval", .type = PARAM_DURATION, .offset = HEALTH_FIELD(interval, sim_time),
     .fallback = "10s", .min = 1e9, .max = 3600e9, .help = "from check to check"},
    {.key = "receive_timeout", .type = PARAM_DURATION, .offset = HEALTH_FIELD(timeout, sim_time),
     .fallback = "4s", .min = 1e9, .max = 2400e9,
     .help = "a check without an answer fails; below send_interval"},
    {.key = "failed_checks", .type = PARAM_COUNT, .offset = HEALTH_FIELD(fall, uint64_t),
     .fallback = "3", .min = 1, .max = 50, .help = "failures in a row until down"},
    {.key = "successful_checks", .type = PARAM_COUNT, .offset = HEALTH_FIELD(rise, uint64_t),
     .fallback = "3", .min = 1, .max = 50, .help = "successes in a row until up"},
    HEALTH_COST,
    PARAM_END,
};

/* -- what follows from the parameters -- */

/* `falling` is for falling and rising alike, unless rising is given; what is not given is the
   interval. */
static void health_set_gaps(struct health_config *config)
{
    sim_time rising = config->rising > 0 ? config->rising : config->falling;
    const sim_time given[HEALTH_STATES] = {[HEALTH_FALLING] = config->falling,
                                           [HEALTH_DOWN] = config->down,
                                           [HEALTH_RISING] = rising};
    for (int i = 0; i < HEALTH_STATES; i++)
        config->gaps[i] = given[i] > 0 ? given[i] : config->interval;
}

static bool health_custom_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    struct health_config *config = memory;
    config->spread = SIM_NEVER;
    config->jitter_shortens = true;
    health_set_gaps(config);
    return true;
}

static bool health_kubernetes_check(void *memory, struct arena *arena, char *message,
                                    size_t size)
{
    (void)arena, (void)message, (void)size;
    struct health_config *config = memory;
    config->spread = SIM_NEVER;
    health_set_gaps(config);
    return true;
}

static bool health_haproxy_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    struct health_config *config = memory;
    config->spread = SIM_NEVER;
    config->pace = HEALTH_FROM_END;
    config->first = config->starts_up = config->jitter_shortens = config->even = true;
    health_set_gaps(config);
    return true;
}

static bool health_envoy_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    struct health_config *config = memory;
    config->pace = HEALTH_FROM_END;
    config->first = config->denial_decides = true;
    health_set_gaps(config);
    if (config->falling == 0)
        config->gaps[HEALTH_FALLING] = config->gaps[HEALTH_DOWN];
    if (config->rising == 0)
        config->gaps[HEALTH_RISING] = config->interval;
    return true;
}

static bool health_avi_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    struct health_config *config = memory;
    config->spread = SIM_NEVER;
    config->starts_up = true;
    health_set_gaps(config);
    if (config->timeout < config->interval)
        return true;
    snprintf(message, size, "receive_timeout must be below send_interval");
    return false;
}

static const struct kind health_list[] = {
    {"custom", "Checks at an interval, with every number free", health_custom_params,
     sizeof(struct health_config), health_custom_check},
    {"kubernetes_readiness", "The readiness probe of a kubelet", health_kubernetes_params,
     sizeof(struct health_config), health_kubernetes_check},
    {"haproxy", "HAProxy's check, with fastinter and downinter", health_haproxy_params,
     sizeof(struct health_config), health_haproxy_check},
    {"envoy", "Envoy's health_checks", health_envoy_params, sizeof(struct health_config),
     health_envoy_check},
    {"avi", "The health monitor System-HTTP of NSX ALB", health_avi_params,
     sizeof(struct health_config), health_avi_check},
};

static const struct kind *health_at(size_t index)
{
    return index < sizeof health_list / sizeof *health_list ? &health_list[index] : NULL;
}

const struct kind_list health_kinds = {.noun = "health check", .at = health_at};

/* -- checks -- */

void health_open(struct health *health, const struct health_config *config)
{
    *health = (struct health){.is_up = config->starts_up};
}

bool health_take(struct health *health, const struct health_config *config,
                 enum health_result result)
{
    bool passed = result == HEALTH_PASSED;
    bool at_once = (config->first && !health->is_known) ||
                   (config->denial_decides && result == HEALTH_DENIED);
    health->is_known = 1;
    if (passed == health->is_up) {
        health->run = 0;
        return false;
    }
    health->run++;
    if (!at_once && health->run < (passed ? config->rise : config->fall))
        return false;
    health->is_up = passed;
    health->run = 0;
    return true;
}

enum health_state health_state(const struct health *health)
{
    if (health->is_up)
        return health->run > 0 ? HEALTH_FALLING : HEALTH_UP;
    return health->run > 0 ? HEALTH_RISING : HEALTH_DOWN;
}

sim_time health_next(const struct health_config *config, const struct health *health,
                     sim_time took, struct rng *rng)
{
    double gap = (double)config->gaps[health_state(health)];
    if (config->jitter > 0) {
        double draw = rng_uniform(rng);
        gap *= 1 + config->jitter * (config->jitter_shortens ? 2 * draw - 1 : draw);
    }
    if (config->jitter_time > 0)
        gap += (double)config->jitter_time * rng_uniform(rng);
    sim_time wait = sim_time_of(gap);
    wait = wait > 0 ? wait : 1;
    if (config->pace == HEALTH_FROM_END)
        return took + wait;
    return wait > took ? wait : took;
}

/* HAProxy divides the interval of a server that is not quite up yet, as all are at its start. */
sim_time health_even_phase(const struct health_config *config, sim_time first,
                           uint32_t position, uint32_t count)
{
    sim_time round = config->fall > 1 ? config->gaps[HEALTH_FALLING] : config->interval;
    sim_time phase = first + round * (sim_time)position / (sim_time)count;
    return position < count ? phase % config->interval : phase;
}

sim_time health_phase(const struct health_config *config, struct rng *rng)
{
    sim_time spread = config->spread == SIM_NEVER ? config->interval : config->spread;
    return spread > 0 ? (sim_time)rng_below(rng, (uint64_t)spread) : 0;
}

sim_time health_timeout(const struct health_config *config)
{
    return config->timeout > 0 ? config->timeout : config->interval;
}
