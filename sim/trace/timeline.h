/* SPDX-License-Identifier: GPL-3.0-or-later
   What the writer and the reader of timeline.csv share, and the rosters that reading it
   fills, one for each replication. */
#ifndef SIM_TRACE_TIMELINE_H
#define SIM_TRACE_TIMELINE_H

#include "sim/trace/roster.h"
#include "sim/trace/trace.h"

enum timeline_column {
    TIMELINE_REPLICATION,
    TIMELINE_AT,
    TIMELINE_EVENT,
    TIMELINE_SUBJECT,
    TIMELINE_GROUP,
    TIMELINE_ZONE,
    TIMELINE_WORKERS,
    TIMELINE_SPEED,
    TIMELINE_WEIGHT,
    TIMELINE_FAULT,    /* number, from 1 */
    TIMELINE_BALANCER, /* instance, from 0; of guards: how many */
    TIMELINE_COLUMNS
};

enum timeline_event {
#define EVENT(name, about) TIMELINE_IS_##name,
#include "sim/trace/events.def"
#undef EVENT
    TIMELINE_EVENTS
};

extern const char *const timeline_column_names[]; /* both end with NULL */
extern const char *const timeline_event_names[];

/* Rosters by number of replication. */
struct trace_rosters {
    struct trace_roster {
        unsigned replication;
        struct roster *roster;
    } *list;
    size_t count, room;
    char *timeline_path;
};

/* Finds the roster of a replication, or adds an empty one. */
struct roster *trace_rosters_find(struct trace_rosters *rosters, unsigned replication);

/* Columns in any order, unknown ones and unknown events ignored.  False on failure, with
   error and error_line of `reading` set. */
bool timeline_read(const char *path, struct trace_reading *reading);

#endif
