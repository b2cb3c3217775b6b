/* SPDX-License-Identifier: GPL-3.0-or-later
   Failure accrual: failures in a row, or a decayed success rate that is too low, mark a node
   dead for a back-off that doubles; then one request probes it.  Whole milliseconds.
   finagle-core liveness/FailureAccrualFactory.scala, FailureAccrualPolicy.scala */
#include "models/outlier.h"

#include "sim/engine/sampler.h"

#include <stdio.h>
#include <string.h>

enum { FINAGLE_SLICES = 5 }; /* of the window in which requests are counted */
enum finagle_policy { FINAGLE_HYBRID, FINAGLE_CONSECUTIVE, FINAGLE_RATE };
enum finagle_mode { FINAGLE_ALIVE, FINAGLE_DEAD, FINAGLE_PROBE_OPEN, FINAGLE_PROBE_CLOSED };

struct finagle_config {
    uint32_t policy;
    uint64_t num_failures, min_requests;
    double required;
    sim_time window, least, most;
};

struct finagle_backoff {
    sim_time next;
    unsigned attempt; /* 0: it stays as it is */
};

/* Since the node's first request or revival. */
struct finagle_accrual {
    uint64_t failures; /* in a row */
    double rate;       /* of successes, as of `at` */
    int64_t start, at; /* ms; at of a node without samples: -1 */
    int64_t slice_at;  /* when the slice being written began, ms */
    uint64_t slices[FINAGLE_SLICES];
    unsigned slice;    /* being written */
    struct finagle_backoff backoff_run, backoff_rate;
};

struct finagle_node {
    enum finagle_mode mode;
    bool started;
    struct finagle_accrual accrual;
};

struct finagle_state {
    const struct finagle_config *config;
    struct finagle_node *nodes; /* by slot */
    struct outlier_alarms alarms;
};

static const char *const finagle_policies[] = {"hybrid", "consecutive_failures",
                                               "success_rate", NULL};

static const struct param finagle_params[] = {
    {.key = "policy", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct finagle_config, policy, uint32_t), .fallback = "hybrid",
     .of.words = finagle_policies, .help = "which rule marks dead; hybrid: either"},
    {.key = "num_failures", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct finagle_config, num_failures, uint64_t), .fallback = "5",
     .min = 1, .max = 1e9, .help = "replies of 5xx, or none, in a row that mark dead"},
    {.key = "required_success_rate", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct finagle_config, required, double), .fallback = "0.8",
     .max = 1, .help = "a failure that leaves the rate below this marks dead"},
    {.key = "window", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct finagle_config, window, sim_time), .fallback = "30s",
     .min = 5e6, .max = 3.6e15,
     .help = "in which a sample's part in the rate fades to 1/e; none is judged earlier"},
    {.key = "min_request_threshold", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct finagle_config, min_requests, uint64_t), .fallback = "5",
     .max = 1e9, .help = "requests within the window that judging a rate needs"},
    {.key = "mark_dead_for", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct finagle_config, least, sim_time), .fallback = "5s",
     .min = 1, .max = 3.6e15, .help = "the first back-off; half of each later one is random"},
    {.key = "mark_dead_for_max", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct finagle_config, most, sim_time), .fallback = "300s",
     .min = 1, .max = 3.6e15, .help = "the last one"},
    PARAM_END,
};

static bool finagle_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    const struct finagle_config *config = memory;
    if (config->least <= config->most)
        return true;
    snprintf(message, size, "mark_dead_for must not be above mark_dead_for_max");
    return false;
}

static void finagle_open(void *memory, const void *config, struct outlier_host *host,
                         struct arena *arena)
{
    struct finagle_state *state = memory;
    state->config = config;
    state->nodes = arena_take(arena, host->count, sizeof *state->nodes);
    outlier_alarms_open(&state->alarms, host->count, arena);
}

static int64_t finagle_now(const struct outlier_host *host)
{
    return host->now / SIM_MILLISECOND;
}

static void finagle_reset(const struct finagle_config *config, struct finagle_accrual *accrual,
                          int64_t now)
{
    struct finagle_backoff fresh = {config->least, config->least < config->most};
    *accrual = (struct finagle_accrual){.start = now, .at = -1, .slice_at = now,
                                        .backoff_run = fresh, .backoff_rate = fresh};
}

/* Finagle builds what is behind an endpoint at its first request. */
static struct finagle_node *finagle_node(struct finagle_state *state,
                                         const struct outlier_host *host, backend_id backend)
{
    struct finagle_node *node = &state->nodes[backend];
    if (!node->started)
        finagle_reset(state->config, &node->accrual, finagle_now(host));
    node->started = true;
    return node;
}

/* Takes a back-off: d, then d·2^k and as much again at random, until the most is reached. */
static sim_time finagle_backoff(const struct finagle_config *config,
                                struct finagle_backoff *backoff, struct rng *rng)
{
    sim_time taken = backoff->next;
    if (backoff->attempt == 0)
        return taken;
    unsigned shift = backoff->attempt - 1 < 62 ? backoff->attempt - 1 : 62;
    sim_time half = config->least >= config->most >> shift ? config->most
                                                           : config->least << shift;
    sim_time random = (sim_time)rng_below(rng, (uint64_t)half);
    bool last = half >= config->most - random;
    backoff->next = last ? config->most : half + random;
    backoff->attempt = last ? 0 : backoff->attempt + 1;
    return taken;
}

/* Begins a new slice when the one being written has lasted long enough, and empties those that
   were skipped.  As the next begins now, slow traffic is counted for longer than the window. */
static void finagle_turn(const struct finagle_config *config, struct finagle_accrual *accrual,
                         int64_t now)
{
    int64_t width = config->window / SIM_MILLISECOND / FINAGLE_SLICES;
    int64_t turns = (now - accrual->slice_at) / width;
    if (turns == 0)
        return;
    for (int64_t i = 0; i < turns && i < FINAGLE_SLICES; i++) {
        accrual->slice = (accrual->slice + 1) % FINAGLE_SLICES;
        accrual->slices[accrual->slice] = 0;
    }
    accrual->slice_at = now;
}

/* Samples within one millisecond weigh nothing, but the first. */
static void finagle_feed(const struct finagle_config *config, struct finagle_accrual *accrual,
                         int64_t now, bool success)
{
    finagle_turn(config, accrual, now);
    accrual->slices[accrual->slice]++;
    int64_t stamp = now - accrual->start;
    if (accrual->at < 0) {
        accrual->rate = success;
    } else {
        double elapsed = (double)(stamp - accrual->at);
        double w = sampler_exp(-elapsed / (double)(config->window / SIM_MILLISECOND));
        accrual->rate = success * (1 - w) + accrual->rate * w;
    }
    accrual->at = stamp;
    accrual->failures = success ? 0 : accrual->failures + 1;
}

static bool finagle_is_rate_low(const struct finagle_config *config,
                                const struct finagle_accrual *accrual)
{
    uint64_t requests = 0;
    for (int i = 0; i < FINAGLE_SLICES; i++)
        requests += accrual->slices[i];
    return config->policy != FINAGLE_CONSECUTIVE &&
           accrual->at >= config->window / SIM_MILLISECOND &&
           accrual->rate < config->required && requests >= config->min_requests;
}

/* For how long a failure marks dead, by the stricter of the rules; 0: not. */
static sim_time finagle_sentence(const struct finagle_config *config,
                                 struct finagle_accrual *accrual, struct rng *rng)
{
    sim_time by_rate = 0, by_run = 0;
    if (finagle_is_rate_low(config, accrual))
        by_rate = finagle_backoff(config, &accrual->backoff_rate, rng);
    if (config->policy != FINAGLE_RATE && accrual->failures >= config->num_failures)
        by_run = finagle_backoff(config, &accrual->backoff_run, rng);
    return by_rate > by_run ? by_rate : by_run;
}

static void finagle_sent(void *memory, struct outlier_host *host, backend_id backend)
{
    struct finagle_node *node = finagle_node(memory, host, backend);
    if (node->mode != FINAGLE_PROBE_OPEN)
        return;
    node->mode = FINAGLE_PROBE_CLOSED;
    outlier_eject(host, backend);
}

/* A probe that fails without a rule being met (a straggler's success came before it) is
   followed by another at once. */
static void finagle_fail(struct finagle_state *state, struct outlier_host *host,
                         backend_id backend)
{
    struct finagle_node *node = &state->nodes[backend];
    if (node->mode == FINAGLE_DEAD || node->mode == FINAGLE_PROBE_OPEN)
        return;
    finagle_feed(state->config, &node->accrual, finagle_now(host), false);
    sim_time dead = finagle_sentence(state->config, &node->accrual, host->rng);
    if (dead > 0) {
        node->mode = FINAGLE_DEAD;
        outlier_alarms_set(&state->alarms, backend, host->now + dead);
        outlier_eject(host, backend);
    } else if (node->mode == FINAGLE_PROBE_CLOSED) {
        node->mode = FINAGLE_PROBE_OPEN;
        outlier_admit(host, backend);
    }
}

/* What a client gave up on, and what a backup request superseded, is ignored; a probe that ends
   so is followed by another. */
static void finagle_ignore(struct finagle_node *node, struct outlier_host *host,
                           backend_id backend)
{
    if (node->mode != FINAGLE_PROBE_CLOSED)
        return;
    node->mode = FINAGLE_PROBE_OPEN;
    outlier_admit(host, backend);
}

/* The first end after a probe was sent is taken for the probe's. */
static void finagle_learn(void *memory, struct outlier_host *host,
                          const struct outcome_report *outcome)
{
    struct finagle_state *state = memory;
    backend_id backend = outcome->backend;
    struct finagle_node *node = finagle_node(state, host, backend);
    if (outcome->abandoned) {
        finagle_ignore(node, host, backend);
        return;
    }
    if (outlier_is_failure(outcome)) {
        finagle_fail(state, host, backend);
        return;
    }
    bool revived = node->mode == FINAGLE_PROBE_CLOSED;
    if (revived) {
        node->mode = FINAGLE_ALIVE;
        finagle_reset(state->config, &node->accrual, finagle_now(host));
    }
    finagle_feed(state->config, &node->accrual, finagle_now(host), true);
    if (revived)
        outlier_admit(host, backend);
}

static sim_time finagle_due(const void *memory)
{
    return ((const struct finagle_state *)memory)->alarms.first;
}

static void finagle_wake(void *memory, struct outlier_host *host)
{
    struct finagle_state *state = memory;
    for (backend_id backend;
         (backend = outlier_alarms_take(&state->alarms, host->now)) != NO_BACKEND;) {
        state->nodes[backend].mode = FINAGLE_PROBE_OPEN;
        outlier_admit(host, backend);
    }
}

static void finagle_left(void *memory, struct outlier_host *host, backend_id backend)
{
    struct finagle_state *state = memory;
    state->nodes[backend] = (struct finagle_node){0};
    outlier_alarms_set(&state->alarms, backend, SIM_NEVER);
    outlier_admit(host, backend);
}

const struct outlier_ops outlier_finagle = {
    .kind = {.name = "finagle",
             .summary = "Failure accrual: in a row or by rate; one request after a back-off "
                        "probes",
             .params = finagle_params,
             .config_size = sizeof(struct finagle_config),
             .check = finagle_check},
    .source = "twitter/finagle finagle-core liveness/FailureAccrualFactory.scala",
    .differs = "what a client gave up on is ignored, as superseded backup requests are there",
    .state_size = sizeof(struct finagle_state),
    .takes_any = true, /* a balancer that finds nobody open after a few draws takes the last */
    .open = finagle_open,
    .sent = finagle_sent,
    .learn = finagle_learn,
    .due = finagle_due,
    .wake = finagle_wake,
    .left = finagle_left,
};
