/* SPDX-License-Identifier: GPL-3.0-or-later
   Places within one block of memory nest, so the narrowest one around an address is the
   last that starts at or before it, or one of the parents of that. */
#include "sim/config/places.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t places_add(struct places *places, const void *address, size_t size, size_t parent,
                  struct mark mark)
{
    if (places->count == places->room) {
        places->room = places->room ? 2 * places->room : 64;
        struct place *items = arena_take(places->arena, places->room, sizeof *items);
        if (places->count > 0)
            memcpy(items, places->items, places->count * sizeof *items);
        places->items = items;
    }
    places->items[places->count] = (struct place){
        .address = address, .size = size, .parent = parent, .order = places->count, .mark = mark};
    return places->count++;
}

static int places_compare(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    uintptr_t from = (uintptr_t)a->address, to = (uintptr_t)b->address;
    if (from != to)
        return from < to ? -1 : 1;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

void places_seal(struct places *places)
{
    struct place *copy = arena_take(places->arena, places->count + 1, sizeof *copy);
    places->sorted = arena_take(places->arena, places->count + 1, sizeof *places->sorted);
    if (places->count == 0)
        return;
    memcpy(copy, places->items, places->count * sizeof *copy);
    qsort(copy, places->count, sizeof *copy, places_compare);
    for (size_t i = 0; i < places->count; i++)
        places->sorted[i] = copy[i].order;
}

static bool places_holds(const struct place *place, const void *address)
{
    uintptr_t start = (uintptr_t)place->address, at = (uintptr_t)address;
    return at >= start && at - start < place->size;
}

struct mark places_find(const struct places *places, const void *address)
{
    size_t low = 0, high = places->count; /* the first one that starts after it */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct place *place = &places->items[places->sorted[middle]];
        if ((uintptr_t)place->address <= (uintptr_t)address)
            low = middle + 1;
        else
            high = middle;
    }
    size_t index = low > 0 ? places->sorted[low - 1] : PLACES_ROOT;
    while (index != PLACES_ROOT && !places_holds(&places->items[index], address))
        index = places->items[index].parent;
    return places->items[index].mark;
}
