/* SPDX-License-Identifier: GPL-3.0-or-later
   A complete binary tree in one array, each node the lesser of its children. */
#include "sim/engine/least_tree.h"

#include "sim/engine/check.h"

#include <string.h>

void least_tree_init(struct least_tree *tree, uint32_t count, struct arena *arena)
{
    tree->leaves = 1;
    while (tree->leaves < count)
        tree->leaves *= 2;
    tree->values = arena_take(arena, 2 * (size_t)tree->leaves, sizeof *tree->values);
    memset(tree->values, 0xff, 2 * (size_t)tree->leaves * sizeof *tree->values);
}

void least_tree_set(struct least_tree *tree, uint32_t index, uint64_t value)
{
    uint64_t *values = tree->values;
    uint32_t node = tree->leaves + index;
    values[node] = value;
    while (node > 1) {
        node /= 2;
        uint64_t left = values[2 * node], right = values[2 * node + 1];
        uint64_t least = left < right ? left : right;
        if (values[node] == least)
            return;
        values[node] = least;
    }
}

uint32_t least_tree_find(const struct least_tree *tree, uint32_t from)
{
    const uint64_t *values = tree->values;
    uint64_t least = values[1];
    CHECK(least != LEAST_TREE_ABSENT);
    uint32_t node = tree->leaves + (from < tree->leaves ? from : 0);
    /* Up until a subtree that begins at or after `from` holds the least, then down its left
       edge. */
    while (values[node] != least) {
        while (node & 1 && node > 1)
            node /= 2;
        if (node <= 1) {
            node = 1;
            break;
        }
        node++;
    }
    while (node < tree->leaves) {
        node *= 2;
        if (values[node] != least)
            node++;
    }
    return node - tree->leaves;
}
