/* SPDX-License-Identifier: GPL-3.0-or-later
   The two files of one policy's trace. */
#ifndef SIM_CLI_EXPERIMENT_TRACE_H
#define SIM_CLI_EXPERIMENT_TRACE_H

#include "sim/cli/trace_file.h"

struct experiment_trace {
    struct trace_file *rows;
    struct output *timeline;
    char *rows_path, *timeline_path;
};

/* Opens FOLDER/LABEL/trace.csv.zst, with columns for the hops of so many tiers, and
   timeline.csv.  False after a message; then there is
   nothing to close. */
bool experiment_trace_open(struct experiment_trace *trace, const char *folder,
                           const char *label, size_t tiers, char *message, size_t size);
/* Ends a replication, before its roster goes; its timeline is written if it is `whole`. */
void experiment_trace_end(struct experiment_trace *trace, const struct roster *roster,
                          unsigned replication, bool whole);
/* False after a message if either file has failed so far. */
bool experiment_trace_check(const struct experiment_trace *trace, char *message, size_t size);
/* Closes both; they stay if `keep`.  False after a message. */
bool experiment_trace_close(struct experiment_trace *trace, bool keep, char *message,
                            size_t size);

#endif
