/* SPDX-License-Identifier: GPL-3.0-or-later
   One scenario from its file to its results: the steps of `lbsim run`. */
#ifndef SIM_CLI_RUN_H
#define SIM_CLI_RUN_H

#include "sim/cli/experiment.h"
#include "sim/cli/load.h"
#include "sim/cli/result_folder.h"

struct interrupt;

/* What holds for all scenarios of one command. */
struct run_order {
    const struct command_line *line;
    const char *folder; /* results go to FOLDER/SCENARIO; NULL: JSON to stdout, no files */
    unsigned jobs;
    enum report_format format;
    bool traces, force, quiet;
    bool decides; /* adds replications while expectations are undecided */
    const struct result *baseline; /* stored; NULL: none */
    struct interrupt *interrupt;
};

struct run {
    struct loaded loaded;
    struct result result;
    struct verdict_list verdicts;
    struct output *resolved; /* holds result.resolved */
    char *folder;            /* where it lands; NULL: nowhere */
    enum result_folder_state state; /* of that folder before */
    char *part;              /* the folder while it is filled; NULL: none */
    char *made;              /* the topmost folder that was made above it; NULL: none */
};

/* These return an exit status, STATUS_FINE or one after messages. */

/* Loads and resolves.  Unless it is fine, there is nothing to free. */
int run_prepare(const struct run_order *order, const char *path, struct run *run);
/* Refuses a folder that may not be replaced. */
int run_look(const struct run_order *order, struct run *run);
/* Simulates only: fills run->result, and what `log` says of requests, events and time. */
int run_measure(const struct run_order *order, struct run *run, struct result_log *log);
/* Simulates, writes the folder, prints the table: the `index`-th of the command. */
int run_simulate(const struct run_order *order, struct run *run, size_t index);
/* STATUS_MISSED, STATUS_UNDECIDED or STATUS_FINE. */
int run_verdict_status(const struct verdict_list *verdicts);
void run_free(struct run *run);

#endif
