/* SPDX-License-Identifier: GPL-3.0-or-later
   A report made again from the rows of a trace. */
#ifndef SIM_CLI_TRACE_REPORT_H
#define SIM_CLI_TRACE_REPORT_H

#include "sim/report/report.h"

/* Adds the measures of the trace at `path` as those of `policy`: of its first `limit`
   replications (0: of all).  The number of replications found, or 0 after writing one line to
   `message`, which names the file. */
size_t trace_report_add(struct report *report, const char *policy, const char *path,
                        uint64_t limit, char *message, size_t size);

#endif
