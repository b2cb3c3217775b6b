/* SPDX-License-Identifier: GPL-3.0-or-later
   Where the traces of a result are. */
#ifndef SIM_CLI_TRACE_FIND_H
#define SIM_CLI_TRACE_FIND_H

#include "sim/cli/command.h"

#define TRACE_FIND_FILE "trace.csv.zst"

/* The trace of a policy in a folder of results, to be freed; NULL where it kept none. */
char *trace_find_of(const char *folder, const char *label);

/* Whether a path is named as scenarios are; STATUS_INVALID after saying that none is wanted. */
bool trace_find_is_scenario(const char *path);
int trace_find_refuse_scenario(const char *path);

/* The one trace that a path and a policy (NULL: the only one that kept its trace) mean: of a
   folder of results, its run.json, the folder of a policy, or a trace itself.  To be freed;
   NULL and *status after a message. */
char *trace_find(const struct command_line *line, const char *path, const char *policy,
                 int *status);

#endif
