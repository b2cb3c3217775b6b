/* SPDX-License-Identifier: GPL-3.0-or-later
   A map from 64-bit keys to small records of one size: open addressing, linear probing, at
   most half full, doubling.  Entries are never taken out one by one. */
#ifndef SIM_ENGINE_KEY_MAP_H
#define SIM_ENGINE_KEY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key_map {
    uint64_t *keys;
    unsigned char *used, *records;
    size_t record_size, count, room; /* room: a power of two, or 0 */
};

void key_map_init(struct key_map *map, size_t record_size);
void key_map_free(struct key_map *map);

/* The record of a key; NULL where there is none. */
void *key_map_find(const struct key_map *map, uint64_t key);
/* The record of a key, zeroed if it is new.  Valid until the next key_map_take. */
void *key_map_take(struct key_map *map, uint64_t key);
/* The place-th entry for a walk over all, place < room: its record, or NULL where the place is
   empty.  The order depends on keys and room only. */
void *key_map_at(const struct key_map *map, size_t place, uint64_t *key);

#endif
