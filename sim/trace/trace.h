/* SPDX-License-Identifier: GPL-3.0-or-later
   Traces on disk: trace.csv.zst with one line per attempt, and beside it timeline.csv with
   what else happened (pods joining and leaving, the measured window).  Columns are one
   list, columns.def, with hops.def behind it
   where a request has more of a way.  Numbers are integers, words need no quotes. */
#ifndef SIM_TRACE_TRACE_H
#define SIM_TRACE_TRACE_H

#include "sim/engine/output.h"
#include "sim/engine/pack.h"
#include "sim/trace/hops.h"
#include "sim/trace/roster.h"
#include "sim/trace/row.h"

#include <stdbool.h>
#include <stddef.h>

/* Takes rows as a run makes them, at most TRACE_BLOCK_ROWS at a time. */
struct trace_sink {
    void (*rows)(void *context, const struct trace_row *rows, size_t count);
    void *context;
};

/* The same with the hops of each row. */
typedef void trace_hopped(void *context, const struct trace_row *rows,
                          const struct trace_hops *hops, size_t count);

/* One column of a trace, in the order of writing; NULL past the end. */
struct trace_column {
    const char *name, *unit; /* "ns", "B" or "" */
    const char *help;
};
const struct trace_column *trace_column_at(size_t index);

/* Writes the header line, then rows.  `replication` counts from 1. */
void trace_write_header(struct output *output);
/* The same with the hops of so many tiers, which the roster knows when rows are written. */
void trace_write_header_hopped(struct output *output, size_t tiers);
void trace_write_hopped(struct output *output, const struct roster *roster,
                        unsigned replication, const struct trace_row *rows,
                        const struct trace_hops *hops, size_t count);
void trace_write_rows(struct output *output, const struct roster *roster,
                      unsigned replication, const struct trace_row *rows, size_t count);

/* What lines of a replication say beside their rows, until roster_free. */
struct trace_names {
    const struct roster_cell *clients, *pods; /* those that there are by now */
    size_t client_count, pod_count, tiers;
    unsigned replication;
};
struct trace_names trace_names_of(const struct roster *roster, unsigned replication);

enum {
    TRACE_LINE_BYTES = 2048, /* of one line, at most */
    TRACE_LINE_MATCHES = 64  /* in one line, at most */
};

/* Lines, and what each has in common with the line before it. */
struct trace_text {
    char *bytes; /* with room for as many lines as there are rows, and one more */
    size_t size;
    struct pack_match *matches; /* likewise */
    size_t match_count;
};

/* Makes the lines of one row or more, by any thread.  hops NULL: they have none. */
void trace_write_text(struct trace_text *text, const struct trace_names *names,
                      const struct trace_row *rows, const struct trace_hops *hops,
                      size_t count);

void timeline_write_header(struct output *output);
void timeline_write(struct output *output, const struct roster *roster,
                    unsigned replication);

/* Receives a trace as it is read: rows of one replication at a time, in file order, their
   numbers rising.  `begin` comes before the first row of each replication with the roster
   as known then (it grows with the rows).  Zero the struct, set the first three members. */
struct trace_reading {
    void (*begin)(void *context, unsigned replication, struct roster *roster);
    void (*rows)(void *context, const struct trace_row *rows, size_t count);
    void *context;
    /* In place of `rows`, where the trace has hops; NULL: nobody asks for them. */
    trace_hopped *hopped;
    bool enough;            /* set by `rows`: nothing further is read, which is no failure */
    bool has_timeline;      /* set: timeline.csv stood beside the trace */
    const char *error_path; /* on failure: the file that it is about, trace or timeline */
    uint64_t error_line;    /* 0: not about a line */
    char error[256];
    struct trace_rosters *rosters; /* all that `begin` saw, until trace_reading_free */
};

/* Reads PATH (plain or zstd CSV; columns in any order, unknown ones ignored, missing ones
   refused unless they have a default) and the timeline beside it.  False on failure; rows
   of the lines before the failure may have been handed on. */
bool trace_read(const char *path, struct trace_reading *reading);
/* Frees the rosters, whether reading failed or not. */
void trace_reading_free(struct trace_reading *reading);

#endif
