/* SPDX-License-Identifier: GPL-3.0-or-later
   What `lbsim run` says beside the figures. */
#ifndef SIM_CLI_RUN_NOTE_H
#define SIM_CLI_RUN_NOTE_H

#include "sim/cli/run.h"
#include "sim/cli/stopping.h"

/* Warnings and verdicts to stand under the table, in run->result.arena; ends with NULL.
   `replications`: of each policy, as the scenario has it, or as the rule begins with. */
const char **run_note_list(struct run *run, const struct stopping *stopping,
                           uint64_t replications);
/* One line on stderr: where the files are, how much was simulated, how fast. */
void run_note_end(const struct run *run, const struct result_log *log);
/* The command that repeats the run on one thread, to be freed. */
char *run_note_replay(const struct command_line *line, const char *path);

#endif
