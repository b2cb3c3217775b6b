/* SPDX-License-Identifier: GPL-3.0-or-later
   The folder of a result: run.json, tables (metrics, replications, latency, heatmap), report.md,
   report.html, run.log.json and the traces.  It lands as a whole.  One that is there already
   is replaced without asking only if it is of the same run: what it held beside is kept then,
   as it still belongs to the figures. */
#ifndef SIM_CLI_RESULT_FOLDER_H
#define SIM_CLI_RESULT_FOLDER_H

#include "sim/cli/result.h"

#define RESULT_SWEEP "sweep.json" /* of a folder of results: what was swept */

enum result_folder_state {
    RESULT_FOLDER_FREE,    /* nothing there, or an empty folder */
    RESULT_FOLDER_SAME,    /* the same run, complete */
    RESULT_FOLDER_PARTIAL, /* the same run, partial */
    RESULT_FOLDER_OTHER,   /* another run */
    RESULT_FOLDER_FOREIGN, /* not ours */
};

/* What stands at `path`, seen from a run with result->version and result->resolved. */
enum result_folder_state result_folder_look(const char *path, const struct result *result);

/* Says that a folder without run.json is no result, of a sweep where to look.  STATUS_INVALID. */
int result_folder_refuse(const char *path);

/* How long a run took: what run.log.json holds. */
struct result_log {
    int argc;
    char **argv;
    int64_t started; /* seconds since 1970 */
    double elapsed_seconds;
    unsigned jobs;
    uint64_t requests, events;
};

/* Writes the files of a result into the folder `part`.  STATUS_FINE or STATUS_FAILED after a
   message. */
int result_folder_write(const char *part, const struct result *result,
                        const struct result_log *log);
/* Gives `part` its name; `state` is that of `path`.  As above. */
int result_folder_land(const char *part, const char *path, enum result_folder_state state);

#endif
