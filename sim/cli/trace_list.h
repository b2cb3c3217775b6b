/* SPDX-License-Identifier: GPL-3.0-or-later
   Attempts as a table, as CSV (a trace again) or as JSON, one a line. */
#ifndef SIM_CLI_TRACE_LIST_H
#define SIM_CLI_TRACE_LIST_H

#include "sim/cli/trace_walk.h"

enum trace_list_format { TRACE_LIST_TEXT, TRACE_LIST_CSV, TRACE_LIST_JSON };

enum { TRACE_LIST_SLOWEST_MAX = 1000000 };

struct trace_list_order {
    enum trace_list_format format;
    uint64_t limit;   /* at most so many */
    uint64_t slowest; /* those with the longest latency, longest first; 0: all, as they come */
};

/* Walks the trace and prints.  Returns enum status, after a message. */
int trace_list(const char *path, const struct trace_select *select,
               const struct trace_list_order *order, struct output *output, uint64_t *count);

#endif
