/* SPDX-License-Identifier: GPL-3.0-or-later
   A tree of minima over keys and the order of coming.  The largest key and the last order
   together would read as absent, so the order stops short of it. */
#include "models/blocks/fifo_tree.h"

#include <string.h>

void fifo_tree_init(struct fifo_tree *fifo, uint32_t capacity, struct arena *arena)
{
    least_tree_init(&fifo->tree, capacity, arena);
    fifo->spare = arena_take(arena, capacity, sizeof *fifo->spare);
    fifo->capacity = capacity;
}

/* After four thousand million insertions: each one's rank becomes its order. */
static void fifo_tree_renumber(struct fifo_tree *fifo)
{
    uint32_t count = fifo->capacity;
    memcpy(fifo->spare, fifo->tree.values + fifo->tree.leaves, count * sizeof *fifo->spare);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t value = fifo->spare[i], rank = 0;
        for (uint32_t j = 0; j < count; j++)
            rank += fifo->spare[j] < value;
        if (value != LEAST_TREE_ABSENT)
            least_tree_set(&fifo->tree, i, (value & ~(uint64_t)UINT32_MAX) | rank);
    }
    fifo->next = count;
}

void fifo_tree_insert(struct fifo_tree *fifo, backend_id backend, uint32_t key)
{
    if (fifo->next == UINT32_MAX)
        fifo_tree_renumber(fifo);
    least_tree_set(&fifo->tree, backend, (uint64_t)key << 32 | fifo->next++);
}

void fifo_tree_remove(struct fifo_tree *fifo, backend_id backend)
{
    least_tree_set(&fifo->tree, backend, LEAST_TREE_ABSENT);
}
