/* SPDX-License-Identifier: GPL-3.0-or-later
   The least of n values, and who among equals by position: a tree of minima over an array.
   Setting a value and finding the first least one from a position on take O(log n). */
#ifndef SIM_ENGINE_LEAST_TREE_H
#define SIM_ENGINE_LEAST_TREE_H

#include "sim/engine/arena.h"

#include <stdint.h>

#define LEAST_TREE_ABSENT UINT64_MAX

struct least_tree {
    uint64_t *values; /* 2 * leaves; children of i at 2 i and 2 i + 1, leaf k at leaves + k */
    uint32_t leaves;  /* a power of two */
};

/* All `count` values absent. */
void least_tree_init(struct least_tree *tree, uint32_t count, struct arena *arena);
void least_tree_set(struct least_tree *tree, uint32_t index, uint64_t value);

static inline uint64_t least_tree_value(const struct least_tree *tree)
{
    return tree->values[1];
}

/* The first index >= from with the least value, going round at the end; one must be
   present. */
uint32_t least_tree_find(const struct least_tree *tree, uint32_t from);

#endif
