/* SPDX-License-Identifier: GPL-3.0-or-later
   An experiment is an array of trials (cell, policy, replication -> tally); cells are the
   scenarios of it, often one.  Threads take the next trial, results land in place, reports
   are made in order: output does not depend on the number of threads. */
#ifndef SIM_CLI_EXPERIMENT_H
#define SIM_CLI_EXPERIMENT_H

#include "models/scenario.h"
#include "sim/cli/watch.h"
#include "sim/report/report.h"

#include <stdatomic.h>

/* What became of one policy. */
struct experiment_policy {
    uint64_t replications; /* finished; without one there is no report of it */
    uint64_t requests, rows, events; /* in those */
};

/* One scenario of an experiment, and where its figures go. */
struct experiment_cell {
    const struct scenario *scenario;
    const struct param_list *policies; /* of struct param_kind */
    uint64_t replications; /* of each policy; with `extend` those that it begins with */
    /* Called when all replications so far are in the report: raises, for the policies that
       need more, wanted[policy] up to `replications_max`, and says whether it did.  NULL: no
       more are made. */
    bool (*extend)(void *rule, const struct report *report, uint64_t *wanted);
    void *rule;
    uint64_t replications_max;
    const char *trace_folder; /* gets LABEL/trace.csv.zst and timeline.csv; NULL: no traces.
                                 With traces one thread does all trials of a policy. */
    const char *replay;       /* command that repeats the run, for messages */
    struct report *report;    /* a zeroed one, to be filled */
    struct experiment_policy *outcomes; /* of each policy, to be filled */
};

struct experiment {
    const struct experiment_cell *cells;
    size_t cell_count;
    unsigned jobs;     /* threads, at least 1 */
    atomic_bool *stop; /* ends it early when set; set here when a trace fails */
    /* Called by the thread that runs the experiment about ten times a second.  NULL: nobody
       looks on. */
    void (*progress)(void *context, const struct watch_view *view);
    void *context;
};

/* Runs all trials of all cells and fills their reports.  False, with a message, when a trace
   cannot be written. */
bool experiment_run(const struct experiment *experiment, char *message, size_t size);

#endif
