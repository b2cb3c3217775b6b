/* SPDX-License-Identifier: GPL-3.0-or-later
   Reads timeline.csv.  Each event of events.def has a function here that puts it into the
   roster of its replication. */
#include "sim/trace/timeline.h"

#include "sim/engine/check.h"
#include "sim/engine/csv.h"
#include "sim/trace/cell.h"

#include <stdio.h>
#include <string.h>

enum { TIMELINE_FAULTS_MAX = 100000 }; /* a list has room for each up to the highest */

enum timeline_about { TIMELINE_ABOUT_client, TIMELINE_ABOUT_pod, TIMELINE_ABOUT_run };

struct timeline_line {
    uint64_t replication, at, workers, fault, balancer;
    double speed, weight;
    const char *subject, *group, *zone;
};

struct timeline_reader {
    struct trace_reading *reading;
    struct csv_reader csv;
    size_t fields[TIMELINE_COLUMNS]; /* SIZE_MAX: the file has no such column */
};

static void timeline_take_client_added(struct roster *roster,
                                       const struct timeline_line *line)
{
    uint32_t client = roster_client(roster, line->subject);
    if (line->zone[0] != '\0')
        roster_home(roster, client, line->zone);
}

static void timeline_take_change(struct roster *roster, const struct timeline_line *line,
                                 enum roster_event event)
{
    uint32_t place = roster_pod(roster, line->subject);
    if (line->at != SIM_NEVER)
        roster_change(roster, (struct roster_change){(sim_time)line->at, event, place,
                                                     line->weight});
}

/* A pod that comes back keeps its place and the time when it first joined: it was down for a
   while. */
static void timeline_take_pod_added(struct roster *roster,
                                    const struct timeline_line *line)
{
    size_t known = roster->pod_count;
    uint32_t place = roster_pod(roster, line->subject);
    sim_time left = roster_life(roster, place)->left;
    if (roster->pod_count > known) {
        if (line->at != 0)
            roster_own_life(roster, place)->joined = (sim_time)line->at;
    } else if (left != SIM_NEVER) {
        roster_change(roster, (struct roster_change){left, ROSTER_DOWN, place, 0});
        timeline_take_change(roster, line, ROSTER_UP);
        roster_own_life(roster, place)->left = SIM_NEVER;
    }
    roster_set_kind(roster, place,
                    &(struct roster_kind){.group = line->group,
                                          .zone = line->zone,
                                          .speed = line->speed,
                                          .weight = line->weight,
                                          .workers = (uint32_t)line->workers});
}

static struct roster_life *timeline_life(struct roster *roster,
                                         const struct timeline_line *line)
{
    return roster_own_life(roster, roster_pod(roster, line->subject));
}

static void timeline_take_pod_removed(struct roster *roster,
                                      const struct timeline_line *line)
{
    timeline_life(roster, line)->left = (sim_time)line->at;
}

static void timeline_take_pod_down(struct roster *roster, const struct timeline_line *line)
{
    timeline_take_change(roster, line, ROSTER_DOWN);
}

static void timeline_take_pod_up(struct roster *roster, const struct timeline_line *line)
{
    timeline_take_change(roster, line, ROSTER_UP);
}

static void timeline_take_pod_weight(struct roster *roster, const struct timeline_line *line)
{
    timeline_take_change(roster, line, ROSTER_WEIGHT);
}

static void timeline_take_pod_created(struct roster *roster, const struct timeline_line *line)
{
    timeline_life(roster, line)->created = (sim_time)line->at;
}

static void timeline_take_pod_ended(struct roster *roster, const struct timeline_line *line)
{
    timeline_life(roster, line)->ended = (sim_time)line->at;
}

static void timeline_take_pod_scaled(struct roster *roster, const struct timeline_line *line)
{
    timeline_life(roster, line)->is_scaled = true;
}

static void timeline_take_fault(struct roster *roster, const struct timeline_line *line)
{
    if (line->fault > 0)
        roster_fault(roster, (uint32_t)line->fault - 1, line->subject);
}

static void timeline_take_guards(struct roster *roster, const struct timeline_line *line)
{
    roster->guards = (uint32_t)line->balancer;
}

static void timeline_take_balancer_placed(struct roster *roster,
                                          const struct timeline_line *line)
{
    if (line->balancer <= UINT16_MAX)
        roster_place(roster, (uint32_t)line->balancer, line->zone);
}

/* What no run has is passed over. */
static void timeline_take_tier(struct roster *roster, const struct timeline_line *line)
{
    bool fits = line->balancer > 0 && line->balancer <= UINT16_MAX;
    if (fits && roster->tier_count < HOPS_TIERS_MAX)
        roster_tier(roster, line->subject, (uint32_t)line->balancer);
}

static void timeline_take_tier_size(struct roster *roster, const struct timeline_line *line)
{
    for (size_t i = 0; i < roster->tier_count; i++)
        if (strcmp(roster->tiers[i].name, line->subject) == 0 && line->at != SIM_NEVER &&
            line->balancer <= roster->tiers[i].count)
            roster_tier_size(roster, i, (sim_time)line->at, (uint32_t)line->balancer);
}

static void timeline_take_moment(struct roster *roster, const struct timeline_line *line,
                                 enum roster_moment_kind kind, uint64_t number)
{
    uint32_t place = roster_pod(roster, line->subject);
    if (line->at != SIM_NEVER)
        roster_moment(roster, (struct roster_moment){(sim_time)line->at, kind, place,
                                                     (uint32_t)number});
}

/* Faults without a number, and those that nobody described, have no figures. */
static void timeline_take_episode(struct roster *roster, const struct timeline_line *line,
                                  enum roster_moment_kind kind)
{
    if (line->fault > 0 && line->fault <= roster->fault_count)
        timeline_take_moment(roster, line, kind, line->fault - 1);
}

static void timeline_take_fault_begins(struct roster *roster, const struct timeline_line *line)
{
    timeline_take_episode(roster, line, ROSTER_FAULT_BEGINS);
}

static void timeline_take_fault_ends(struct roster *roster, const struct timeline_line *line)
{
    timeline_take_episode(roster, line, ROSTER_FAULT_ENDS);
}

static void timeline_take_pod_avoided(struct roster *roster, const struct timeline_line *line)
{
    timeline_take_moment(roster, line, ROSTER_AVOIDED, line->balancer);
}

static void timeline_take_pod_trusted(struct roster *roster, const struct timeline_line *line)
{
    timeline_take_moment(roster, line, ROSTER_TRUSTED, line->balancer);
}

static void timeline_take_site_down(struct roster *roster, const struct timeline_line *line)
{
    if (line->at != SIM_NEVER)
        roster_site(roster, (sim_time)line->at, line->subject, false);
}

static void timeline_take_site_up(struct roster *roster, const struct timeline_line *line)
{
    if (line->at != SIM_NEVER)
        roster_site(roster, (sim_time)line->at, line->subject, true);
}

static void timeline_take_cut(struct roster *roster, const struct timeline_line *line)
{
    roster->cut = (sim_time)line->at;
}

static void timeline_take_measure_begin(struct roster *roster,
                                        const struct timeline_line *line)
{
    roster->measure_begin = (sim_time)line->at;
}

static void timeline_take_measure_end(struct roster *roster,
                                      const struct timeline_line *line)
{
    roster->measure_end = (sim_time)line->at;
}

static const struct {
    enum timeline_about about;
    void (*take)(struct roster *roster, const struct timeline_line *line);
} timeline_events[] = {
#define EVENT(name, about) {TIMELINE_ABOUT_##about, timeline_take_##name},
#include "sim/trace/events.def"
#undef EVENT
};

/* The text of a column; empty where the file has none. */
static const char *timeline_text(const struct timeline_reader *reader,
                                 const struct csv_row *row, enum timeline_column column,
                                 size_t *size)
{
    size_t field = reader->fields[column];
    *size = field == SIZE_MAX ? 0 : row->sizes[field];
    return field == SIZE_MAX ? "" : row->fields[field];
}

static bool timeline_fail(struct timeline_reader *reader, const struct csv_row *row,
                          enum timeline_column column, const char *expected)
{
    char quoted[CELL_QUOTED_BYTES];
    size_t size;
    const char *text = timeline_text(reader, row, column, &size);
    snprintf(reader->csv.error, sizeof reader->csv.error, "%s %s: expected %s",
             timeline_column_names[column], cell_quote(text, size, quoted), expected);
    return false;
}

static bool timeline_count(struct timeline_reader *reader, const struct csv_row *row,
                           enum timeline_column column, uint64_t limit, uint64_t *value)
{
    size_t size;
    const char *text = timeline_text(reader, row, column, &size);
    char expected[64];
    snprintf(expected, sizeof expected, "a whole number up to %llu",
             (unsigned long long)limit);
    return size == 0 || cell_count(text, size, limit, value) ||
           timeline_fail(reader, row, column, expected);
}

static bool timeline_number(struct timeline_reader *reader, const struct csv_row *row,
                            enum timeline_column column, double *value)
{
    size_t size;
    const char *text = timeline_text(reader, row, column, &size);
    return size == 0 || cell_number(text, size, value) ||
           timeline_fail(reader, row, column, "a number of at least 0");
}

static bool timeline_name(struct timeline_reader *reader, const struct csv_row *row,
                          enum timeline_column column, bool needed, const char **name)
{
    size_t size;
    *name = timeline_text(reader, row, column, &size);
    return (size == 0 && !needed) || cell_is_name(*name, size) ||
           timeline_fail(reader, row, column,
                         "a name of 1 to 256 bytes in UTF-8 without control characters");
}

static bool timeline_take_row(void *context, const struct csv_row *row)
{
    struct timeline_reader *reader = context;
    size_t size;
    uint64_t event;
    const char *word = timeline_text(reader, row, TIMELINE_EVENT, &size);
    if (!cell_word(word, size, timeline_event_names, &event))
        return true;
    bool subject = timeline_events[event].about != TIMELINE_ABOUT_run;
    struct timeline_line line = {
        .replication = 1, .at = SIM_NEVER, .speed = 1, .weight = 1};
    if (!timeline_count(reader, row, TIMELINE_REPLICATION, UINT32_MAX,
                        &line.replication) ||
        !timeline_count(reader, row, TIMELINE_AT, SIM_LONGEST, &line.at) ||
        !timeline_name(reader, row, TIMELINE_SUBJECT, subject, &line.subject) ||
        !timeline_name(reader, row, TIMELINE_GROUP, false, &line.group) ||
        !timeline_name(reader, row, TIMELINE_ZONE, false, &line.zone) ||
        !timeline_count(reader, row, TIMELINE_WORKERS, UINT32_MAX, &line.workers) ||
        !timeline_count(reader, row, TIMELINE_FAULT, TIMELINE_FAULTS_MAX, &line.fault) ||
        !timeline_count(reader, row, TIMELINE_BALANCER, UINT32_MAX, &line.balancer) ||
        !timeline_number(reader, row, TIMELINE_SPEED, &line.speed) ||
        !timeline_number(reader, row, TIMELINE_WEIGHT, &line.weight))
        return false;
    unsigned replication = (unsigned)line.replication;
    timeline_events[event].take(trace_rosters_find(reader->reading->rosters, replication),
                                &line);
    return true;
}

static bool timeline_take_header(void *context, const struct csv_row *row)
{
    struct timeline_reader *reader = context;
    for (size_t i = 0; i < TIMELINE_COLUMNS; i++)
        reader->fields[i] = SIZE_MAX;
    for (size_t i = 0; i < row->count; i++) {
        uint64_t column;
        if (cell_word(row->fields[i], row->sizes[i], timeline_column_names, &column))
            reader->fields[column] = i;
    }
    if (reader->fields[TIMELINE_EVENT] != SIZE_MAX)
        return true;
    snprintf(reader->csv.error, sizeof reader->csv.error,
             "there is no column \"event\" in the header; a timeline needs one");
    return false;
}

bool timeline_read(const char *path, struct trace_reading *reading)
{
    struct timeline_reader reader = {
        .reading = reading,
        .csv = {.header = timeline_take_header,
                .row = timeline_take_row,
                .has_header = true},
    };
    reader.csv.context = &reader;
    bool good = csv_read(path, &reader.csv);
    if (!good) {
        reading->error_line = reader.csv.error_line;
        snprintf(reading->error, sizeof reading->error, "%s", reader.csv.error);
    }
    return good;
}
