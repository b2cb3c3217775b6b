/* SPDX-License-Identifier: GPL-3.0-or-later
   What `compare` and `check` look at: a stored result, or a scenario that is simulated in
   memory.  Folders and run.json are results, all else is a scenario. */
#ifndef SIM_CLI_SUBJECT_H
#define SIM_CLI_SUBJECT_H

#include "sim/cli/run.h"

struct subject {
    const char *path;
    bool is_run;
    struct run run;     /* of a scenario */
    struct result read; /* of a stored result */
};

/* These return an exit status, STATUS_FINE or one after messages. */

/* Reads a result with the values of its replications, or loads a scenario.  Unless it is
   fine, there is nothing to free. */
int subject_load(const struct run_order *order, const char *path, struct subject *subject);
/* Simulates a scenario. */
int subject_measure(const struct run_order *order, struct subject *subject);
struct result *subject_result(struct subject *subject);
void subject_free(struct subject *subject);

/* The labels of its policies, before or after it is simulated; ends with NULL. */
const char *const *subject_labels(const struct subject *subject, struct arena *arena);

/* Refuses options that only change a simulation, where none of `subjects` is one. */
int subject_check_options(const struct command_line *line, const struct subject *subjects,
                          size_t count);

/* Whether a path is that of a result. */
bool subject_is_result(const char *path);
/* Reads a stored result with the values of its replications.  As above. */
int subject_read(const char *path, struct result *result);
/* The run.json of a result, to be freed. */
char *subject_file(const char *path);

#endif
