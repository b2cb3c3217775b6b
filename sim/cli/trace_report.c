/* SPDX-License-Identifier: GPL-3.0-or-later
   One tally for each replication, as when the run was made. */
#include "sim/cli/trace_report.h"

#include "sim/engine/check.h"
#include "sim/trace/trace.h"

#include <stdio.h>
#include <stdlib.h>

struct trace_report {
    struct tally **tallies;
    size_t count, room;
    uint64_t limit;
    bool skips; /* the replication now read is above the limit */
};

static void trace_report_begin(void *context, unsigned replication, struct roster *roster)
{
    struct trace_report *made = context;
    made->skips = made->limit && replication > made->limit;
    if (made->skips)
        return;
    if (made->count > 0)
        tally_close(made->tallies[made->count - 1]);
    if (made->count == made->room) {
        made->room = made->room ? made->room * 2 : 16;
        made->tallies = memory_grow(made->tallies, made->room, sizeof(struct tally *));
    }
    made->tallies[made->count++] = tally_open(roster);
    if (made->count == 1)
        tally_divide(made->tallies[0]);
}

static void trace_report_hopped(void *context, const struct trace_row *rows,
                                const struct trace_hops *hops, size_t count)
{
    struct trace_report *made = context;
    if (!made->skips)
        tally_hopped(made->tallies[made->count - 1], rows, hops, count);
}

static void trace_report_rows(void *context, const struct trace_row *rows, size_t count)
{
    trace_report_hopped(context, rows, NULL, count);
}

static void trace_report_begin_again(void *context, unsigned replication,
                                     struct roster *roster)
{
    (void)context, (void)replication, (void)roster;
}

static void trace_report_rows_again(void *context, const struct trace_row *rows, size_t count)
{
    const struct trace_report *made = context;
    tally_divide_again(made->tallies[0], rows, count);
}

/* Only now is it known from when to when a trace without a timeline is.  What cannot be read
   twice has no sections. */
static void trace_report_divide(struct trace_report *made, const char *path)
{
    struct trace_reading again = {.begin = trace_report_begin_again,
                                  .rows = trace_report_rows_again,
                                  .context = made};
    trace_read(path, &again);
    trace_reading_free(&again);
}

static void trace_report_explain(const struct trace_reading *reading, const char *path,
                                 const char *message, struct trace_report_fault *fault)
{
    const char *about = reading->error_path ? reading->error_path : path;
    snprintf(fault->file, sizeof fault->file, "%s", about);
    snprintf(fault->message, sizeof fault->message, "%s", message);
    fault->line = reading->error_line;
}

size_t trace_report_add(struct report *report, const char *policy, const char *path,
                        uint64_t limit, struct trace_report_fault *fault)
{
    struct trace_report made = {.limit = limit};
    struct trace_reading reading = {
        .begin = trace_report_begin,
        .rows = trace_report_rows,
        .hopped = trace_report_hopped,
        .context = &made,
    };
    bool fine = trace_read(path, &reading);
    if (!fine)
        trace_report_explain(&reading, path, reading.error, fault);
    else if (made.count == 0)
        trace_report_explain(&reading, path, "the trace has no rows", fault);
    else if (made.count == 1 && !reading.has_timeline)
        trace_report_divide(&made, path);
    if (fine && made.count > 0)
        report_add_policy(report, policy, made.tallies, made.count);
    for (size_t i = 0; i < made.count; i++)
        tally_free(made.tallies[i]);
    free(made.tallies);
    trace_reading_free(&reading);
    return fine ? made.count : 0;
}
