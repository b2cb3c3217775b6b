/* SPDX-License-Identifier: GPL-3.0-or-later
   Places are taken by a multiplicative mix of the key, so runs of numbers spread out. */
#include "sim/engine/key_map.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAP_ROOM_MIN = 16 };

void key_map_init(struct key_map *map, size_t record_size)
{
    *map = (struct key_map){.record_size = record_size};
}

void key_map_free(struct key_map *map)
{
    free(map->keys);
    free(map->used);
    free(map->records);
    *map = (struct key_map){.record_size = map->record_size};
}

/* Where a key is, or the empty place where it would be; room > 0. */
static size_t key_map_place(const struct key_map *map, uint64_t key)
{
    uint64_t mixed = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    size_t mask = map->room - 1;
    size_t place = (size_t)(mixed ^ mixed >> 29) & mask;
    while (map->used[place] && map->keys[place] != key)
        place = (place + 1) & mask;
    return place;
}

static void key_map_grow(struct key_map *map)
{
    struct key_map old = *map;
    map->room = old.room > 0 ? 2 * old.room : KEY_MAP_ROOM_MIN;
    map->keys = memory_take(map->room, sizeof *map->keys);
    map->used = memory_zeroed(map->room, 1);
    map->records = memory_take(map->room, map->record_size);
    for (size_t i = 0; i < old.room; i++) {
        if (!old.used[i])
            continue;
        size_t place = key_map_place(map, old.keys[i]);
        map->used[place] = 1;
        map->keys[place] = old.keys[i];
        memcpy(map->records + place * map->record_size, old.records + i * map->record_size,
               map->record_size);
    }
    free(old.keys);
    free(old.used);
    free(old.records);
}

void *key_map_find(const struct key_map *map, uint64_t key)
{
    if (map->room == 0)
        return NULL;
    size_t place = key_map_place(map, key);
    return map->used[place] ? map->records + place * map->record_size : NULL;
}

void *key_map_take(struct key_map *map, uint64_t key)
{
    if (2 * (map->count + 1) > map->room)
        key_map_grow(map);
    size_t place = key_map_place(map, key);
    void *record = map->records + place * map->record_size;
    if (!map->used[place]) {
        map->used[place] = 1;
        map->keys[place] = key;
        map->count++;
        memset(record, 0, map->record_size);
    }
    return record;
}

void *key_map_at(const struct key_map *map, size_t place, uint64_t *key)
{
    if (!map->used[place])
        return NULL;
    *key = map->keys[place];
    return map->records + place * map->record_size;
}
