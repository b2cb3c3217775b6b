/* SPDX-License-Identifier: GPL-3.0-or-later
   sweep.csv read back, as far as pictures need it: the figures of scope "all".  Its columns
   are scenario, policy, the settings, then load and those of metrics.csv. */
#include "sim/report/grid.h"

#include "sim/engine/check.h"
#include "sim/engine/csv.h"
#include "sim/report/render.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const grid_read_columns[] = {"load",  "scope", "metric", "unit",
                                                "value", "low",   "high",   "samples"};

enum {
    GRID_READ_FIRST = 2, /* column of the first setting */
    GRID_READ_LAST = sizeof(grid_read_columns) / sizeof(*grid_read_columns),
    GRID_READ_OTHERS = 512 /* bytes of the settings that name a curve */
};

struct grid_reading {
    struct arena *arena;
    struct grid_points *points;
    struct csv_reader *reader;
    const char **names; /* of the settings, short */
    size_t axis_count;
};

static bool grid_read_refuse(const struct grid_reading *reading, const struct csv_row *row,
                             const char *why)
{
    reading->reader->error_line = row->line;
    snprintf(reading->reader->error, sizeof(reading->reader->error), "%s", why);
    return false;
}

/* Without the apostrophe that render_csv_text puts before what looks like a formula. */
static const char *grid_read_text(struct grid_reading *reading, const char *field)
{
    if (field[0] == '\'' && render_csv_is_formula(field + 1))
        field++;
    return arena_copy_text(reading->arena, field, strlen(field));
}

static bool grid_read_head(void *context, const struct csv_row *row)
{
    struct grid_reading *reading = context;
    bool fits = row->count > GRID_READ_FIRST + GRID_READ_LAST &&
                strcmp(row->fields[0], "scenario") == 0 && strcmp(row->fields[1], "policy") == 0;
    for (size_t i = 0; fits && i < GRID_READ_LAST; i++)
        fits = strcmp(row->fields[row->count - GRID_READ_LAST + i], grid_read_columns[i]) == 0;
    if (!fits)
        return grid_read_refuse(reading, row, "not the columns of " GRID_FILE);
    reading->axis_count = row->count - GRID_READ_FIRST - GRID_READ_LAST;
    reading->names = arena_take(reading->arena, reading->axis_count, sizeof(*reading->names));
    for (size_t i = 0; i < reading->axis_count; i++) {
        const char *path = grid_read_text(reading, row->fields[GRID_READ_FIRST + i]);
        const char *dot = strrchr(path, '.');
        reading->names[i] = dot != NULL ? dot + 1 : path;
        if (i == 0)
            reading->points->path = path;
    }
    return true;
}

/* The settings that tell one curve from another. */
static const char *grid_read_others(struct grid_reading *reading, const struct csv_row *row)
{
    char text[GRID_READ_OTHERS] = "";
    size_t used = 0;
    for (size_t i = 1; i < reading->axis_count && used < sizeof(text); i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s=%s",
                                 used > 0 ? ", " : "", reading->names[i],
                                 row->fields[GRID_READ_FIRST + i]);
    return arena_copy_text(reading->arena, text, strlen(text));
}

/* Empty is NaN. */
static bool grid_read_number(const char *field, double *value)
{
    char *end;
    *value = strtod(field, &end);
    bool fine = *end == '\0';
    if (field[0] == '\0')
        *value = NAN;
    return fine;
}

static bool grid_read_row(void *context, const struct csv_row *row)
{
    struct grid_reading *reading = context;
    struct grid_points *points = reading->points;
    const char *const *last = row->fields + row->count - GRID_READ_LAST;
    if (strcmp(last[1], "all") != 0)
        return true;
    struct grid_point point = {0};
    if (!grid_read_number(last[0], &point.load) || !grid_read_number(last[4], &point.value) ||
        !grid_read_number(last[5], &point.low) || !grid_read_number(last[6], &point.high))
        return grid_read_refuse(reading, row, "load, value, low or high is not a number");
    if (points->scenario == NULL)
        points->scenario = grid_read_text(reading, row->fields[0]);
    point.policy = grid_read_text(reading, row->fields[1]);
    point.first = grid_read_text(reading, row->fields[GRID_READ_FIRST]);
    point.others = grid_read_others(reading, row);
    point.metric = grid_read_text(reading, last[2]);
    point.unit = grid_read_text(reading, last[3]);
    if (points->count == points->room) {
        points->room = points->room == 0 ? 256 : 2 * points->room;
        points->items = memory_grow(points->items, points->room, sizeof(*points->items));
    }
    points->items[points->count++] = point;
    return true;
}

bool grid_read(const char *path, struct arena *arena, struct grid_points *points,
               char *message, size_t size)
{
    struct csv_reader reader = {
        .header = grid_read_head, .row = grid_read_row, .has_header = true};
    struct grid_reading reading = {.arena = arena, .points = points, .reader = &reader};
    *points = (struct grid_points){.scenario = NULL};
    reader.context = &reading;
    if (csv_read(path, &reader))
        return true;
    snprintf(message, size, "line %" PRIu64 ": %s", reader.error_line, reader.error);
    free(points->items);
    points->items = NULL;
    return false;
}
