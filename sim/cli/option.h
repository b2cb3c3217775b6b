/* SPDX-License-Identifier: GPL-3.0-or-later
   Options: one row each, shared by all commands that know it.  Parsing, --help, bash
   completion and the tests read the same rows.  `--name VALUE` and `--name=VALUE`, `-o VALUE`
   and `-oVALUE`, letters may be bundled, `--` ends options; long names are never
   abbreviated. */
#ifndef SIM_CLI_OPTION_H
#define SIM_CLI_OPTION_H

#include "sim/engine/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command;

/* What the shell offers for a word. */
enum complete {
    COMPLETE_NOTHING,
    COMPLETE_FILE,
    COMPLETE_FOLDER,
    COMPLETE_SCENARIO, /* *.yaml, *.yml, *.json and folders */
    COMPLETE_POLICY,
    COMPLETE_COMMAND,
    COMPLETE_TOPIC,    /* whatever `explain` knows by one word */
};

struct option {
    const char *name;         /* long, without dashes */
    char letter;              /* 0: none */
    const char *argument;     /* "N" as shown in help; NULL: takes none, unless `words` */
    const char *const *words; /* the values it takes; ends with NULL.  NULL: any */
    bool repeatable;          /* each is kept; of others the last one counts */
    enum complete complete;
    const char *help;         /* one short line, lower case, no final stop */
};

struct option_given {
    const struct option *option;
    const char *value; /* NULL where it takes none */
};

/* What the user typed, sorted out. */
struct command_line {
    const struct command *command;
    const char **operands;
    size_t operand_count;
    struct option_given *given; /* in the order typed */
    size_t given_count;
    int argc;
    char **argv; /* whole, as main got it */
    struct arena arena;
};

/* Known to several commands.  A command's own rows stand in its file. */
extern const struct option option_help; /* every command has it, no table lists it */
extern const struct option option_policy, option_set, option_seed, option_replications;
extern const struct option option_duration, option_jobs, option_output, option_trace;
extern const struct option option_format; /* text json csv md */
extern const struct option option_format_json; /* text json */
extern const struct option option_quiet, option_color, option_force;
/* --jobs where it is not given: the processors that this process may use. */
unsigned option_default_jobs(void);

/* Sorts out argv[first …] by the table of line->command.  False after a message about the
   user's mistake (exit status 2). */
bool option_parse(struct command_line *line, int first);

bool option_is_given(const struct command_line *line, const struct option *option);
/* The value given last; NULL when not given. */
const char *option_value(const struct command_line *line, const struct option *option);
/* The index-th value of a repeatable option; NULL past the end. */
const char *option_value_at(const struct command_line *line, const struct option *option,
                            size_t index);
/* A whole number within [min, max] to *number, which stays as it is when the option is not
   given.  False after a message. */
bool option_number(const struct command_line *line, const struct option *option,
                   uint64_t min, uint64_t max, uint64_t *number);
/* The number of the word given in option->words; `fallback` when not given. */
size_t option_word(const struct command_line *line, const struct option *option,
                   size_t fallback);

#endif
