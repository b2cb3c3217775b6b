/* SPDX-License-Identifier: GPL-3.0-or-later
   1024 chains of entries from pools that are taken whole at the beginning: four times the
   entries at which the kernel begins to drop those idle for six minutes. */
#include "models/blocks/ipvs_cache.h"

#include "sim/engine/hash.h"

enum {
    IPVS_CACHE_BITS = 10,
    IPVS_CACHE_BUCKETS = 1 << IPVS_CACHE_BITS,
    IPVS_CACHE_MOST = IPVS_CACHE_BUCKETS * 16, /* entries without pressure */
    IPVS_CACHE_ENTRIES = IPVS_CACHE_MOST * 4,
    IPVS_CACHE_SERVERS = IPVS_CACHE_ENTRIES * 2,
    IPVS_CACHE_FULL_CHECK = 30, /* every so many checks without pressure */
};
#define IPVS_CACHE_CHECK_INTERVAL (60 * SIM_SECOND)
#define IPVS_CACHE_IDLE (360 * SIM_SECOND)

void ipvs_cache_init(struct ipvs_cache *cache, sim_time expiration, sim_time now,
                     struct arena *arena)
{
    *cache = (struct ipvs_cache){
        .entries = arena_take(arena, IPVS_CACHE_ENTRIES, sizeof *cache->entries),
        .servers = arena_take(arena, IPVS_CACHE_SERVERS, sizeof *cache->servers),
        .buckets = arena_take(arena, IPVS_CACHE_BUCKETS, sizeof *cache->buckets),
        .checks = 1,
        .expiration = expiration,
        .next_check = now + IPVS_CACHE_CHECK_INTERVAL,
    };
    for (uint32_t i = 0; i < IPVS_CACHE_BUCKETS; i++)
        cache->buckets[i] = IPVS_CACHE_NONE;
    for (uint32_t i = 0; i < IPVS_CACHE_ENTRIES; i++)
        cache->entries[i].next = i + 1 < IPVS_CACHE_ENTRIES ? i + 1 : IPVS_CACHE_NONE;
    for (uint32_t i = 0; i < IPVS_CACHE_SERVERS; i++)
        cache->servers[i].next = i + 1 < IPVS_CACHE_SERVERS ? i + 1 : IPVS_CACHE_NONE;
}

static void ipvs_cache_free(struct ipvs_cache *cache, uint32_t entry)
{
    struct ipvs_cache_entry *freed = &cache->entries[entry];
    while (freed->first != IPVS_CACHE_NONE) {
        uint32_t server = freed->first;
        freed->first = cache->servers[server].next;
        cache->servers[server].next = cache->free_server;
        cache->free_server = server;
    }
    freed->next = cache->free_entry;
    cache->free_entry = entry;
    cache->count--;
}

/* Drops what has been idle for `idle` from bucket after bucket, all or until `goal` is met. */
static void ipvs_cache_drop(struct ipvs_cache *cache, sim_time now, sim_time idle,
                            int64_t goal)
{
    for (int i = 0; i < IPVS_CACHE_BUCKETS && goal > 0; i++) {
        cache->rover = (cache->rover + 1) % IPVS_CACHE_BUCKETS;
        uint32_t *link = &cache->buckets[cache->rover];
        while (*link != IPVS_CACHE_NONE) {
            uint32_t entry = *link;
            if (now - cache->entries[entry].used < idle) {
                link = &cache->entries[entry].next;
                continue;
            }
            *link = cache->entries[entry].next;
            ipvs_cache_free(cache, entry);
            goal--;
        }
    }
}

static void ipvs_cache_check(struct ipvs_cache *cache, sim_time now)
{
    if (cache->checks % IPVS_CACHE_FULL_CHECK == 0) {
        ipvs_cache_drop(cache, now, cache->expiration, INT64_MAX);
        cache->checks = 1;
    } else if (cache->count <= IPVS_CACHE_MOST) {
        cache->checks++;
    } else {
        int64_t goal = ((int64_t)cache->count - IPVS_CACHE_MOST) * 4 / 3;
        goal = goal > IPVS_CACHE_MOST / 2 ? IPVS_CACHE_MOST / 2 : goal;
        ipvs_cache_drop(cache, now, IPVS_CACHE_IDLE, goal);
    }
}

static uint32_t *ipvs_cache_bucket(const struct ipvs_cache *cache, uint32_t address)
{
    return &cache->buckets[hash_kernel_32(address, IPVS_CACHE_BITS)];
}

uint32_t ipvs_cache_find(struct ipvs_cache *cache, uint32_t address, sim_time now)
{
    for (; cache->next_check <= now; cache->next_check += IPVS_CACHE_CHECK_INTERVAL)
        ipvs_cache_check(cache, cache->next_check);
    uint32_t entry = *ipvs_cache_bucket(cache, address);
    while (entry != IPVS_CACHE_NONE && cache->entries[entry].address != address)
        entry = cache->entries[entry].next;
    if (entry != IPVS_CACHE_NONE)
        cache->entries[entry].used = now;
    return entry;
}

void ipvs_cache_new(struct ipvs_cache *cache, uint32_t address, backend_id backend,
                    sim_time now)
{
    uint32_t entry = cache->free_entry, *bucket = ipvs_cache_bucket(cache, address);
    if (entry == IPVS_CACHE_NONE || cache->free_server == IPVS_CACHE_NONE)
        return;
    cache->free_entry = cache->entries[entry].next;
    cache->entries[entry] = (struct ipvs_cache_entry){
        .address = address, .next = *bucket, .first = IPVS_CACHE_NONE, .used = now};
    *bucket = entry;
    cache->count++;
    ipvs_cache_add(cache, entry, backend, now);
}

void ipvs_cache_add(struct ipvs_cache *cache, uint32_t entry, backend_id backend,
                    sim_time now)
{
    struct ipvs_cache_entry *to = &cache->entries[entry];
    for (uint32_t i = to->first; i != IPVS_CACHE_NONE; i = cache->servers[i].next)
        if (cache->servers[i].backend == backend)
            return;
    uint32_t server = cache->free_server;
    if (server == IPVS_CACHE_NONE)
        return;
    cache->free_server = cache->servers[server].next;
    cache->servers[server] = (struct ipvs_cache_server){backend, to->first};
    to->first = server;
    to->size++;
    to->changed = now;
}

void ipvs_cache_remove(struct ipvs_cache *cache, uint32_t entry, backend_id backend,
                       sim_time now)
{
    struct ipvs_cache_entry *from = &cache->entries[entry];
    uint32_t *link = &from->first;
    while (*link != IPVS_CACHE_NONE && cache->servers[*link].backend != backend)
        link = &cache->servers[*link].next;
    if (*link == IPVS_CACHE_NONE)
        return;
    uint32_t server = *link;
    *link = cache->servers[server].next;
    cache->servers[server].next = cache->free_server;
    cache->free_server = server;
    from->size--;
    from->changed = now;
}
