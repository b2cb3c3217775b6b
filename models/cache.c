/* SPDX-License-Identifier: GPL-3.0-or-later
   A hash table of places and a list of them in order of use, in arrays taken once. */
#include "models/cache.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

void cache_open(struct cache *cache, uint32_t capacity)
{
    uint32_t buckets = 1;
    while (buckets < capacity && buckets < UINT32_C(1) << 31)
        buckets *= 2;
    *cache = (struct cache){
        .entries = memory_take(capacity, sizeof *cache->entries),
        .buckets = memory_take(buckets, sizeof *cache->buckets),
        .capacity = capacity,
        .bucket_mask = buckets - 1,
        .newest = CACHE_NONE,
        .oldest = CACHE_NONE,
    };
    memset(cache->buckets, 0xff, buckets * sizeof *cache->buckets);
}

void cache_close(struct cache *cache)
{
    free(cache->entries);
    free(cache->buckets);
}

void cache_clear(struct cache *cache)
{
    cache->count = 0;
    cache->newest = cache->oldest = CACHE_NONE;
    memset(cache->buckets, 0xff, ((size_t)cache->bucket_mask + 1) * sizeof *cache->buckets);
}

static uint32_t *cache_bucket(const struct cache *cache, uint64_t key)
{
    uint64_t mixed = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return &cache->buckets[(mixed >> 32) & cache->bucket_mask];
}

static uint32_t cache_find(const struct cache *cache, uint64_t key)
{
    uint32_t place = *cache_bucket(cache, key);
    while (place != CACHE_NONE && cache->entries[place].key != key)
        place = cache->entries[place].next;
    return place;
}

static void cache_unlink(struct cache *cache, uint32_t place)
{
    const struct cache_entry *entry = &cache->entries[place];
    if (entry->newer == CACHE_NONE)
        cache->newest = entry->older;
    else
        cache->entries[entry->newer].older = entry->older;
    if (entry->older == CACHE_NONE)
        cache->oldest = entry->newer;
    else
        cache->entries[entry->older].newer = entry->newer;
}

static void cache_link_newest(struct cache *cache, uint32_t place)
{
    struct cache_entry *entry = &cache->entries[place];
    entry->newer = CACHE_NONE;
    entry->older = cache->newest;
    if (cache->newest == CACHE_NONE)
        cache->oldest = place;
    else
        cache->entries[cache->newest].newer = place;
    cache->newest = place;
}

/* Takes the least recently used key out and gives its place. */
static uint32_t cache_evict(struct cache *cache)
{
    uint32_t place = cache->oldest;
    uint32_t *link = cache_bucket(cache, cache->entries[place].key);
    while (*link != place)
        link = &cache->entries[*link].next;
    *link = cache->entries[place].next;
    cache_unlink(cache, place);
    return place;
}

bool cache_use(struct cache *cache, uint64_t key)
{
    uint32_t place = cache_find(cache, key);
    if (place != CACHE_NONE) {
        cache_unlink(cache, place);
        cache_link_newest(cache, place);
        return true;
    }
    place = cache->count < cache->capacity ? cache->count++ : cache_evict(cache);
    uint32_t *bucket = cache_bucket(cache, key);
    cache->entries[place].key = key;
    cache->entries[place].next = *bucket;
    *bucket = place;
    cache_link_newest(cache, place);
    return false;
}
