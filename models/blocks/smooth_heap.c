/* SPDX-License-Identifier: GPL-3.0-or-later
   Heaps of members by weight, whoever has the most on top, the earlier of equals first. */
#include "models/blocks/smooth_heap.h"

#include <stdlib.h>

void smooth_heap_init(struct smooth_heap *heap, uint32_t capacity, struct arena *arena)
{
    *heap = (struct smooth_heap){
        .items = arena_take(arena, capacity, sizeof *heap->items),
        .classes = arena_take(arena, capacity, sizeof *heap->classes),
    };
}

/* Of one weight. */
static bool smooth_heap_before(const struct smooth_heap_item *a, const struct smooth_heap_item *b)
{
    return a->base > b->base || (a->base == b->base && a->backend < b->backend);
}

static int smooth_heap_compare(const void *left, const void *right)
{
    const struct smooth_heap_item *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return smooth_heap_before(a, b) ? -1 : 1;
}

/* What is sorted is a heap. */
void smooth_heap_fill(struct smooth_heap *heap, const struct smooth *smooth, uint32_t count)
{
    heap->count = heap->class_count = 0;
    heap->turns = heap->total = 0;
    for (backend_id i = 0; i < count; i++) {
        if (smooth->weight[i] == 0)
            continue;
        heap->total += smooth->weight[i];
        heap->items[heap->count++] =
            (struct smooth_heap_item){smooth->weight[i], smooth->current[i], i};
    }
    if (heap->count > 0)
        qsort(heap->items, heap->count, sizeof *heap->items, smooth_heap_compare);
    for (uint32_t i = 0; i < heap->count; i++) {
        if (i == 0 || heap->items[i].weight != heap->items[i - 1].weight)
            heap->classes[heap->class_count++] = (struct smooth_heap_class){i, 0};
        heap->classes[heap->class_count - 1].count++;
    }
}

static void smooth_heap_sink(struct smooth_heap_item *items, uint32_t count)
{
    struct smooth_heap_item item = items[0];
    uint32_t place = 0;
    for (uint32_t child; (child = 2 * place + 1) < count; place = child) {
        child += child + 1 < count && smooth_heap_before(&items[child + 1], &items[child]);
        if (!smooth_heap_before(&items[child], &item))
            break;
        items[place] = items[child];
    }
    items[place] = item;
}

backend_id smooth_heap_take(struct smooth_heap *heap)
{
    const struct smooth_heap_class *best = NULL;
    backend_id winner = NO_BACKEND;
    int64_t most = 0;
    heap->turns++;
    for (uint32_t i = 0; i < heap->class_count; i++) {
        const struct smooth_heap_item *top = &heap->items[heap->classes[i].begin];
        int64_t current = top->base + top->weight * heap->turns;
        if (best != NULL && (current < most || (current == most && top->backend > winner)))
            continue;
        best = &heap->classes[i];
        winner = top->backend;
        most = current;
    }
    heap->items[best->begin].base -= heap->total;
    smooth_heap_sink(&heap->items[best->begin], best->count);
    return winner;
}

void smooth_heap_settle(struct smooth_heap *heap, struct smooth *smooth)
{
    for (uint32_t i = 0; i < heap->count; i++) {
        const struct smooth_heap_item *item = &heap->items[i];
        smooth->current[item->backend] = item->base + item->weight * heap->turns;
    }
    heap->count = heap->class_count = 0;
}
