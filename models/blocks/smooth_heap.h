/* SPDX-License-Identifier: GPL-3.0-or-later
   Smooth weighted round robin over a set that stays the same, in less than a visit to each: of
   members with equal weights, which all gain alike, the one with the most stays it until it
   wins.  So each weight has a heap, and a turn compares their tops.  The picks are those of
   smooth.h. */
#ifndef MODELS_BLOCKS_SMOOTH_HEAP_H
#define MODELS_BLOCKS_SMOOTH_HEAP_H

#include "models/blocks/smooth.h"

struct smooth_heap_item {
    int64_t weight, base; /* its current weight is base + weight * turns */
    backend_id backend;
};

struct smooth_heap_class {
    uint32_t begin, count; /* of the items of one weight */
};

struct smooth_heap {
    struct smooth_heap_item *items;
    struct smooth_heap_class *classes;
    uint32_t count, class_count; /* 0: not in use */
    int64_t turns, total;
};

void smooth_heap_init(struct smooth_heap *heap, uint32_t capacity, struct arena *arena);
/* Takes over all of the first `count` backends that have a weight; each must have it whole. */
void smooth_heap_fill(struct smooth_heap *heap, const struct smooth *smooth, uint32_t count);
/* One turn. */
backend_id smooth_heap_take(struct smooth_heap *heap);
/* Gives current weights back, and is not in use any more. */
void smooth_heap_settle(struct smooth_heap *heap, struct smooth *smooth);

#endif
