/* SPDX-License-Identifier: GPL-3.0-or-later
   Opening, checking and closing, each with the file's name in the message. */
#include "sim/cli/experiment_trace.h"

#include "sim/cli/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool experiment_trace_fail(const char *path, int error, char *message, size_t size)
{
    snprintf(message, size, "cannot write '%s': %s", path, strerror(error));
    return false;
}

static void experiment_trace_free(struct experiment_trace *trace)
{
    free(trace->rows_path);
    free(trace->timeline_path);
    *trace = (struct experiment_trace){0};
}

bool experiment_trace_open(struct experiment_trace *trace, const char *folder,
                           const char *label, size_t tiers, char *message, size_t size)
{
    char *home = folder_path(folder, label);
    int error = folder_make(home);
    trace->rows_path = folder_path(home, "trace.csv.zst");
    trace->timeline_path = folder_path(home, "timeline.csv");
    free(home);
    trace->rows = error ? NULL : trace_file_open(trace->rows_path, tiers);
    trace->timeline = trace->rows ? output_to_file(trace->timeline_path) : NULL;
    if (trace->timeline) {
        timeline_write_header(trace->timeline);
        return true;
    }
    error = error ? error : errno;
    if (trace->rows)
        trace_file_close(trace->rows, false);
    experiment_trace_fail(trace->rows_path, error, message, size);
    experiment_trace_free(trace);
    return false;
}

void experiment_trace_end(struct experiment_trace *trace, const struct roster *roster,
                          unsigned replication, bool whole)
{
    trace_file_settle(trace->rows);
    if (whole)
        timeline_write(trace->timeline, roster, replication);
}

bool experiment_trace_check(const struct experiment_trace *trace, char *message, size_t size)
{
    if (trace_file_error(trace->rows))
        return experiment_trace_fail(trace->rows_path, trace_file_error(trace->rows), message,
                                     size);
    if (output_error(trace->timeline))
        return experiment_trace_fail(trace->timeline_path, output_error(trace->timeline),
                                     message, size);
    return true;
}

bool experiment_trace_close(struct experiment_trace *trace, bool keep, char *message,
                            size_t size)
{
    int rows = trace_file_close(trace->rows, keep);
    int timeline = output_close(trace->timeline, keep);
    bool fine = !rows && !timeline;
    if (keep && !fine)
        experiment_trace_fail(rows ? trace->rows_path : trace->timeline_path,
                              rows ? rows : timeline, message, size);
    experiment_trace_free(trace);
    return fine || !keep;
}
