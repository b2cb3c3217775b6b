/* SPDX-License-Identifier: GPL-3.0-or-later
   A point is kept when the latency has grown by a fiftieth, or what lies above it has shrunk
   by 3 % or by 0.5 % of all, since the last one.  Before a step over an empty stretch stands
   another point, so that a time-out's wall is upright. */
#include "sim/report/curve.h"

#include "sim/engine/check.h"
#include "sim/engine/csv.h"
#include "sim/report/render.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURVE_STEP_LATENCY 1.02
#define CURVE_STEP_ABOVE 0.97
#define CURVE_STEP_ALL 0.005

/* Points on their way into a curve. */
struct curve_thinning {
    struct curve_point *points;
    size_t count, room;
};

static void curve_add(struct curve_thinning *thinning, double latency, uint64_t above)
{
    if (thinning->count == thinning->room) {
        thinning->room = thinning->room == 0 ? 512 : 2 * thinning->room;
        thinning->points =
            memory_grow(thinning->points, thinning->room, sizeof(*thinning->points));
    }
    thinning->points[thinning->count++] = (struct curve_point){latency, above};
}

/* A bucket whose values lie from `low` to `high`, with `above` requests beyond it. */
static void curve_consider(struct curve_thinning *thinning, double low, double high,
                           uint64_t above)
{
    struct curve_point last = thinning->points[thinning->count - 1];
    uint64_t all = thinning->points[0].above;
    bool falls = (double)above <= CURVE_STEP_ABOVE * (double)last.above;
    bool far = low >= CURVE_STEP_LATENCY * last.latency;
    bool sinks = (double)(last.above - above) >= CURVE_STEP_ALL * (double)all;
    if (above > 0 && !falls && !sinks && high < CURVE_STEP_LATENCY * last.latency)
        return;
    if (far && (falls || above == 0))
        curve_add(thinning, low, last.above);
    curve_add(thinning, high, above);
}

static void curve_thin(struct curve_thinning *thinning, const struct histogram *histogram)
{
    uint64_t above = histogram->count;
    uint32_t last = histogram_bucket(histogram->largest);
    curve_add(thinning, sim_seconds(histogram->least), above);
    for (uint32_t i = histogram_bucket(histogram->least); i <= last; i++) {
        if (histogram->counts[i] == 0)
            continue;
        above -= histogram->counts[i];
        sim_time low = histogram_low(i), high = histogram_high(i);
        low = low > histogram->least ? low : histogram->least;
        high = high < histogram->largest ? high : histogram->largest;
        curve_consider(thinning, sim_seconds(low), sim_seconds(high), above);
    }
}

/* Moves the points into the arena. */
static void curve_keep(struct curve *curve, struct curve_thinning *thinning,
                       struct arena *arena)
{
    struct curve_point *points = arena_take(arena, thinning->count, sizeof(*points));
    memcpy(points, thinning->points, thinning->count * sizeof(*points));
    curve->points = points;
    curve->count = thinning->count;
    thinning->count = 0;
}

struct curve curve_of(const struct histogram *histogram, const char *policy,
                      const char *scope, struct arena *arena)
{
    struct curve curve = {.policy = policy, .scope = scope};
    struct curve_thinning thinning = {0};
    if (histogram->count == 0)
        return curve;
    curve_thin(&thinning, histogram);
    curve_keep(&curve, &thinning, arena);
    free(thinning.points);
    return curve;
}

double curve_quantile(const struct curve *curve, double p)
{
    double above = (1 - p) * (double)curve_total(curve);
    if (curve->count == 0)
        return NAN;
    size_t i = 1;
    while (i + 1 < curve->count && (double)curve->points[i].above > above)
        i++;
    if (i == curve->count)
        return curve->points[0].latency;
    struct curve_point from = curve->points[i - 1], to = curve->points[i];
    double step = (double)from.above - (double)to.above;
    double share = step > 0 ? ((double)from.above - above) / step : 0;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    return from.latency + share * (to.latency - from.latency);
}

void curve_write(const struct curve *curves, size_t count, const char *scenario,
                 struct output *output)
{
    output_text(output, "scenario,policy,scope,latency_s,share_above,above\n");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < curves[i].count; k++) {
            struct curve_point point = curves[i].points[k];
            const char *const texts[] = {scenario, curves[i].policy, curves[i].scope};
            double share = (double)point.above / (double)curve_total(&curves[i]);
            render_csv_texts(output, texts, sizeof(texts) / sizeof(*texts));
            render_csv_numbers(output, (const double[]){point.latency, share}, 2);
            output_unsigned(output, point.above);
            output_text(output, "\n");
        }
}

/* Where reading stands: the last curve, whose points are not yet in the arena. */
struct curve_reading {
    struct arena *arena;
    struct curve *curves;
    size_t count, room;
    struct curve_thinning points;
    struct csv_reader *reader;
};

static bool curve_refuse(const struct curve_reading *reading, const struct csv_row *row,
                         const char *why)
{
    reading->reader->error_line = row->line;
    snprintf(reading->reader->error, sizeof(reading->reader->error), "%s", why);
    return false;
}

static bool curve_read_head(void *context, const struct csv_row *row)
{
    static const char *const names[] = {"scenario",  "policy",      "scope",
                                        "latency_s", "share_above", "above"};
    enum { COUNT = sizeof(names) / sizeof(*names) };
    for (size_t i = 0; i < COUNT; i++)
        if (row->count != COUNT || strcmp(row->fields[i], names[i]) != 0)
            return curve_refuse(context, row, "not the columns of latency.csv");
    return true;
}

/* Without the apostrophe that render_csv_text puts before what looks like a formula. */
static const char *curve_unguard(const char *field)
{
    return field[0] == '\'' && render_csv_is_formula(field + 1) ? field + 1 : field;
}

static bool curve_goes_on(const struct curve_reading *reading, const struct csv_row *row)
{
    if (reading->count == 0)
        return false;
    const struct curve *last = &reading->curves[reading->count - 1];
    return strcmp(last->policy, curve_unguard(row->fields[1])) == 0 &&
           strcmp(last->scope, curve_unguard(row->fields[2])) == 0;
}

static void curve_read_open(struct curve_reading *reading, const struct csv_row *row)
{
    const char *policy = curve_unguard(row->fields[1]), *scope = curve_unguard(row->fields[2]);
    if (reading->count > 0)
        curve_keep(&reading->curves[reading->count - 1], &reading->points, reading->arena);
    if (reading->count == reading->room) {
        reading->room = reading->room == 0 ? 16 : 2 * reading->room;
        reading->curves =
            memory_grow(reading->curves, reading->room, sizeof(*reading->curves));
    }
    reading->curves[reading->count++] = (struct curve){
        .policy = arena_copy_text(reading->arena, policy, strlen(policy)),
        .scope = arena_copy_text(reading->arena, scope, strlen(scope)),
    };
}

static bool curve_read_row(void *context, const struct csv_row *row)
{
    struct curve_reading *reading = context;
    char *latency_end, *above_end;
    double latency = strtod(row->fields[3], &latency_end);
    uint64_t above = strtoull(row->fields[5], &above_end, 10);
    if (*latency_end != '\0' || *above_end != '\0' || !isfinite(latency) ||
        row->sizes[3] == 0 || row->sizes[5] == 0)
        return curve_refuse(reading, row, "latency_s or above is not a number");
    if (!curve_goes_on(reading, row))
        curve_read_open(reading, row);
    curve_add(&reading->points, latency, above);
    return true;
}

bool curve_read(const char *path, struct arena *arena, struct curve **curves, size_t *count,
                char *message, size_t size)
{
    struct csv_reader reader = {
        .header = curve_read_head, .row = curve_read_row, .has_header = true};
    struct curve_reading reading = {.arena = arena, .reader = &reader};
    reader.context = &reading;
    bool fine = csv_read(path, &reader);
    if (fine && reading.count > 0)
        curve_keep(&reading.curves[reading.count - 1], &reading.points, arena);
    free(reading.points.points);
    if (!fine) {
        snprintf(message, size, "line %" PRIu64 ": %s", reader.error_line, reader.error);
        free(reading.curves);
        return false;
    }
    *curves = reading.curves;
    *count = reading.count;
    return true;
}
