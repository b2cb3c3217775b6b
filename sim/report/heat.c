/* SPDX-License-Identifier: GPL-3.0-or-later
   Edges are whole numbers of 10 ps, so that no logarithm decides where a latency belongs. */
#include "sim/report/heat.h"

#include "sim/engine/check.h"
#include "sim/engine/csv.h"
#include "sim/report/render.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In units of 10 ps, for 1 ns. */
static const uint16_t heat_steps[] = {100, 115, 133, 154, 178, 205, 237, 274,
                                      316, 365, 422, 487, 562, 649, 750, 866};

enum {
    HEAT_DECADE = sizeof(heat_steps) / sizeof(*heat_steps),
    HEAT_TEXTS = 2, /* columns before those of numbers: scenario, policy, */
    HEAT_FIRST = 4  /* then from and to, and from here on bands */
};

static wide_uint heat_edge_units(size_t band)
{
    wide_uint power = 1;
    for (size_t i = 0; i < band / HEAT_DECADE; i++)
        power *= 10;
    return power * heat_steps[band % HEAT_DECADE];
}

double heat_edge(size_t band)
{
    return (double)heat_edge_units(band) / 1e11;
}

struct heat heat_of(const struct histogram *histogram, struct arena *arena)
{
    struct heat heat = {0};
    uint64_t counts[HEAT_BANDS] = {0};
    wide_uint next = heat_edge_units(1); /* where the band ends */
    size_t band = 0;
    if (histogram->count == 0)
        return heat;
    uint32_t last = histogram_bucket(histogram->largest);
    for (uint32_t i = histogram_bucket(histogram->least); i <= last; i++) {
        if (i % HISTOGRAM_STRIDE == 0 && last - i >= HISTOGRAM_STRIDE &&
            histogram_sum_stride(histogram->counts + i) == 0)
            i += HISTOGRAM_STRIDE - 1;
        if (histogram->counts[i] == 0)
            continue;
        wide_uint middle = ((wide_uint)histogram_low(i) + (wide_uint)histogram_high(i)) * 50;
        while (band + 1 < HEAT_BANDS && next <= middle)
            next = heat_edge_units(++band + 1);
        heat.first = heat.count == 0 ? band : heat.first;
        heat.count = band - heat.first + 1;
        counts[band] += histogram->counts[i];
    }
    uint64_t *kept = arena_take(arena, heat.count, sizeof(*kept));
    heat.counts = memcpy(kept, counts + heat.first, heat.count * sizeof(*kept));
    return heat;
}

/* -- the file -- */

void heat_write(const struct heat *heats, size_t count, const char *scenario,
                struct output *output)
{
    size_t first = SIZE_MAX, last = 0;
    for (size_t i = 0; i < count; i++) {
        if (heats[i].count == 0)
            continue;
        first = heats[i].first < first ? heats[i].first : first;
        last = heats[i].first + heats[i].count > last ? heats[i].first + heats[i].count : last;
    }
    output_text(output, "scenario,policy,from_s,to_s");
    for (size_t band = first; band < last; band++) {
        output_text(output, ",");
        output_double(output, heat_edge(band));
    }
    output_text(output, "\n");
    for (size_t i = 0; i < count; i++) {
        const struct heat *heat = &heats[i];
        render_csv_texts(output, (const char *const[]){scenario, heat->policy}, 2);
        output_double(output, heat->from);
        output_text(output, ",");
        output_double(output, heat->to);
        for (size_t band = first; band < last; band++) {
            bool inside = band >= heat->first && band - heat->first < heat->count;
            output_text(output, ",");
            output_unsigned(output, inside ? heat->counts[band - heat->first] : 0);
        }
        output_text(output, "\n");
    }
}

/* Where reading stands. */
struct heat_reading {
    struct arena *arena;
    struct heat *heats;
    size_t count, room;
    size_t first; /* band of the first column of bands */
    struct csv_reader *reader;
};

static bool heat_refuse(const struct heat_reading *reading, const struct csv_row *row,
                        const char *why)
{
    reading->reader->error_line = row->line;
    snprintf(reading->reader->error, sizeof(reading->reader->error), "%s", why);
    return false;
}

static bool heat_number(const char *field, double *value)
{
    char *end;
    *value = strtod(field, &end);
    return end != field && *end == '\0';
}

static bool heat_read_head(void *context, const struct csv_row *row)
{
    static const char *const names[] = {"scenario", "policy", "from_s", "to_s"};
    struct heat_reading *reading = context;
    bool fine = row->count >= HEAT_FIRST && row->count - HEAT_FIRST <= (size_t)HEAT_BANDS;
    for (size_t i = 0; fine && i < HEAT_FIRST; i++)
        fine = strcmp(row->fields[i], names[i]) == 0;
    for (size_t i = HEAT_FIRST; fine && i < row->count; i++) {
        double edge = 0;
        fine = heat_number(row->fields[i], &edge);
        if (i == HEAT_FIRST)
            while (reading->first < HEAT_BANDS && heat_edge(reading->first) < edge)
                reading->first++;
        size_t band = reading->first + i - HEAT_FIRST;
        fine = fine && band < HEAT_BANDS && heat_edge(band) == edge;
    }
    return fine || heat_refuse(reading, row, "not the columns of heatmap.csv");
}

static const char *heat_keep_text(struct heat_reading *reading, const char *field)
{
    if (field[0] == '\'' && render_csv_is_formula(field + 1))
        field++;
    return arena_copy_text(reading->arena, field, strlen(field));
}

static bool heat_read_row(void *context, const struct csv_row *row)
{
    struct heat_reading *reading = context;
    size_t bands = row->count - HEAT_FIRST;
    uint64_t *counts = arena_take(reading->arena, bands + 1, sizeof(*counts));
    struct heat heat = {.first = reading->first, .count = bands, .counts = counts};
    bool fine = heat_number(row->fields[HEAT_TEXTS], &heat.from) &&
                heat_number(row->fields[HEAT_TEXTS + 1], &heat.to) && heat.from < heat.to;
    for (size_t i = 0; fine && i < bands; i++) {
        char *end;
        counts[i] = strtoull(row->fields[HEAT_FIRST + i], &end, 10);
        fine = end != row->fields[HEAT_FIRST + i] && *end == '\0';
    }
    if (!fine)
        return heat_refuse(reading, row, "from, to or a number of requests is no such number");
    heat.policy = heat_keep_text(reading, row->fields[1]);
    if (reading->count == reading->room) {
        reading->room = reading->room == 0 ? 64 : 2 * reading->room;
        reading->heats = memory_grow(reading->heats, reading->room, sizeof(*reading->heats));
    }
    reading->heats[reading->count++] = heat;
    return true;
}

bool heat_read(const char *path, struct arena *arena, struct heat **heats, size_t *count,
               char *message, size_t size)
{
    struct heat_reading reading = {.arena = arena};
    struct csv_reader reader = {
        .context = &reading, .header = heat_read_head, .row = heat_read_row, .has_header = true};
    reading.reader = &reader;
    if (!csv_read(path, &reader)) {
        snprintf(message, size, "line %" PRIu64 ": %s", reader.error_line, reader.error);
        free(reading.heats);
        return false;
    }
    *heats = reading.heats;
    *count = reading.count;
    return true;
}
