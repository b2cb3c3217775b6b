/* SPDX-License-Identifier: GPL-3.0-or-later
   Talk with the user: messages and notes on stderr, results on stdout.  Control characters
   of the user's words are shown as \xNN. */
#ifndef SIM_CLI_TALK_H
#define SIM_CLI_TALK_H

#include "sim/cli/command.h"
#include "sim/config/problem.h"
#include "sim/engine/output.h"

/* Prints "lbsim NAME: error: message" and the hint; command NULL: "lbsim: error: ...".  Hint
   NULL: points to --help.  Returns STATUS_USAGE. */
int talk_usage(const struct command *command, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The entry of `candidates` (ends with NULL) that the user may have meant: the only one that
   begins with `word`, else the nearest; NULL: none. */
const char *talk_nearest(const char *word, const char *const *candidates);
/* "did you mean 'nearest'?", memory from `arena`; NULL where nearest is NULL. */
const char *talk_suggestion(struct arena *arena, const char *nearest);
/* Prints "unknown WHAT 'word'" with the nearest of `words` (ends with NULL), else all of them.
   Returns STATUS_USAGE. */
int talk_unknown(const struct command *command, const char *what, const char *word,
                 const char *const *words);
/* The same for the name of a policy, with `lbsim list policies` in place of all of them. */
int talk_unknown_policy(const struct command *command, const char *word);
/* Prints "lbsim: error: message".  Returns STATUS_FAILED. */
int talk_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints "FILE:NUMBER: error: message", NUMBER a line (0: the file as a whole), and the hint;
   NULL: none.  Returns STATUS_INVALID. */
int talk_invalid(const char *file, uint64_t number, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same, saying that the file cannot be read, for an errno. */
int talk_unread(const char *file, int error);
/* Prints "lbsim: message". */
void talk_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints problems (warnings too) on stderr and frees them.  STATUS_INVALID if one of them is
   an error, else STATUS_FINE. */
int talk_problems(const struct command_line *line, struct problems *problems);

/* Whether to colour what goes to `descriptor`: --color, else terminal, NO_COLOR and TERM. */
bool talk_is_colored(const struct command_line *line, int descriptor);
/* Whether lines on `descriptor` can be drawn over: a terminal that is not dumb. */
bool talk_is_live(int descriptor);

/* Results go here. */
struct output *talk_open_stdout(void);
/* Closes an output of any kind.  STATUS_FINE, or STATUS_FAILED after naming `name`. */
int talk_close(struct output *output, const char *name);

#endif
