/* SPDX-License-Identifier: GPL-3.0-or-later
   Backends in order of a key, first come first served within a key, as HAProxy's trees keep
   its servers.  All verbs take O(log n). */
#ifndef MODELS_BLOCKS_FIFO_TREE_H
#define MODELS_BLOCKS_FIFO_TREE_H

#include "models/policy.h"
#include "sim/engine/least_tree.h"

struct fifo_tree {
    struct least_tree tree; /* key << 32 | order of coming */
    uint64_t *spare;
    uint32_t capacity, next;
};

/* Empty. */
void fifo_tree_init(struct fifo_tree *fifo, uint32_t capacity, struct arena *arena);
/* Behind all others of this key; takes it out first if it is in. */
void fifo_tree_insert(struct fifo_tree *fifo, backend_id backend, uint32_t key);
void fifo_tree_remove(struct fifo_tree *fifo, backend_id backend);

static inline bool fifo_tree_is_empty(const struct fifo_tree *fifo)
{
    return least_tree_value(&fifo->tree) == LEAST_TREE_ABSENT;
}

/* The two below: not of an empty tree. */
static inline uint32_t fifo_tree_least_key(const struct fifo_tree *fifo)
{
    return (uint32_t)(least_tree_value(&fifo->tree) >> 32);
}

static inline backend_id fifo_tree_first(const struct fifo_tree *fifo)
{
    return least_tree_find(&fifo->tree, 0);
}

#endif
