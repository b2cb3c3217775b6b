/* SPDX-License-Identifier: GPL-3.0-or-later
   One histogram an interval, in memory only where it has counts, because the attempts of a
   trace are not in the order in which they ended. */
#include "sim/cli/trace_export.h"

#include "sim/cli/command.h"
#include "sim/cli/talk.h"
#include "sim/cli/version.h"
#include "sim/engine/check.h"
#include "sim/stats/hdr.h"

#include <stdlib.h>
#include <string.h>

enum { TRACE_HLOG_INTERVALS_MAX = 100000 };
#define TRACE_HLOG_TRACKABLE (3600 * SIM_SECOND) /* what readers make room for, at least */

struct trace_hlog {
    sim_time interval, largest;
    struct hdr **intervals; /* NULL: nothing ended in it */
    size_t count;
    bool too_many;
};

static bool trace_hlog_take(void *context, const struct trace_seen *seen)
{
    struct trace_hlog *log = context;
    const struct trace_row *row = seen->row;
    if (!trace_walk_counts(row))
        return true;
    size_t index = (size_t)(row->ended / log->interval);
    log->too_many = index >= TRACE_HLOG_INTERVALS_MAX;
    if (log->too_many)
        return false;
    if (index >= log->count) {
        log->intervals = memory_grow(log->intervals, index + 1, sizeof *log->intervals);
        memset(&log->intervals[log->count], 0,
               (index + 1 - log->count) * sizeof *log->intervals);
        log->count = index + 1;
    }
    if (log->intervals[index] == NULL)
        log->intervals[index] = memory_zeroed(1, sizeof **log->intervals);
    hdr_add(log->intervals[index], row->ended - row->due);
    if (row->ended - row->due > log->largest)
        log->largest = row->ended - row->due;
    return true;
}

/* Times are seconds from the start of the run, which is given as that of the epoch; the
   largest of an interval is in milliseconds. */
static void trace_hlog_write(const struct trace_hlog *log, struct output *output)
{
    output_text(output,
                "#[Logged with lbsim " LBSIM_VERSION "]\n"
                "#[Histogram log format version 1.3]\n"
                "#[StartTime: 0.000 (seconds since epoch), Thu Jan 01 00:00:00 UTC 1970]\n"
                "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                "\"Interval_Compressed_Histogram\"\n");
    sim_time trackable =
        log->largest > TRACE_HLOG_TRACKABLE ? log->largest : TRACE_HLOG_TRACKABLE;
    for (size_t i = 0; i < log->count; i++) {
        const struct hdr *hdr = log->intervals[i];
        if (hdr == NULL)
            continue;
        output_format(output, "%.3f,%.3f,%.3f,", sim_seconds((sim_time)i * log->interval),
                      sim_seconds(log->interval), (double)hdr->largest / SIM_MILLISECOND);
        hdr_encode(hdr, trackable, output);
        output_text(output, "\n");
    }
}

int trace_hlog(const char *path, const struct trace_select *select, sim_time interval,
               struct output *output, uint64_t *count)
{
    struct trace_hlog log = {.interval = interval};
    struct trace_walk walk = {.select = select, .take = trace_hlog_take, .context = &log};
    int status = trace_walk(path, &walk);
    *count = walk.count;
    if (status == STATUS_FINE && log.too_many)
        status = talk_invalid(path, 0, "choose a longer --interval, or an earlier --to",
                              "its times make more than %d intervals",
                              TRACE_HLOG_INTERVALS_MAX);
    if (status == STATUS_FINE)
        trace_hlog_write(&log, output);
    for (size_t i = 0; i < log.count; i++) {
        if (log.intervals[i] != NULL)
            hdr_free(log.intervals[i]);
        free(log.intervals[i]);
    }
    free(log.intervals);
    return status;
}

static bool trace_percentiles_take(void *context, const struct trace_seen *seen)
{
    if (trace_walk_counts(seen->row))
        hdr_add(context, seen->row->ended - seen->row->due);
    return true;
}

int trace_percentiles(const char *path, const struct trace_select *select,
                      struct output *output, uint64_t *count)
{
    struct hdr hdr = {0};
    struct trace_walk walk = {
        .select = select, .take = trace_percentiles_take, .context = &hdr};
    int status = trace_walk(path, &walk);
    *count = walk.count;
    if (status == STATUS_FINE)
        hdr_print(&hdr, (double)SIM_MILLISECOND, output);
    hdr_free(&hdr);
    return status;
}
