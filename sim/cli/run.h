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
    /* In place of the usual rule, as struct experiment_cell has it; NULL: the usual one. */
    bool (*extend)(void *rule, const struct report *report, uint64_t *wanted);
    void *rule;
    const struct result *baseline; /* stored; NULL: none */
    struct interrupt *interrupt;
};

struct run {
    struct loaded loaded;
    struct result result;
    struct verdict_list verdicts;
    uint64_t requests, events; /* simulated */
    struct output *resolved; /* holds result.resolved */
    char *folder;            /* where it lands; NULL: nowhere */
    enum result_folder_state state; /* of that folder before */
    char *part;              /* the folder while it is filled; NULL: none */
    char *made;              /* the topmost folder that was made above it; NULL: none */
};

/* These return an exit status, STATUS_FINE or one after messages. */

/* Loads and resolves.  Unless it is fine, there is nothing to free. */
int run_prepare(const struct run_order *order, const char *path, struct run *run);
/* The same of a scenario that was loaded before, with further settings. */
int run_prepare_with(const struct run_order *order, const char *path,
                     const struct load_further *further, struct run *run);
/* Refuses a folder that may not be replaced. */
int run_look(const struct run_order *order, struct run *run);
/* Simulates only: fills the results of `count` runs, all at once on the same threads. */
int run_measure(const struct run_order *order, struct run *runs, size_t count,
                double *elapsed_seconds);
/* Makes run->part, the folder under its hidden name, and lets a second Ctrl-C know of it; and
   forgets it again, removing it unless it has landed. */
int run_open_part(const struct run_order *order, struct run *run);
void run_drop_part(const struct run_order *order, struct run *run, bool landed);
/* Simulates, writes the folder, prints the table: the `index`-th of the command. */
int run_simulate(const struct run_order *order, struct run *run, size_t index);
/* STATUS_MISSED, STATUS_UNDECIDED or STATUS_FINE. */
int run_verdict_status(const struct verdict_list *verdicts);
void run_free(struct run *run);

#endif
