/* SPDX-License-Identifier: GPL-3.0-or-later
   The percentile is over closed windows only, in histograms; Finagle's are whole milliseconds
   (client/BackupRequestFilter.scala, util/WindowedPercentileHistogram.scala). */
#include "models/hedge.h"

#include <math.h>

#define HEDGE_FIELD(field, ctype) PARAM_FIELD(struct hedge_config, field, ctype)
#define HEDGE_LONGEST (86400 * 1e9)
#define HEDGE_TTL (10 * SIM_SECOND) /* of the extra load's tokens */

/* What a hedge may be, however it is timed. */
#define HEDGE_LIMITS \
    {.key = "max", .type = PARAM_COUNT, .offset = HEDGE_FIELD(count, uint64_t), \
     .fallback = "1", .min = 1, .max = HEDGE_MOST, .help = "hedges of one request"}, \
    {.key = "max_extra_load", .type = PARAM_RATIO, .offset = HEDGE_FIELD(extra_load, double), \
     .fallback = "unlimited", .also = "unlimited", .max = 1, \
     .help = "hedges as a share of the requests of the last 10 s"}, \
    {.key = "cancel", .type = PARAM_BOOL, .offset = HEDGE_FIELD(cancel, bool), \
     .fallback = "true", .help = "the first success cancels the other attempts"}

static const struct param hedge_after_params[] = {
    {.key = "after", .type = PARAM_DURATION, .offset = HEDGE_FIELD(after, sim_time), .min = 1,
     .max = HEDGE_LONGEST, .help = "time from attempt to hedge"},
    HEDGE_LIMITS,
    PARAM_END,
};

static const struct param hedge_percentile_params[] = {
    {.key = "percentile", .type = PARAM_RATIO, .offset = HEDGE_FIELD(percentile, double),
     .fallback = "95%", .max = 1, .help = "hedge what takes longer than so many others"},
    {.key = "window", .type = PARAM_DURATION, .offset = HEDGE_FIELD(window, sim_time),
     .fallback = "30s", .min = 3e6, .max = HEDGE_LONGEST,
     .help = "whose latencies count; its thirds are forgotten one by one"},
    {.key = "refresh", .type = PARAM_DURATION, .offset = HEDGE_FIELD(refresh, sim_time),
     .fallback = "3s", .min = 1e6, .max = HEDGE_LONGEST, .help = "how often it is computed"},
    {.key = "min", .type = PARAM_DURATION, .offset = HEDGE_FIELD(least, sim_time),
     .fallback = "0s", .max = HEDGE_LONGEST, .help = "earliest hedge"},
    HEDGE_LIMITS,
    PARAM_END,
};

static const struct param hedge_finagle_params[] = {
    {.key = "max_extra_load", .type = PARAM_RATIO, .offset = HEDGE_FIELD(extra_load, double),
     .fallback = "1%", .max = 0.999,
     .help = "maxExtraLoad: hedges as a share of requests; the rest is the percentile"},
    {.key = "send_interrupts", .type = PARAM_BOOL, .offset = HEDGE_FIELD(cancel, bool),
     .fallback = "true", .help = "sendInterrupts: the first success cancels the other attempt"},
    {.key = "min_send_backup_after", .type = PARAM_DURATION,
     .offset = HEDGE_FIELD(least, sim_time), .fallback = "1ms", .min = 1e6,
     .max = HEDGE_LONGEST, .help = "minSendBackupAfterMs: earliest hedge"},
    {.key = "highest_trackable", .type = PARAM_DURATION,
     .offset = HEDGE_FIELD(most, sim_time), .fallback = "2s", .min = 2e6,
     .max = HEDGE_LONGEST,
     .help = "highestTrackableMsValue: no hedges where the percentile is as long"},
    PARAM_END,
};

static bool hedge_after_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    ((struct hedge_config *)memory)->unit = 1;
    return true;
}

static bool hedge_percentile_check(void *memory, struct arena *arena, char *message,
                                   size_t size)
{
    (void)arena, (void)message, (void)size;
    struct hedge_config *config = memory;
    config->unit = 1;
    config->most = SIM_NEVER;
    return true;
}

static bool hedge_finagle_check(void *memory, struct arena *arena, char *message, size_t size)
{
    (void)arena, (void)message, (void)size;
    struct hedge_config *config = memory;
    config->percentile = 1 - config->extra_load;
    config->window = 30 * SIM_SECOND;
    config->refresh = 3 * SIM_SECOND;
    config->unit = SIM_MILLISECOND;
    config->count = 1;
    config->pays_retries = true;
    return true;
}

static const struct kind hedge_list[] = {
    {"after", "A fixed time after the attempt (Envoy's hedge_on_per_try_timeout)",
     hedge_after_params, sizeof(struct hedge_config), hedge_after_check},
    {"percentile", "When an attempt takes longer than most of the last ones",
     hedge_percentile_params, sizeof(struct hedge_config), hedge_percentile_check},
    {"finagle", "Finagle's backup requests", hedge_finagle_params, sizeof(struct hedge_config),
     hedge_finagle_check},
};

static const struct kind *hedge_at(size_t index)
{
    return index < sizeof hedge_list / sizeof *hedge_list ? &hedge_list[index] : NULL;
}

const struct kind_list hedge_kinds = {.noun = "hedging", .shorthand = "after", .at = hedge_at};

void hedge_open(struct hedge *hedge, const struct param_kind *config, sim_time now)
{
    *hedge = (struct hedge){.config = config->config};
    double share = hedge->config->extra_load;
    retry_tokens_open(&hedge->tokens, isinf(share) ? 0 : share, 0, HEDGE_TTL, now);
    hedge->after = hedge->config->after;
    hedge->flush = hedge->refresh = SIM_NEVER;
    if (hedge->after > 0)
        return;
    hedge->after = SIM_NEVER;
    hedge->flush = now + hedge->config->window / HEDGE_WINDOWS;
    hedge->refresh = now + hedge->config->refresh;
    histogram_init(&hedge->now);
    for (int i = 0; i < HEDGE_WINDOWS; i++)
        histogram_init(&hedge->windows[i]);
}

void hedge_close(struct hedge *hedge)
{
    histogram_free(&hedge->now);
    for (int i = 0; i < HEDGE_WINDOWS; i++)
        histogram_free(&hedge->windows[i]);
}

/* Closes the open window in place of the oldest. */
static void hedge_shift(struct hedge *hedge)
{
    struct histogram spare = hedge->windows[hedge->oldest];
    hedge->windows[hedge->oldest] = hedge->now;
    histogram_clear(&spare);
    hedge->now = spare;
    hedge->oldest = (hedge->oldest + 1) % HEDGE_WINDOWS;
}

/* The percentile of the closed windows, in units; Finagle takes 0 while there is none. */
static void hedge_compute(struct hedge *hedge)
{
    const struct hedge_config *config = hedge->config;
    struct histogram all;
    histogram_init(&all);
    for (int i = 0; i < HEDGE_WINDOWS; i++)
        histogram_merge(&all, &hedge->windows[i]);
    double units = all.count > 0 ? histogram_quantile(&all, config->percentile) : 0;
    if (all.count == 0 && config->unit == 1) {
        hedge->after = SIM_NEVER;
    } else {
        hedge->after = sim_time_of(units) * config->unit;
        if (hedge->after < config->least)
            hedge->after = config->least;
        if (hedge->after >= config->most)
            hedge->after = SIM_NEVER;
    }
    histogram_free(&all);
}

/* Does what was due since it was last called; of two at once a window closes first. */
static void hedge_advance(struct hedge *hedge, sim_time now)
{
    while (hedge->flush <= now || hedge->refresh <= now) {
        if (hedge->flush <= hedge->refresh) {
            hedge_shift(hedge);
            hedge->flush += hedge->config->window / HEDGE_WINDOWS;
        } else {
            hedge_compute(hedge);
            hedge->refresh += hedge->config->refresh;
        }
    }
}

sim_time hedge_begin(struct hedge *hedge, sim_time now)
{
    hedge_advance(hedge, now);
    retry_tokens_put(&hedge->tokens, now);
    return hedge->after;
}

bool hedge_may(struct hedge *hedge, uint64_t sent, sim_time now)
{
    if (sent >= hedge->config->count)
        return false;
    return isinf(hedge->config->extra_load) || retry_tokens_take(&hedge->tokens, now);
}

void hedge_learn(struct hedge *hedge, sim_time latency, sim_time now)
{
    if (hedge->config->after > 0)
        return;
    hedge_advance(hedge, now);
    if (latency > hedge->config->most)
        latency = hedge->config->most;
    histogram_add(&hedge->now, latency / hedge->config->unit);
}
