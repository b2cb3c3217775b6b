/* SPDX-License-Identifier: GPL-3.0-or-later
   One line per measure and replication.  Rows stand in the order of the measures, so a
   reader finds the next one at once. */
#include "sim/report/replications.h"

#include "sim/engine/check.h"
#include "sim/engine/csv.h"
#include "sim/report/metric_find.h"
#include "sim/report/scope.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPLICATIONS_MAX = 10000 }; /* of one measure */

static const char *const replications_columns[] = {
    "scenario", "policy", "scope", "metric", "unit", "replication", "value"};

enum { REPLICATIONS_COLUMNS = 7 };

static bool replications_is_of(const struct measure *measure, enum scope_kind kind)
{
    return strncmp(measure->scope, scope_words[kind], strlen(scope_words[kind])) == 0;
}

/* Windows are many: of them what could be held against a threshold. */
static bool replications_has(const struct measure *measure)
{
    if (measure->values == NULL || replications_is_of(measure, SCOPE_CHANGE))
        return false;
    if (!replications_is_of(measure, SCOPE_WINDOW))
        return true;
    const struct metric_row *row = metric_find(measure->metric);
    return isfinite(measure->value) && row != NULL && metric_find_direction(row) != 0;
}

static void replications_write_measure(const struct measure *measure, const char *scenario,
                                       struct output *output)
{
    const char *const texts[] = {scenario, measure->policy, measure->scope, measure->metric,
                                 measure->unit};
    for (size_t k = 0; k < measure->value_count; k++) {
        for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
            output_field(output, texts[i]);
            output_text(output, ",");
        }
        output_unsigned(output, k + 1);
        output_text(output, ",");
        if (isfinite(measure->values[k]))
            output_double(output, measure->values[k]);
        output_text(output, "\n");
    }
}

void replications_write(const struct report *report, const char *scenario,
                        struct output *output)
{
    for (size_t i = 0; i < REPLICATIONS_COLUMNS; i++)
        output_format(output, "%s%s", i > 0 ? "," : "", replications_columns[i]);
    output_text(output, "\n");
    for (size_t i = 0; i < report->count; i++)
        if (replications_has(&report->measures[i]))
            replications_write_measure(&report->measures[i], scenario, output);
}

/* Where reading stands. */
struct replications_reading {
    struct report *report;
    size_t at;  /* the measure of the last row */
    double *values; /* of that measure, so far */
    size_t count;
    struct csv_reader *reader;
};

static bool replications_fail(const struct replications_reading *reading,
                              const struct csv_row *row, const char *what)
{
    reading->reader->error_line = row->line;
    snprintf(reading->reader->error, sizeof(reading->reader->error), "%s", what);
    return false;
}

static bool replications_read_header(void *context, const struct csv_row *row)
{
    bool fine = row->count == REPLICATIONS_COLUMNS;
    for (size_t i = 0; fine && i < REPLICATIONS_COLUMNS; i++)
        fine = strcmp(row->fields[i], replications_columns[i]) == 0;
    return fine || replications_fail(context, row, "these are not the columns of values of "
                                                   "replications");
}

/* Hands the values to their measure. */
static void replications_settle(struct replications_reading *reading)
{
    struct report *report = reading->report;
    if (reading->count == 0)
        return;
    double *kept = arena_take(&report->arena, reading->count, sizeof(*kept));
    memcpy(kept, reading->values, reading->count * sizeof(*kept));
    report->measures[reading->at].values = kept;
    report->measures[reading->at].value_count = reading->count;
    reading->count = 0;
}

/* The measure of a row, searched from the last one on; report->count: none. */
static size_t replications_find(const struct replications_reading *reading,
                                const struct csv_row *row)
{
    const struct report *report = reading->report;
    for (size_t i = 0; i < report->count; i++) {
        size_t at = (reading->at + i) % report->count;
        const struct measure *measure = &report->measures[at];
        if (strcmp(measure->metric, row->fields[3]) == 0 &&
            strcmp(measure->scope, row->fields[2]) == 0 &&
            strcmp(measure->policy, row->fields[1]) == 0)
            return at;
    }
    return report->count;
}

static bool replications_read_row(void *context, const struct csv_row *row)
{
    struct replications_reading *reading = context;
    size_t at = replications_find(reading, row);
    if (at == reading->report->count)
        return replications_fail(reading, row, "a measure that run.json does not have");
    if (at != reading->at)
        replications_settle(reading);
    reading->at = at;
    if (strtoull(row->fields[5], NULL, 10) != reading->count + 1 ||
        reading->count == REPLICATIONS_MAX)
        return replications_fail(reading, row, "replications are not in order");
    char *end;
    double value = strtod(row->fields[6], &end);
    if (*end != '\0')
        return replications_fail(reading, row, "the value is not a number");
    reading->values[reading->count++] = end == row->fields[6] ? NAN : value;
    return true;
}

bool replications_read(const char *path, struct report *report, uint64_t *line, char *message,
                       size_t size)
{
    struct replications_reading reading = {.report = report};
    struct csv_reader reader = {
        .context = &reading,
        .header = replications_read_header,
        .row = replications_read_row,
        .has_header = true,
    };
    reading.reader = &reader;
    reading.values = memory_take(REPLICATIONS_MAX, sizeof(*reading.values));
    bool fine = report->count > 0 && csv_read(path, &reader);
    if (fine)
        replications_settle(&reading);
    else
        snprintf(message, size, "%s", report->count > 0 ? reader.error : "no measures");
    *line = reader.error_line;
    free(reading.values);
    return fine;
}
