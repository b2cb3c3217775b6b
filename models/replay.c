/* SPDX-License-Identifier: GPL-3.0-or-later
   Replay of recorded requests.  Stamps that were cut to a tick are spread over it: the
   requests of one tick take the order statistics of uniform draws, made one after the other
   (Bentley and Saxe 1980), so that order is kept and nothing is stored. */
#include "models/replay.h"

#include "sim/engine/check.h"
#include "sim/engine/sampler.h"

#include <math.h>
#include <stdio.h>

static const char *const replay_end_words[] = {"loop", "stop", NULL};

#define REPLAY_ROW(name, ctype) PARAM_FIELD(struct replay_config, name, ctype)

const struct param replay_params[] = {
    {.key = "file", .type = PARAM_PATH, .offset = REPLAY_ROW(file, const char *),
     .help = "CSV with a header, as `lbsim import` writes it; plain or zstd; the path starts "
             "from the scenario's folder"},
    {.key = "time", .type = PARAM_TEXT, .offset = REPLAY_ROW(time, const char *),
     .fallback = "time_ns",
     .help = "column of the time: a number, or text such as 2023-11-16 18:17:03.9799600"},
    {.key = "unit", .type = PARAM_DURATION, .offset = REPLAY_ROW(unit, sim_time),
     .fallback = "1ns", .min = 1, .max = 3.6e12,
     .help = "what 1 in the time column is worth, where it is a number"},
    {.key = "key", .type = PARAM_TEXT, .offset = REPLAY_ROW(key, const char *),
     .fallback = "", .help = "column of the key; text that is not a number is hashed"},
    {.key = "size", .type = PARAM_TEXT, .offset = REPLAY_ROW(size, const char *),
     .fallback = "", .help = "column of the bytes of the reply"},
    {.key = "user", .type = PARAM_TEXT, .offset = REPLAY_ROW(user, const char *),
     .fallback = "", .help = "column of who sends; text that is not a number is hashed"},
    {.key = "demand", .type = PARAM_TEXT, .offset = REPLAY_ROW(demand, const char *),
     .fallback = "", .help = "column of the work; see demand_scale and demand_offset"},
    {.key = "demand_scale", .type = PARAM_DURATION,
     .offset = REPLAY_ROW(demand_scale, sim_time), .fallback = "1ns",
     .help = "work that 1 in the demand column stands for, such as 1ms per token"},
    {.key = "demand_offset", .type = PARAM_DURATION,
     .offset = REPLAY_ROW(demand_offset, sim_time), .fallback = "0s",
     .help = "work that every request has on top"},
    {.key = "speed_up", .type = PARAM_NUMBER, .offset = REPLAY_ROW(speed_up, double),
     .fallback = "1", .min = 1e-6, .max = 1e6,
     .help = "2: requests arrive twice as fast; 0.5: half as fast"},
    {.key = "rate_scale", .type = PARAM_RATIO, .offset = REPLAY_ROW(rate_scale, double),
     .fallback = "100%", .min = 1e-6, .max = 1e6,
     .help = "share of the requests that is kept, each by a seeded draw; at most 100%"},
    {.key = "spread", .type = PARAM_DURATION, .offset = REPLAY_ROW(spread, sim_time),
     .fallback = "0s", .min = 0, .max = 8.64e13,
     .help = "tick that the stamps were cut to; its requests are spread over it"},
    {.key = "at_end", .type = PARAM_CHOICE, .offset = REPLAY_ROW(at_end, uint32_t),
     .fallback = "loop", .of.words = replay_end_words,
     .help = "loop: begin again one mean gap after the last request; stop: no more requests"},
    PARAM_END,
};

bool replay_check(void *bound, struct arena *arena, char *message, size_t size)
{
    struct replay_config *config = bound;
    if (config->rate_scale > 1) {
        snprintf(message, size,
                 "rate_scale is a share of the requests, at most 100%%; for more than the "
                 "file has, use speed_up, or a second client group that replays it too");
        return false;
    }
    if (!replay_load(config, arena, message, size))
        return false;
    if (config->at_end == REPLAY_LOOP && config->data->period == 0) {
        snprintf(message, size,
                 "%s: all requests have the same time, so there is no gap to loop with; "
                 "use at_end: stop, or spread", config->file);
        return false;
    }
    return true;
}

static void replay_begin_lap(struct replay_cursor *cursor)
{
    rng_open(&cursor->thin, cursor->parent, "replay_thin", cursor->lap);
    rng_open(&cursor->spread, cursor->parent, "replay_spread", cursor->lap);
    cursor->next = cursor->tick_end = 0;
}

void replay_open(struct replay_cursor *cursor, const struct replay_config *config,
                 uint64_t stream)
{
    CHECK(config->data != NULL);
    *cursor = (struct replay_cursor){.config = config, .parent = stream};
    replay_begin_lap(cursor);
}

static bool replay_is_kept(const struct replay_config *config, struct rng *thin)
{
    return config->rate_scale >= 1 || rng_uniform(thin) < config->rate_scale;
}

/* Finds the rows of the tick that begins at the next row, and counts those that will be
   kept by drawing ahead on a copy of the stream. */
static void replay_begin_tick(struct replay_cursor *cursor)
{
    const struct replay_config *config = cursor->config;
    const struct replay_data *data = config->data;
    sim_time tick = data->rows[cursor->next].at / config->spread;
    struct rng ahead = cursor->thin;
    uint32_t i = cursor->next;
    cursor->tick_left = 0;
    cursor->tick_rest = 1;
    for (; i < data->count && data->rows[i].at / config->spread == tick; i++)
        cursor->tick_left += replay_is_kept(config, &ahead);
    cursor->tick_end = i;
}

/* Where in its tick the next kept request lies: the smallest of tick_left uniform draws on
   what is left of it. */
static sim_time replay_spread(struct replay_cursor *cursor, sim_time at)
{
    sim_time width = cursor->config->spread;
    double draw = rng_uniform_open(&cursor->spread);
    if (cursor->tick_left > 1)
        draw = sampler_pow(draw, 1.0 / (double)cursor->tick_left);
    cursor->tick_left--;
    cursor->tick_rest *= draw;
    sim_time offset = (sim_time)((1.0 - cursor->tick_rest) * (double)width);
    return at - at % width + (offset < width ? offset : width - 1);
}

static sim_time replay_scale(const struct replay_config *config, sim_time at)
{
    return config->speed_up == 1 ? at : sim_time_of((double)at / config->speed_up);
}

/* The next row that thinning keeps, in this lap; NULL at its end. */
static const struct replay_row *replay_next_row(struct replay_cursor *cursor)
{
    const struct replay_data *data = cursor->config->data;
    while (cursor->next < data->count) {
        if (cursor->config->spread > 0 && cursor->next == cursor->tick_end)
            replay_begin_tick(cursor);
        const struct replay_row *row = &data->rows[cursor->next++];
        if (replay_is_kept(cursor->config, &cursor->thin))
            return row;
    }
    return NULL;
}

/* False where the file is to be read once, or time would run out. */
static bool replay_next_lap(struct replay_cursor *cursor)
{
    sim_time period = cursor->config->data->period;
    if (cursor->config->at_end == REPLAY_STOP || cursor->lap_begin > SIM_LONGEST - period)
        return false;
    cursor->lap_begin += period;
    cursor->lap++;
    replay_begin_lap(cursor);
    return true;
}

bool replay_next(struct replay_cursor *cursor, struct replay_request *request)
{
    const struct replay_row *row = replay_next_row(cursor);
    while (row == NULL) {
        if (!replay_next_lap(cursor))
            return false;
        row = replay_next_row(cursor);
    }
    sim_time at = row->at;
    if (cursor->config->spread > 0)
        at = replay_spread(cursor, at);
    *request = (struct replay_request){
        .due = replay_scale(cursor->config, cursor->lap_begin + at),
        .key = row->key,
        .size = row->size,
        .demand = row->demand,
        .user = row->user,
    };
    return request->due < SIM_LONGEST;
}

double replay_rate(const struct replay_config *config)
{
    if (config->data->period == 0)
        return NAN;
    return (double)config->data->count * config->rate_scale * config->speed_up /
           sim_seconds(config->data->period);
}

double replay_mean_demand(const struct replay_config *config)
{
    return config->data->mean_demand;
}

unsigned replay_columns(const struct replay_config *config)
{
    return config->data->columns;
}
