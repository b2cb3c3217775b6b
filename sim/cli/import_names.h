/* SPDX-License-Identifier: GPL-3.0-or-later
   Texts numbered in order of first appearance, and how often each was met. */
#ifndef SIM_CLI_IMPORT_NAMES_H
#define SIM_CLI_IMPORT_NAMES_H

#include "sim/engine/arena.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes within a line, not NUL-terminated. */
struct import_text {
    const char *at;
    size_t size;
};

/* A zeroed struct is empty. */
struct import_names {
    struct import_name {
        const char *text;
        size_t size;
        uint64_t hash, count;
    } *items;
    size_t count, room;
    uint32_t *slots; /* item + 1, or 0; slot_count is a power of two */
    size_t slot_count;
    struct arena arena;
};

uint32_t import_names_add(struct import_names *names, struct import_text text);
void import_names_free(struct import_names *names);

#endif
