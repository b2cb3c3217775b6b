/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy src/lb_chash.c. */
#include "models/blocks/haproxy_tree.h"

#include "models/blocks/haproxy_map.h"
#include "models/blocks/haproxy_weight.h"
#include "sim/engine/hash.h"

#include <string.h>

/* Points a weight of 1 has, and numbers that an id has to itself. */
enum { HAPROXY_TREE_SCALE = 16, HAPROXY_TREE_RANGE = 4096 };

void haproxy_tree_init(struct haproxy_tree *tree, enum haproxy_tree_key key,
                       const struct view *view, struct arena *arena)
{
    *tree = (struct haproxy_tree){.key = key};
    tree->weights = arena_take(arena, view->capacity, sizeof *tree->weights);
    tree->cumulative = arena_take(arena, view->capacity, sizeof *tree->cumulative);
    ring_init(&tree->ring, 32, arena);
}

void haproxy_tree_update(struct haproxy_tree *tree, const struct view *view)
{
    tree->total = 0;
    for (backend_id i = 0; i < view->count; i++) {
        tree->weights[i] = view->is_up[i] ? haproxy_map_weight(view->backends[i].weight) *
                                                HAPROXY_TREE_SCALE : 0;
        if (!tree->begun && view->is_up[i])
            tree->cumulative[i] = tree->total;
        tree->total += tree->weights[i];
    }
    tree->begun = true;
    ring_reserve(&tree->ring, tree->total);
}

/* Ids are places in the list, from 1.  A server whose address is not known has its id.
   Numbers in network order are read as little-endian machines do. */
static uint32_t haproxy_tree_server(const struct haproxy_tree *tree,
                                    const struct backend *backend, backend_id slot)
{
    uint32_t address, id = slot + 1;
    uint16_t port;
    switch (tree->key) {
    case HAPROXY_TREE_ID32:
        return hash_full(__builtin_bswap32(id));
    case HAPROXY_TREE_GUID:
        return hash_xx32(backend->name, strlen(backend->name), 0);
    case HAPROXY_TREE_ADDR:
    case HAPROXY_TREE_ADDR_PORT:
        if (policy_address(backend->address, &address, &port))
            return hash_full((tree->key == HAPROXY_TREE_ADDR ? 0 : hash_full(port)) +
                             __builtin_bswap32(address));
        return id * HAPROXY_TREE_RANGE;
    case HAPROXY_TREE_ID:
        break;
    }
    return id * HAPROXY_TREE_RANGE;
}

void haproxy_tree_build(struct haproxy_tree *tree, const struct view *view)
{
    ring_clear(&tree->ring);
    for (backend_id i = 0; i < view->count; i++) {
        uint32_t server = haproxy_tree_server(tree, &view->backends[i], i);
        for (uint32_t point = 0; point < tree->weights[i]; point++)
            ring_add(&tree->ring, hash_full(server + point), i);
    }
    ring_sort(&tree->ring);
}

/* The place of the nearest point. */
static uint32_t haproxy_tree_find(const struct ring *ring, uint32_t hash)
{
    uint32_t next = ring_find(ring, hash), previous = ring_previous(ring, next);
    uint32_t before = hash - (uint32_t)ring->points[previous].hash;
    uint32_t after = (uint32_t)ring->points[next].hash - hash;
    return before <= after ? previous : next;
}

/* How many requests a server may have outstanding: its weight's part of the bound, where
   what does not divide goes to the servers by the weight of those before them. */
static uint32_t haproxy_tree_slots(const struct haproxy_tree *tree, backend_id backend,
                                   struct haproxy_tree_limits limits)
{
    uint32_t all = ((limits.served + 1) * limits.factor + 99) / 100;
    uint32_t rest = all % tree->total;
    uint32_t weight = tree->weights[backend], before = tree->cumulative[backend];
    uint32_t slots = all / tree->total * weight + (before + weight) * rest / tree->total -
                     before * rest / tree->total;
    return slots > 0 ? slots : 1;
}

backend_id haproxy_tree_pick(const struct haproxy_tree *tree, const struct view *view,
                             uint32_t hash, struct haproxy_tree_limits limits)
{
    const struct ring *ring = &tree->ring;
    if (ring->count == 0)
        return haproxy_drained(view, limits.avoided);
    backend_id last = NO_BACKEND, highest = ring_owner(ring, ring->count - 1);
    uint32_t place = haproxy_tree_find(ring, hash);
    for (uint32_t i = 0; i < ring->count; i++) {
        backend_id pick = ring_owner(ring, place);
        place = ring_next(ring, place);
        if (!view->is_eligible[pick])
            continue;
        last = pick;
        if (pick != limits.avoided &&
            (limits.factor == 0 ||
             view->outstanding[pick] < haproxy_tree_slots(tree, pick, limits)))
            return pick;
    }
    return view->is_eligible[highest] ? highest : last;
}
