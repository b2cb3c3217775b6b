/* SPDX-License-Identifier: GPL-3.0-or-later
   The cache of a pod: the keys that it served last, least recently used out first. */
#ifndef MODELS_CACHE_H
#define MODELS_CACHE_H

#include <stdbool.h>
#include <stdint.h>

/* A key in the cache; links are places, CACHE_NONE where there is none. */
struct cache_entry {
    uint64_t key;
    uint32_t newer, older; /* in order of use */
    uint32_t next;         /* in the same bucket */
};
#define CACHE_NONE UINT32_MAX

struct cache {
    struct cache_entry *entries;
    uint32_t *buckets;
    uint32_t capacity, count, bucket_mask;
    uint32_t newest, oldest;
};

void cache_open(struct cache *cache, uint32_t capacity); /* capacity > 0 */
void cache_close(struct cache *cache);
void cache_clear(struct cache *cache);

/* Uses a key: true if it was there; if not, it is from now on. */
bool cache_use(struct cache *cache, uint64_t key);

#endif
