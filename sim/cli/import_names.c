/* SPDX-License-Identifier: GPL-3.0-or-later
   A table of texts by open addressing, at most half full. */
#include "sim/cli/import_names.h"

#include "sim/engine/check.h"

#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static void import_names_grow(struct import_names *names)
{
    free(names->slots);
    names->slot_count = names->slot_count > 0 ? names->slot_count * 2 : 1024;
    names->slots = memory_zeroed(names->slot_count, sizeof *names->slots);
    size_t mask = names->slot_count - 1;
    for (size_t i = 0; i < names->count; i++) {
        size_t slot = names->items[i].hash & mask;
        while (names->slots[slot] != 0)
            slot = (slot + 1) & mask;
        names->slots[slot] = (uint32_t)i + 1;
    }
}

static uint32_t import_names_append(struct import_names *names, struct import_text text,
                                    uint64_t hash)
{
    CHECK(names->count < UINT32_MAX - 1);
    if (names->count == names->room) {
        names->room = names->room * 2 + 512;
        names->items = memory_grow(names->items, names->room, sizeof *names->items);
    }
    names->items[names->count] = (struct import_name){
        .text = arena_copy_text(&names->arena, text.at, text.size),
        .size = text.size,
        .hash = hash,
        .count = 1,
    };
    return (uint32_t)names->count++;
}

uint32_t import_names_add(struct import_names *names, struct import_text text)
{
    if (names->count * 2 >= names->slot_count)
        import_names_grow(names);
    uint64_t hash = XXH3_64bits(text.at, text.size);
    size_t mask = names->slot_count - 1, slot = hash & mask;
    for (; names->slots[slot] != 0; slot = (slot + 1) & mask) {
        struct import_name *item = &names->items[names->slots[slot] - 1];
        if (item->hash != hash || item->size != text.size ||
            memcmp(item->text, text.at, text.size) != 0)
            continue;
        item->count++;
        return names->slots[slot] - 1;
    }
    uint32_t index = import_names_append(names, text, hash);
    names->slots[slot] = index + 1;
    return index;
}

void import_names_free(struct import_names *names)
{
    free(names->items);
    free(names->slots);
    arena_free(&names->arena);
    *names = (struct import_names){0};
}
