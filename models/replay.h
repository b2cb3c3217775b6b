/* SPDX-License-Identifier: GPL-3.0-or-later
   Replay of a CSV of requests as arrivals.  The file is read once, when the scenario is
   bound, and shared by all runs; a cursor is one reading of it, determined by the key of
   its random stream. */
#ifndef MODELS_REPLAY_H
#define MODELS_REPLAY_H

#include "sim/engine/arena.h"
#include "sim/engine/clock.h"
#include "sim/engine/param.h"
#include "sim/engine/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum replay_end { REPLAY_LOOP, REPLAY_STOP };

/* What a file gives beside times: bits. */
enum replay_column { REPLAY_KEY = 1, REPLAY_SIZE = 2, REPLAY_USER = 4, REPLAY_DEMAND = 8 };

struct replay_config {
    const char *file;
    const char *time; /* names of columns; NULL: none is read */
    const char *key, *size, *user, *demand;
    sim_time unit; /* what 1 in the time column is worth */
    sim_time demand_scale, demand_offset; /* demand is column * scale + offset */
    double speed_up;   /* 2: arrives twice as fast */
    double rate_scale; /* share of the requests that is kept */
    sim_time spread;   /* tick of the stamps, before speed_up; 0: they are exact */
    uint32_t at_end;   /* enum replay_end */
    struct replay_data *data; /* made by replay_check */
};

extern const struct param replay_params[];

/* Reads the file into config->data.  Usable as kind.check; messages about a line begin
   with "file:line: ". */
bool replay_check(void *bound, struct arena *arena, char *message, size_t size);

struct replay_row {
    sim_time at; /* since the first request, by the file's clock; not decreasing */
    sim_time demand;
    uint64_t key, size;
    uint32_t user;
    uint32_t order; /* in the file, from 0 */
};

struct replay_data {
    struct replay_row *rows;
    uint32_t count;        /* at least 1 */
    uint32_t out_of_order; /* earlier than one before them in the file */
    unsigned columns;      /* enum replay_column bits */
    sim_time period;       /* span plus one mean gap, whole ticks where there is a spread; 0
                              where one stamp alone gives no gap */
    double mean_demand;    /* ns; -1 without the column */
};

/* Reads the rows; replay_check's part that deals with the file. */
bool replay_load(struct replay_config *config, struct arena *arena, char *message,
                 size_t size);

/* A request that the file asks for.  Without its column, key, size and user are the largest
   of their types and demand is -1. */
struct replay_request {
    sim_time due; /* from 0, not decreasing */
    uint64_t key; /* digits as their number; other text as its XXH3 */
    uint64_t size;
    sim_time demand;
    uint32_t user;
};

struct replay_cursor {
    const struct replay_config *config;
    struct rng thin, spread;
    uint64_t parent; /* key of the stream that each lap's are drawn from */
    uint64_t lap;
    sim_time lap_begin;
    uint32_t next;      /* row */
    uint32_t tick_end;  /* row after the last one of the current tick */
    uint32_t tick_left; /* requests of that tick still to come, after thinning */
    double tick_rest;   /* share of the tick that lies ahead of the last of them */
};

void replay_open(struct replay_cursor *cursor, const struct replay_config *config,
                 uint64_t stream);
/* The next request; false when there is no further one.  Allocates nothing. */
bool replay_next(struct replay_cursor *cursor, struct replay_request *request);

/* Mean requests per second after speed_up and rate_scale; NaN where one stamp alone gives
   none. */
double replay_rate(const struct replay_config *config);
/* Mean demand in ns; -1 without the column. */
double replay_mean_demand(const struct replay_config *config);
unsigned replay_columns(const struct replay_config *config); /* enum replay_column bits */

#endif
