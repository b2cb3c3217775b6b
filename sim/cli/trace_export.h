/* SPDX-License-Identifier: GPL-3.0-or-later
   Attempts in the forms of other tools. */
#ifndef SIM_CLI_TRACE_EXPORT_H
#define SIM_CLI_TRACE_EXPORT_H

#include "sim/cli/trace_walk.h"

enum { TRACE_PERFETTO_DEFAULT = 100000, TRACE_PERFETTO_MAX = 1000000 };

/* Each walks the trace, writes, and returns enum status, after a message; *count: attempts
   that were taken. */

/* Chrome's trace format, for ui.perfetto.dev: pods as processes, their workers as threads,
   queue and requests in flight as counters.  The first `limit` attempts. */
int trace_perfetto(const char *path, const struct trace_select *select, uint64_t limit,
                   struct output *output, uint64_t *count);

/* A log of HdrHistogram, version 1.3, of latencies that count, by the time at which they
   ended; those of all replications that were selected are put together. */
int trace_hlog(const char *path, const struct trace_select *select, sim_time interval,
               struct output *output, uint64_t *count);

/* The percentile distribution of the same, in milliseconds, as HdrHistogram prints it. */
int trace_percentiles(const char *path, const struct trace_select *select,
                      struct output *output, uint64_t *count);

#endif
