/* SPDX-License-Identifier: GPL-3.0-or-later
   Lines back into rows.  The header says which column each field is; a field is read by the
   rule of its column in columns.def; the times of a row are summed up from its durations. */
#include "sim/trace/cell.h"
#include "sim/trace/column.h"
#include "sim/trace/timeline.h"

#include "sim/engine/check.h"
#include "sim/engine/csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct trace_reader {
    struct trace_reading *reading;
    struct csv_reader csv;
    enum column *columns; /* by field; COLUMN_TOTAL: none of ours */
    uint64_t defaults[COLUMN_TOTAL];
    struct roster *roster; /* of the replication being read; NULL: none yet */
    unsigned replication;
    uint64_t row_number;
    size_t count; /* of rows not yet handed on */
    struct trace_row rows[TRACE_BLOCK_ROWS];
    bool has_hops; /* there are columns of them */
    struct trace_hops hops[TRACE_BLOCK_ROWS];
};

static void trace_read_hand_on(struct trace_reader *reader)
{
    struct trace_reading *reading = reader->reading;
    if (reader->count > 0 && reader->has_hops && reading->hopped != NULL)
        reading->hopped(reading->context, reader->rows, reader->hops, reader->count);
    else if (reader->count > 0 && reading->rows != NULL)
        reading->rows(reading->context, reader->rows, reader->count);
    reader->count = 0;
}

static bool trace_read_begin(struct trace_reader *reader, uint64_t replication)
{
    if (reader->roster != NULL && replication == reader->replication)
        return true;
    if (replication <= reader->replication) {
        snprintf(
            reader->csv.error, sizeof reader->csv.error,
            "replication %llu after %u: replications count from 1, and the rows must be "
            "sorted by them",
            (unsigned long long)replication, reader->replication);
        return false;
    }
    trace_read_hand_on(reader);
    reader->replication = (unsigned)replication;
    reader->roster = trace_rosters_find(reader->reading->rosters, reader->replication);
    if (reader->reading->begin != NULL)
        reader->reading->begin(reader->reading->context, reader->replication,
                               reader->roster);
    return true;
}

/* What would work in a column. */
static void trace_read_expect(enum column column, char *expected, size_t room)
{
    const struct column_rule *rule = &column_rules[column];
    switch (rule->kind) {
    case COLUMN_IS_count:
        snprintf(expected, room, "a whole number%s%s up to %llu",
                 rule->about.unit[0] != '\0' ? " of " : "", rule->about.unit,
                 (unsigned long long)rule->limit);
        break;
    case COLUMN_IS_outcome:
        cell_list(outcome_names, expected, room);
        break;
    case COLUMN_IS_phase:
        cell_list(phase_names, expected, room);
        break;
    case COLUMN_IS_lookup:
        cell_list(lookup_names, expected, room);
        break;
    case COLUMN_IS_client:
    case COLUMN_IS_pod:
        snprintf(expected, room,
                 "a name of up to %d bytes in UTF-8 without control characters",
                 ROSTER_NAME_BYTES);
        break;
    }
}

static bool trace_read_fail(struct trace_reader *reader, enum column column,
                            const char *text, size_t size)
{
    char quoted[CELL_QUOTED_BYTES], expected[128];
    trace_read_expect(column, expected, sizeof expected);
    snprintf(reader->csv.error, sizeof reader->csv.error, "%s %s: expected %s",
             column_rules[column].about.name, cell_quote(text, size, quoted), expected);
    return false;
}

/* Names stay texts here: their roster is known only when the whole row is. */
static bool trace_read_field(struct trace_reader *reader, enum column column,
                             const char *text, size_t size, uint64_t *value)
{
    const struct column_rule *rule = &column_rules[column];
    bool good = false;
    if (size == 0 && rule->fallback != COLUMN_NEEDED)
        return true;
    switch (rule->kind) {
    case COLUMN_IS_count:
        good = cell_count(text, size, rule->limit, value);
        break;
    case COLUMN_IS_outcome:
        good = cell_word(text, size, outcome_names, value);
        break;
    case COLUMN_IS_phase:
        good = cell_word(text, size, phase_names, value);
        break;
    case COLUMN_IS_lookup:
        good = cell_word(text, size, lookup_names, value);
        break;
    case COLUMN_IS_client:
    case COLUMN_IS_pod:
        good = cell_is_name(text, size);
        break;
    }
    return good || trace_read_fail(reader, column, text, size);
}

/* At most seven durations of 2^60 each: the sums stay below 2^63. */
static struct trace_row trace_read_row(const uint64_t values[COLUMN_TOTAL])
{
    struct trace_row row = {
        .request = values[COLUMN_AT_request],
        .key = values[COLUMN_AT_key],
        .demand = (sim_time)values[COLUMN_AT_demand_ns],
        .due = (sim_time)values[COLUMN_AT_due_ns],
        .size = values[COLUMN_AT_size],
        .user = (uint32_t)values[COLUMN_AT_user],
        .pod = ROW_NO_POD,
        .balancer = (uint16_t)values[COLUMN_AT_balancer],
        .attempt = (uint8_t)values[COLUMN_AT_attempt],
        .outcome = (uint8_t)values[COLUMN_AT_outcome],
        .phase = (uint8_t)values[COLUMN_AT_phase],
        .last = values[COLUMN_AT_last] > 0,
        .cache = values[COLUMN_AT_cache] & 3,
    };
    row.sent = row.due + (sim_time)values[COLUMN_AT_client_ns];
    row.received = row.sent + (sim_time)values[COLUMN_AT_to_balancer_ns];
    row.dispatched = row.received + (sim_time)values[COLUMN_AT_balancer_ns];
    row.arrived = row.dispatched + (sim_time)values[COLUMN_AT_to_pod_ns];
    row.started = row.arrived + (sim_time)values[COLUMN_AT_queue_ns];
    row.served = row.started + (sim_time)values[COLUMN_AT_service_ns];
    row.ended = row.due + (sim_time)values[COLUMN_AT_latency_ns];
    return row;
}

/* Columns that the trace does not have are 0. */
static struct trace_hops trace_read_hops(const uint64_t values[COLUMN_TOTAL])
{
    struct trace_hops hops = {.connect = (sim_time)values[COLUMN_AT_connect_ns],
                              .reached = (uint8_t)values[COLUMN_AT_tiers]};
    enum { WAY = COLUMN_AT_to_tier2_ns - COLUMN_AT_to_tier1_ns };
    for (int i = 0; i < HOPS_TIERS_MAX; i++) {
        hops.there[i] = (sim_time)values[COLUMN_AT_to_tier1_ns + i * WAY];
        hops.back[i] = (sim_time)values[COLUMN_AT_from_tier1_ns + i * WAY];
        if (i == HOPS_OUTER_MAX)
            break;
        hops.inside[i] = (sim_time)values[COLUMN_AT_tier1_ns + i * WAY];
        hops.instances[i] = (uint16_t)values[COLUMN_AT_tier1 + i * WAY];
    }
    return hops;
}

static bool trace_read_names(struct trace_reader *reader, struct trace_row *row,
                             const char *client, const char *pod)
{
    uint32_t index = roster_client(reader->roster, client[0] != '\0' ? client : "all");
    if (index > UINT16_MAX) {
        snprintf(
            reader->csv.error, sizeof reader->csv.error,
            "more than 65536 client groups; use fewer, and the column user for the rest");
        return false;
    }
    row->client = (uint16_t)index;
    if (pod[0] != '\0')
        row->pod = roster_pod(reader->roster, pod);
    return true;
}

static bool trace_read_line(void *context, const struct csv_row *line)
{
    struct trace_reader *reader = context;
    uint64_t values[COLUMN_TOTAL];
    const char *client = "", *pod = "";
    memcpy(values, reader->defaults, sizeof values);
    values[COLUMN_AT_request] = reader->row_number++;
    for (size_t i = 0; i < line->count; i++) {
        enum column column = reader->columns[i];
        if (column == COLUMN_TOTAL)
            continue;
        if (!trace_read_field(reader, column, line->fields[i], line->sizes[i],
                              &values[column]))
            return false;
        if (column == COLUMN_AT_client)
            client = line->fields[i];
        else if (column == COLUMN_AT_pod)
            pod = line->fields[i];
    }
    struct trace_row row = trace_read_row(values);
    if (!trace_read_begin(reader, values[COLUMN_AT_replication]) ||
        !trace_read_names(reader, &row, client, pod))
        return false;
    if (reader->has_hops)
        reader->hops[reader->count] = trace_read_hops(values);
    reader->rows[reader->count++] = row;
    if (reader->count == TRACE_BLOCK_ROWS)
        trace_read_hand_on(reader);
    return !reader->reading->enough;
}

static bool trace_read_column(struct trace_reader *reader, const struct csv_row *header,
                              size_t field, bool seen[COLUMN_TOTAL])
{
    reader->columns[field] = COLUMN_TOTAL;
    for (enum column column = 0; column < COLUMN_TOTAL; column++) {
        if (strcmp(header->fields[field], column_rules[column].about.name) != 0)
            continue;
        if (seen[column]) {
            snprintf(reader->csv.error, sizeof reader->csv.error,
                     "the column %s is there twice", column_rules[column].about.name);
            return false;
        }
        seen[column] = true;
        reader->columns[field] = column;
    }
    return true;
}

static bool trace_read_header(void *context, const struct csv_row *header)
{
    struct trace_reader *reader = context;
    bool seen[COLUMN_TOTAL] = {false};
    reader->columns = memory_take(header->count, sizeof *reader->columns);
    for (size_t i = 0; i < header->count; i++)
        if (!trace_read_column(reader, header, i, seen))
            return false;
    for (enum column column = 0; column < COLUMN_TOTAL; column++) {
        reader->has_hops |= seen[column] && column_rules[column].tiers > 0;
        reader->defaults[column] = column_rules[column].fallback;
        if (column_rules[column].fallback != COLUMN_NEEDED || seen[column])
            continue;
        snprintf(
            reader->csv.error, sizeof reader->csv.error,
            "there is no column %s in the header; a trace needs due_ns and latency_ns",
            column_rules[column].about.name);
        return false;
    }
    return true;
}

/* The timeline is the file of that name in the folder of the trace. */
static bool trace_read_timeline(const char *path, struct trace_reading *reading)
{
    static const char name[] = "timeline.csv";
    const char *slash = strrchr(path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *beside = memory_take(folder + sizeof name, 1);
    memcpy(beside, path, folder);
    memcpy(beside + folder, name, sizeof name);
    reading->rosters->timeline_path = beside;
    struct stat status;
    if (stat(beside, &status) != 0 && errno == ENOENT)
        return true;
    reading->has_timeline = true;
    reading->error_path = beside;
    return timeline_read(beside, reading);
}

bool trace_read(const char *path, struct trace_reading *reading)
{
    reading->has_timeline = false;
    reading->error_line = 0;
    reading->error[0] = '\0';
    reading->rosters = memory_zeroed(1, sizeof *reading->rosters);
    if (!trace_read_timeline(path, reading))
        return false;
    reading->error_path = path;
    struct trace_reader *reader = memory_zeroed(1, sizeof *reader);
    reader->reading = reading;
    reader->csv = (struct csv_reader){.context = reader,
                                      .header = trace_read_header,
                                      .row = trace_read_line,
                                      .has_header = true};
    bool good = csv_read(path, &reader->csv) || reading->enough;
    if (good) {
        trace_read_hand_on(reader);
    } else {
        reading->error_line = reader->csv.error_line;
        snprintf(reading->error, sizeof reading->error, "%s", reader->csv.error);
    }
    free(reader->columns);
    free(reader);
    return good;
}
