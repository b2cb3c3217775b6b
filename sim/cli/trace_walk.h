/* SPDX-License-Identifier: GPL-3.0-or-later
   Reads a trace and hands on the attempts that were asked for, one by one, in file order; it
   keeps none, so memory does not grow with the trace. */
#ifndef SIM_CLI_TRACE_WALK_H
#define SIM_CLI_TRACE_WALK_H

#include "sim/trace/trace.h"

/* Which attempts; zeroed but for `to` (SIM_NEVER): all. */
struct trace_select {
    sim_time from, to;    /* due at `from` or later, before `to` */
    uint64_t replication; /* 0: of all */
    unsigned outcomes;    /* bits by enum outcome; 0: any */
    unsigned phases;      /* bits by enum phase; 0: any */
    const char **pods;    /* names of pods or of groups of them; ends with NULL; NULL: any */
    const char **clients; /* likewise, of client groups */
};

struct trace_seen {
    const struct trace_row *row;
    unsigned replication;
    const struct trace_hops *hops; /* NULL: the trace has none */
    const struct roster *roster; /* valid until `finish` has returned */
};

struct trace_walk {
    const struct trace_select *select;
    bool (*take)(void *context, const struct trace_seen *seen); /* false: enough was seen */
    void (*finish)(void *context); /* all was read; may be NULL.  Not called on failure */
    void *context;
    uint64_t count; /* that were taken */
};

/* Returns enum status, after a message. */
int trace_walk(const char *path, struct trace_walk *walk);

/* The end of a stage for the client: what a pod did after that is no part of the latency. */
static inline sim_time trace_walk_clip(const struct trace_row *row, sim_time stage)
{
    return stage < row->ended ? stage : row->ended;
}

/* Whether a row's latency counts as `lbsim report` counts: the deciding attempt of a request
   that was answered or given up. */
static inline bool trace_walk_counts(const struct trace_row *row)
{
    return row->last && (row->outcome == OUTCOME_OK || row->outcome == OUTCOME_TIMEOUT ||
                         row->outcome == OUTCOME_QUEUE_TIMEOUT);
}

#endif
