/* SPDX-License-Identifier: GPL-3.0-or-later
   What a command is: one file that defines `const struct command command_NAME`, and one line
   in commands.c. */
#ifndef SIM_CLI_COMMAND_H
#define SIM_CLI_COMMAND_H

#include "sim/cli/option.h"

#include <stddef.h>
#include <stdint.h>

enum status {
    STATUS_FINE = 0,
    STATUS_FAILED = 1,       /* internal or I/O failure */
    STATUS_USAGE = 2,        /* the command line is wrong */
    STATUS_INVALID = 3,      /* scenario or input invalid */
    STATUS_PARTIAL = 4,      /* the result is partial */
    STATUS_UNDECIDED = 98,   /* a threshold undecided within its budget */
    STATUS_MISSED = 99,      /* a threshold or comparison failed */
    STATUS_INTERRUPTED = 130, /* SIGINT; STATUS_TERMINATED: SIGTERM */
    STATUS_TERMINATED = 143,
};

enum { COMMAND_STATUSES = 10 };

struct command {
    const char *name;
    const char *summary;  /* one line: lower case, no final stop */
    const char *operands; /* as shown in usage: "SCENARIO..."; NULL: none */
    size_t operand_min, operand_max; /* SIZE_MAX: any number */
    const char *const *words; /* what the first operand may be, for help and completion; ends
                                 with NULL.  Not checked: the command says what is wrong */
    enum complete complete;   /* what the shell offers for operands */
    const struct option *const *options; /* ends with NULL; NULL: only --help */
    const char *const *examples; /* whole command lines; ends with NULL */
    const char *details;   /* further lines of help, each ending in \n; NULL: none */
    uint8_t statuses[COMMAND_STATUSES]; /* exit statuses that it can have beside 0; ends with 0 */
    int (*run)(const struct command_line *line); /* returns enum status */
};

/* NULL past the end. */
const struct command *command_at(size_t index);
const struct command *command_find(const char *name);
/* The command name nearest to `word`, or NULL. */
const char *command_nearest(const char *word);

/* What an exit status means; NULL where it has no meaning. */
const char *command_status_help(unsigned status);

extern const struct command command_run, command_compare, command_check, command_capacity;
extern const struct command command_report, command_trace, command_plot, command_import;
extern const struct command command_picks, command_churn, command_validate, command_explain;
extern const struct command command_list, command_bench, command_version, command_help;
extern const struct command command_completion;

#endif
