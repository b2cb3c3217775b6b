/* SPDX-License-Identifier: GPL-3.0-or-later
   A CSV of requests read into rows: columns found by name, every value checked, times
   counted from the first request and put in order. */
#include "models/replay.h"

#include "models/replay_stamp.h"
#include "sim/config/problem.h"
#include "sim/engine/check.h"
#include "sim/engine/csv.h"

#define XXH_INLINE_ALL
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { REPLAY_ABSENT = -1, REPLAY_SHOWN = 40 }; /* bytes of a bad value in a message */

/* The columns in the order of replay_load_names. */
enum { REPLAY_AT_TIME, REPLAY_AT_KEY, REPLAY_AT_SIZE, REPLAY_AT_USER, REPLAY_AT_DEMAND,
       REPLAY_ROLES };

struct replay_loading {
    const struct replay_config *config;
    struct csv_reader *reader;
    const char *names[REPLAY_ROLES]; /* NULL: not wanted */
    ptrdiff_t at[REPLAY_ROLES];      /* index of the column, or REPLAY_ABSENT */
    struct replay_row *rows;
    size_t count, room;
    sim_time latest;
    uint32_t out_of_order;
};

static bool replay_load_fail(struct replay_loading *loading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool replay_load_fail(struct replay_loading *loading, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(loading->reader->error, sizeof loading->reader->error, format, list);
    va_end(list);
    return false;
}

/* Says that the value of a role is wrong, and what would be right. */
static bool replay_load_refuse(struct replay_loading *loading, int role, const char *value,
                               const char *wanted)
{
    if (value[0] == '\0')
        return replay_load_fail(loading, "column '%s' is empty; %s", loading->names[role],
                                wanted);
    return replay_load_fail(loading, "column '%s' has '%.*s'%s; %s", loading->names[role],
                            REPLAY_SHOWN, value, strlen(value) > REPLAY_SHOWN ? "…" : "",
                            wanted);
}

/* Whether the file's name promises zstd and its first bytes do not keep it. */
static bool replay_load_is_misnamed(const char *file)
{
    static const unsigned char magic[] = {0x28, 0xb5, 0x2f, 0xfd};
    size_t length = strlen(file);
    unsigned char first[sizeof magic] = {0};
    FILE *stream = NULL;
    if (length >= 4 && strcmp(file + length - 4, ".zst") == 0)
        stream = fopen(file, "r");
    if (stream == NULL)
        return false;
    size_t count = fread(first, 1, sizeof first, stream);
    fclose(stream);
    return count > 0 && memcmp(first, magic, sizeof magic) != 0;
}

static bool replay_load_missing(struct replay_loading *loading, const char *name,
                                const struct csv_row *row)
{
    const char **candidates = memory_zeroed(row->count + 1, sizeof *candidates);
    char list[160] = "";
    size_t used = 0;
    for (size_t i = 0; i < row->count; i++) {
        candidates[i] = row->fields[i];
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
                                     i > 0 ? ", " : "", row->fields[i]);
    }
    if (used >= sizeof list)
        memcpy(list + sizeof list - 4, "...", 4);
    const char *nearest = problem_nearest(name, candidates);
    if (nearest != NULL)
        replay_load_fail(loading, "no column '%s'; did you mean '%s'? columns are %s", name,
                         nearest, list);
    else
        replay_load_fail(loading, "no column '%s'; columns are %s", name, list);
    free(candidates);
    return false;
}

/* What reads up to a NUL would not see what is behind it. */
static bool replay_load_is_text(struct replay_loading *loading, const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (memchr(row->fields[i], '\0', row->sizes[i]) != NULL)
            return replay_load_fail(loading, "a NUL byte has no place here");
    return true;
}

static bool replay_load_is_once(struct replay_loading *loading, const struct csv_row *row,
                                const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < row->count; i++)
        count += strcmp(row->fields[i], name) == 0;
    return count < 2 || replay_load_fail(loading, "column '%s' appears twice", name);
}

static bool replay_load_header(void *context, const struct csv_row *row)
{
    struct replay_loading *loading = context;
    if (!replay_load_is_text(loading, row))
        return false;
    for (int role = 0; role < REPLAY_ROLES; role++) {
        loading->at[role] = REPLAY_ABSENT;
        if (loading->names[role] == NULL)
            continue;
        for (size_t i = 0; i < row->count && loading->at[role] == REPLAY_ABSENT; i++)
            if (strcmp(row->fields[i], loading->names[role]) == 0)
                loading->at[role] = (ptrdiff_t)i;
        if (loading->at[role] == REPLAY_ABSENT)
            return replay_load_missing(loading, loading->names[role], row);
        if (!replay_load_is_once(loading, row, loading->names[role]))
            return false;
    }
    return true;
}

/* Digits without a leading zero stand for their number, other text for its hash. */
static uint64_t replay_load_identity(const char *text, size_t size)
{
    uint64_t value = 0;
    bool is_number = size > 0 && (text[0] != '0' || size == 1);
    for (size_t i = 0; i < size && is_number; i++) {
        uint64_t digit = (uint64_t)(unsigned char)text[i] - '0';
        is_number = digit <= 9 && value <= (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    return is_number ? value : XXH3_64bits(text, size);
}

static bool replay_load_time(struct replay_loading *loading, const struct csv_row *row,
                             sim_time *time)
{
    size_t column = (size_t)loading->at[REPLAY_AT_TIME];
    const char *text = row->fields[column];
    struct replay_civil civil;
    size_t size = row->sizes[column];
    if (replay_stamp_iso(text, size, &civil, time))
        return true;
    bool is_taken = replay_stamp_number(text, size, loading->config->unit, time);
    if (is_taken && *time >= 0)
        return true;
    const char *wanted =
        "a time is a number, or text such as 2023-11-16 18:17:03.9799600";
    if (is_taken || (text[0] == '-' && replay_stamp_is_number(text, size)))
        wanted = "times must not be negative";
    else if (replay_stamp_is_number(text, size))
        wanted = "it is too large: times end after 292 years";
    return replay_load_refuse(loading, REPLAY_AT_TIME, text, wanted);
}

/* A quantity of 0 or more in units of `unit`. */
static bool replay_load_quantity(struct replay_loading *loading, int role,
                                 const struct csv_row *row, int64_t unit, int64_t *value)
{
    size_t column = (size_t)loading->at[role];
    const char *text = row->fields[column];
    size_t size = row->sizes[column];
    bool is_taken = replay_stamp_number(text, size, unit, value);
    if (is_taken && *value >= 0)
        return true;
    const char *wanted = "a number is needed";
    if (is_taken || (text[0] == '-' && replay_stamp_is_number(text, size)))
        wanted = "it must not be negative";
    else if (replay_stamp_is_number(text, size))
        wanted = "it is too large";
    return replay_load_refuse(loading, role, text, wanted);
}

static bool replay_load_demand(struct replay_loading *loading, const struct csv_row *row,
                               sim_time *demand)
{
    sim_time offset = loading->config->demand_offset;
    if (!replay_load_quantity(loading, REPLAY_AT_DEMAND, row, loading->config->demand_scale,
                              demand))
        return false;
    *demand = *demand < SIM_LONGEST - offset ? *demand + offset : SIM_LONGEST;
    return true;
}

static void replay_load_append(struct replay_loading *loading, const struct replay_row *row)
{
    if (loading->count == loading->room) {
        loading->room = loading->room * 2 + 1024;
        loading->rows = memory_grow(loading->rows, loading->room, sizeof *loading->rows);
    }
    loading->out_of_order += row->at < loading->latest;
    if (row->at > loading->latest)
        loading->latest = row->at;
    loading->rows[loading->count++] = *row;
}

static bool replay_load_row(void *context, const struct csv_row *csv)
{
    struct replay_loading *loading = context;
    const ptrdiff_t *at = loading->at;
    int64_t size = -1;
    struct replay_row row = {.demand = -1, .key = UINT64_MAX, .user = UINT32_MAX,
                             .order = (uint32_t)loading->count};
    if (loading->count == UINT32_MAX)
        return replay_load_fail(loading, "more than 4294967295 requests");
    if (!replay_load_is_text(loading, csv) || !replay_load_time(loading, csv, &row.at))
        return false;
    if (at[REPLAY_AT_KEY] >= 0)
        row.key = replay_load_identity(csv->fields[at[REPLAY_AT_KEY]],
                                       csv->sizes[at[REPLAY_AT_KEY]]);
    if (at[REPLAY_AT_USER] >= 0)
        row.user = (uint32_t)replay_load_identity(csv->fields[at[REPLAY_AT_USER]],
                                                  csv->sizes[at[REPLAY_AT_USER]]);
    if (at[REPLAY_AT_SIZE] >= 0 &&
        !replay_load_quantity(loading, REPLAY_AT_SIZE, csv, 1, &size))
        return false;
    row.size = (uint64_t)size;
    if (at[REPLAY_AT_DEMAND] >= 0 && !replay_load_demand(loading, csv, &row.demand))
        return false;
    replay_load_append(loading, &row);
    return true;
}

static int replay_load_compare(const void *left, const void *right)
{
    const struct replay_row *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Span plus one mean gap, so that a loop keeps the rate.  Stamps that were cut to a tick
   stand for the whole of it, so there the period is whole ticks. */
static sim_time replay_load_period(const struct replay_data *data, sim_time spread)
{
    sim_time span = data->rows[data->count - 1].at;
    sim_time period = span;
    if (data->count > 1)
        period += (span + (data->count - 1) / 2) / (data->count - 1);
    if (spread > 0 && period % spread > 0)
        period += spread - period % spread;
    else if (spread > 0 && period == 0)
        period = spread;
    return period;
}

/* Moves the rows to the arena, from the first one's time on, and sums them up. */
static bool replay_load_finish(struct replay_loading *loading, struct replay_config *config,
                               struct arena *arena)
{
    size_t count = loading->count;
    if (loading->out_of_order > 0)
        qsort(loading->rows, count, sizeof *loading->rows, replay_load_compare);
    sim_time first = loading->rows[0].at;
    if (loading->rows[count - 1].at - first > SIM_LONGEST / 2)
        return replay_load_fail(loading, "the times span more than 18 years; "
                                         "is the unit of column '%s' right?", config->time);
    struct replay_data *data = arena_take(arena, 1, sizeof *data);
    data->rows = arena_take(arena, count, sizeof *data->rows);
    memcpy(data->rows, loading->rows, count * sizeof *data->rows);
    data->count = (uint32_t)count;
    data->out_of_order = loading->out_of_order;
    double demand = 0;
    for (size_t i = 0; i < count; i++) {
        data->rows[i].at -= first;
        demand += (double)data->rows[i].demand;
    }
    data->mean_demand = config->demand != NULL ? demand / (double)count : -1;
    data->period = replay_load_period(data, config->spread);
    data->columns = (config->key != NULL ? REPLAY_KEY : 0U) |
                    (config->size != NULL ? REPLAY_SIZE : 0U) |
                    (config->user != NULL ? REPLAY_USER : 0U) |
                    (config->demand != NULL ? REPLAY_DEMAND : 0U);
    config->data = data;
    return true;
}

bool replay_load(struct replay_config *config, struct arena *arena, char *message,
                 size_t size)
{
    struct csv_reader reader = {.header = replay_load_header, .row = replay_load_row,
                                .has_header = true};
    struct replay_loading loading = {
        .config = config, .reader = &reader,
        .names = {config->time, config->key, config->size, config->user, config->demand},
    };
    reader.context = &loading;
    bool done = csv_read(config->file, &reader);
    if (done && loading.count == 0)
        done = replay_load_fail(&loading, "has a header but no requests");
    done = done && replay_load_finish(&loading, config, arena);
    free(loading.rows);
    if (!done && reader.error_line == 1 && replay_load_is_misnamed(config->file))
        snprintf(message, size, "%s: is not zstd although its name ends in .zst; as plain "
                                "text: %s", config->file, reader.error);
    else if (!done && reader.error_line > 0)
        snprintf(message, size, "%s:%" PRIu64 ": %s", config->file, reader.error_line,
                 reader.error);
    else if (!done)
        snprintf(message, size, "%s: %s", config->file, reader.error);
    return done;
}
