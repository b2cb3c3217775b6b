/* SPDX-License-Identifier: GPL-3.0-or-later
   A report made again from the rows of a trace. */
#ifndef SIM_CLI_TRACE_REPORT_H
#define SIM_CLI_TRACE_REPORT_H

#include "sim/report/report.h"

/* What is wrong with a trace, and where. */
struct trace_report_fault {
    char file[4096]; /* the trace, or the timeline beside it */
    uint64_t line;   /* 0: the file as a whole */
    char message[256];
};

/* Adds the measures of the trace at `path` as those of `policy`: of its first `limit`
   replications (0: of all).  The number of replications found, or 0 after filling `fault`. */
size_t trace_report_add(struct report *report, const char *policy, const char *path,
                        uint64_t limit, struct trace_report_fault *fault);

#endif
