/* SPDX-License-Identifier: GPL-3.0-or-later
   What IPVS' locality-based schedulers remember: for each destination address the servers that
   had its requests, the newest first.  Entries not used for a day, and under pressure for six
   minutes, are dropped by a check every minute.
   Linux, net/netfilter/ipvs/ip_vs_lblc.c, ip_vs_lblcr.c. */
#ifndef MODELS_BLOCKS_IPVS_CACHE_H
#define MODELS_BLOCKS_IPVS_CACHE_H

#include "models/policy.h"

#define IPVS_CACHE_NONE UINT32_MAX

struct ipvs_cache_entry {
    uint32_t address, next; /* in its bucket */
    uint32_t first, size;   /* servers */
    sim_time used, changed;
};

struct ipvs_cache_server {
    backend_id backend;
    uint32_t next;
};

struct ipvs_cache {
    struct ipvs_cache_entry *entries;
    struct ipvs_cache_server *servers;
    uint32_t *buckets;
    uint32_t free_entry, free_server; /* lists through next */
    uint32_t count, rover, checks;
    sim_time expiration, next_check;
};

void ipvs_cache_init(struct ipvs_cache *cache, sim_time expiration, sim_time now,
                     struct arena *arena);
/* The entry of an address, marked as used; IPVS_CACHE_NONE where there is none.  Does the
   checks that are due before. */
uint32_t ipvs_cache_find(struct ipvs_cache *cache, uint32_t address, sim_time now);
/* A new entry with one server; silently none when memory is full, as in the kernel. */
void ipvs_cache_new(struct ipvs_cache *cache, uint32_t address, backend_id backend,
                    sim_time now);
/* Puts a server first in an entry that does not have it. */
void ipvs_cache_add(struct ipvs_cache *cache, uint32_t entry, backend_id backend,
                    sim_time now);
void ipvs_cache_remove(struct ipvs_cache *cache, uint32_t entry, backend_id backend,
                       sim_time now);

#endif
