/* SPDX-License-Identifier: GPL-3.0-or-later
   The values of a column of a CSV file, each equally likely, as often as it stands there. */
#include "sim/engine/check.h"
#include "sim/engine/csv.h"
#include "sim/engine/dist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dist_empirical {
    const char *file, *column;
    double unit;
    double *values; /* by check: `count` of them in base units, with their moments */
    size_t count;
    double mean, variance;
};

static const struct param dist_empirical_params[] = {
    {"file", PARAM_PATH, PARAM_FIELD(struct dist_empirical, file, const char *),
     .help = "CSV file with a header, plain or zstd"},
    {"column", PARAM_TEXT, PARAM_FIELD(struct dist_empirical, column, const char *),
     .help = "header of the column that has the values"},
    {"unit", PARAM_QUANTITY, PARAM_FIELD(struct dist_empirical, unit, double),
     .max = DIST_LARGEST, .help = "what a 1 in the column stands for, such as 1ms"},
    PARAM_END,
};

/* A file while it is read. */
struct dist_empirical_load {
    struct csv_reader reader;
    const char *column;
    size_t place; /* of the column among the fields */
    double unit;
    double *values;
    size_t count, room;
};

static bool dist_empirical_header(void *context, const struct csv_row *row)
{
    struct dist_empirical_load *load = context;
    for (load->place = 0; load->place < row->count; load->place++)
        if (strcmp(row->fields[load->place], load->column) == 0)
            return true;
    char *error = load->reader.error;
    size_t size = sizeof(load->reader.error);
    int used = snprintf(error, size, "no column '%s'; there is", load->column);
    for (size_t i = 0; i < row->count && used > 0 && (size_t)used < size; i++)
        used += snprintf(error + used, size - (size_t)used, "%s %s", i > 0 ? "," : "",
                         row->fields[i]);
    load->reader.error_line = row->line;
    return false;
}

/* A plain decimal number of 0 or more; what strtod takes beyond that is refused. */
static bool dist_empirical_parse(const char *text, size_t size, double *value)
{
    if (size == 0 || strspn(text, "0123456789.eE+-") != size)
        return false;
    char *end;
    *value = strtod(text, &end);
    return end == text + size && *value >= 0;
}

static bool dist_empirical_row(void *context, const struct csv_row *row)
{
    struct dist_empirical_load *load = context;
    const char *text = row->fields[load->place];
    double value;
    if (!dist_empirical_parse(text, row->sizes[load->place], &value) ||
        !(value * load->unit <= DIST_LARGEST)) {
        snprintf(load->reader.error, sizeof(load->reader.error),
                 "'%.40s' in column '%.64s' is not a number of 0 or more within range", text,
                 load->column);
        load->reader.error_line = row->line;
        return false;
    }
    if (load->count == load->room) {
        load->room = 2 * load->room + 1024;
        load->values = memory_grow(load->values, load->room, sizeof(*load->values));
    }
    load->values[load->count++] = value * load->unit;
    return true;
}

static void dist_empirical_measure(struct dist_empirical *dist)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < dist->count; i++)
        sum += dist->values[i];
    dist->mean = sum / (double)dist->count;
    for (size_t i = 0; i < dist->count; i++) {
        double apart = dist->values[i] - dist->mean;
        squares += apart * apart;
    }
    dist->variance = squares / (double)dist->count;
}

static bool dist_empirical_read(const char *path, struct dist_empirical_load *load,
                                char *message, size_t size)
{
    if (!csv_read(path, &load->reader)) {
        if (load->reader.error_line > 0)
            snprintf(message, size, "%s:%llu: %s", path,
                     (unsigned long long)load->reader.error_line, load->reader.error);
        else
            snprintf(message, size, "%s: %s", path, load->reader.error);
        return false;
    }
    if (load->count == 0)
        snprintf(message, size, "%s: no values in column '%s'", path, load->column);
    return load->count > 0;
}

static bool dist_empirical_check(void *config, struct arena *arena, char *message,
                                 size_t size)
{
    struct dist_empirical *dist = config;
    struct dist_empirical_load load = {
        .reader = {.header = dist_empirical_header,
                   .row = dist_empirical_row,
                   .has_header = true},
        .column = dist->column,
        .unit = dist->unit,
    };
    load.reader.context = &load;
    bool good = dist_empirical_read(dist->file, &load, message, size);
    if (good) {
        dist->count = load.count;
        dist->values = arena_take(arena, load.count, sizeof(*dist->values));
        memcpy(dist->values, load.values, load.count * sizeof(*dist->values));
        dist_empirical_measure(dist);
    }
    free(load.values);
    return good;
}

static double dist_empirical_mean(const void *config)
{
    const struct dist_empirical *dist = config;
    return dist->mean;
}

static double dist_empirical_variance(const void *config)
{
    const struct dist_empirical *dist = config;
    return dist->variance;
}

static void dist_empirical_draw(const void *config, struct rng *rng, double *out,
                                size_t count)
{
    const struct dist_empirical *dist = config;
    for (size_t i = 0; i < count; i++)
        out[i] = dist->values[rng_below(rng, dist->count)];
}

const struct dist_ops dist_empirical = {
    .kind = {.name = "empirical",
             .summary = "the values of a column of a CSV file, each equally likely",
             .params = dist_empirical_params,
             .config_size = sizeof(struct dist_empirical),
             .check = dist_empirical_check},
    .mean = dist_empirical_mean,
    .variance = dist_empirical_variance,
    .draw = dist_empirical_draw,
};
