/* SPDX-License-Identifier: GPL-3.0-or-later
   The user's mistakes: collected with place and hint, printed together. */
#ifndef SIM_CONFIG_PROBLEM_H
#define SIM_CONFIG_PROBLEM_H

#include "sim/config/source.h"
#include "sim/engine/arena.h"
#include "sim/engine/output.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROBLEM_LIMIT = 20, /* printed, the first by place; further ones are only counted */
    PROBLEM_KEPT = 1000 /* the first met: those that are printed are chosen from them */
};

/* A place in a source: lines and columns from 1, columns in characters.  Source NULL: no
   place.  Line 0: the source as a whole. */
struct mark {
    const struct source *source;
    uint32_t line, column, length;
};

struct problem {
    struct mark mark;
    const char *message; /* "unknown key 'ratee'": lower case, no final stop */
    const char *hint;    /* what would work; NULL: none */
    bool warning;
};

struct problems {
    struct arena arena;    /* owns the items and their texts */
    struct problem *items; /* in the order in which they were met */
    size_t count, room;    /* kept, and how many fit */
    size_t errors;         /* all errors met, kept or not */
    size_t latest;         /* 1 + index of the item added last; 0: it was not kept */
};

/* Adds an error.  Control characters and bidirectional marks of the user's words are
   shown as \xNN. */
void problem_add(struct problems *problems, struct mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Gives the problem added last its hint. */
void problem_hint(struct problems *problems, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds a warning: printed, not counted as an error. */
void problem_warn(struct problems *problems, struct mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints each as
     file:line:col: error: message
        14 | source line
           |    ^~~~
     hint: what would work
   in the order of their places, then the number of errors left out; warnings only where
   errors leave room for them; coloured if asked. */
void problems_print(const struct problems *problems, struct output *output, bool color);
void problems_free(struct problems *problems);

/* The entry of `candidates` (ends with NULL) nearest to `word` by edit distance, if near
   enough to be meant (at most a third of its length, at least 1), else NULL. */
const char *problem_nearest(const char *word, const char *const *candidates);

#endif
