/* SPDX-License-Identifier: GPL-3.0-or-later
   A text with a name and lines: what problems point into. */
#ifndef SIM_CONFIG_SOURCE_H
#define SIM_CONFIG_SOURCE_H

#include "sim/engine/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOURCE_SIZE_LIMIT = 16 << 20 }; /* bytes */

struct source {
    const char *name; /* as shown in messages: the path, or "--set" */
    const char *base; /* folder that relative paths inside it start from; "" for the
                         current one */
    const char *bytes; /* size of them, then a NUL */
    size_t size;
};

struct problems;

/* Reads a whole file.  NULL after adding a problem: missing, a directory, too large,
   empty, not UTF-8 (with the place of the bad byte), or with a NUL byte.  Memory from
   `arena`. */
const struct source *source_read(const char *path, struct arena *arena,
                                 struct problems *problems);
/* The same checks on a text in memory. */
const struct source *source_of_text(const char *name, const char *text, size_t size,
                                    struct arena *arena, struct problems *problems);
/* Line `number` (from 1) without its end; empty past the end. */
const char *source_line(const struct source *source, uint32_t number, size_t *length);

#endif
