/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy `balance uri`, `balance hdr` and its like, and `balance source`: the hash of the
   key, or the client's address itself, is looked up in an array of servers modulo its length
   (map-based) or in a tree of points for the nearest (consistent).
   haproxy src/backend.c, src/lb_map.c, src/lb_chash.c */
#include "models/blocks/haproxy_key.h"
#include "models/blocks/haproxy_map.h"
#include "models/blocks/haproxy_tree.h"
#include "models/blocks/haproxy_weight.h"

#include "sim/engine/hash.h"

#include <stdio.h>
#include <string.h>

enum haproxy_hash_type { MAP_BASED, CONSISTENT };
enum haproxy_hash_balance { BALANCE_URI, BALANCE_SOURCE, BALANCE_HDR };
enum haproxy_hash_avalanche { AVALANCHE_AUTO, AVALANCHE_TRUE, AVALANCHE_FALSE };
enum { HAPROXY_HASH_DIGITS = 20 };

struct haproxy_hash_config {
    uint32_t balance, hash_type, hash_function, avalanche, hash_key;
    uint64_t hash_balance_factor;
};

struct haproxy_hash_state {
    const struct haproxy_hash_config *config;
    struct haproxy_map map;
    struct haproxy_tree tree;
    uint32_t served; /* requests outstanding at all servers */
    bool avalanche, stale;
};

static const char *const haproxy_hash_balances[] = {"uri", "source", "hdr", NULL};
static const char *const haproxy_hash_types[] = {"map-based", "consistent", NULL};
static const char *const haproxy_hash_avalanches[] = {"auto", "true", "false", NULL};
static const char *const haproxy_hash_keys[] = {"id", "id32", "guid", "addr", "addr-port",
                                                NULL}; /* as enum haproxy_tree_key */

static const struct param haproxy_hash_params[] = {
    {.key = "balance", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_hash_config, balance, uint32_t), .fallback = "uri",
     .of.words = haproxy_hash_balances,
     .help = "what is hashed: the key up to a question mark, the client's address, or the "
             "whole key"},
    {.key = "hash_type", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_hash_config, hash_type, uint32_t),
     .fallback = "map-based", .of.words = haproxy_hash_types,
     .help = "an array that is spread evenly, or a tree that moves few keys"},
    {.key = "hash_function", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_hash_config, hash_function, uint32_t),
     .fallback = "default", .of.words = haproxy_key_functions,
     .help = "default is sdbm; none reads the key as a number"},
    {.key = "avalanche", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_hash_config, avalanche, uint32_t),
     .fallback = "auto", .of.words = haproxy_hash_avalanches,
     .help = "mix the hash once more; auto: when consistent with the default function"},
    {.key = "hash_key", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_hash_config, hash_key, uint32_t), .fallback = "id",
     .of.words = haproxy_hash_keys,
     .help = "what places a server in the tree: its place in the list, its name (guid), or "
             "its address"},
    {.key = "hash_balance_factor", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct haproxy_hash_config, hash_balance_factor, uint64_t),
     .fallback = "0", .max = 65535,
     .help = "most load of a server in percent of the mean, above 100; 0 is without bound"},
    PARAM_END,
};

static bool haproxy_hash_check(void *bound, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    const struct haproxy_hash_config *config = bound;
    if (config->hash_balance_factor == 0 || config->hash_balance_factor > 100)
        return true;
    snprintf(message, size, "hash_balance_factor is %llu: 0 (off) or more than 100 works",
             (unsigned long long)config->hash_balance_factor);
    return false;
}

static void haproxy_hash_init(void *memory, const void *config, const struct view *view,
                              struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct haproxy_hash_state *state = memory;
    const struct haproxy_hash_config *given = config;
    state->config = given;
    state->avalanche = given->avalanche == AVALANCHE_AUTO
                           ? given->hash_type == CONSISTENT &&
                                 given->hash_function == HAPROXY_KEY_DEFAULT
                           : given->avalanche == AVALANCHE_TRUE;
    if (given->hash_type == CONSISTENT)
        haproxy_tree_init(&state->tree, (enum haproxy_tree_key)given->hash_key, view, arena);
    else
        haproxy_map_init(&state->map, view, arena);
}

static void haproxy_hash_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct haproxy_hash_state *state = memory;
    if (state->config->hash_type == CONSISTENT)
        haproxy_tree_update(&state->tree, view);
    else
        haproxy_map_update(&state->map, view);
    state->stale = true;
}

static uint32_t haproxy_hash_of(const struct haproxy_hash_state *state,
                                const struct request *request)
{
    char digits[HAPROXY_HASH_DIGITS];
    size_t size;
    uint32_t hash;
    if (request->has_hash)
        return (uint32_t)request->hash;
    if (state->config->balance == BALANCE_SOURCE) {
        hash = policy_client_address(request);
    } else {
        const char *key = policy_key(request, digits, &size), *end = NULL;
        if (state->config->balance == BALANCE_URI)
            end = memchr(key, '?', size);
        hash = haproxy_key_hash((enum haproxy_key_function)state->config->hash_function, key,
                                end != NULL ? (size_t)(end - key) : size);
    }
    return state->avalanche ? hash_full(hash) : hash;
}

/* Of who is full, to the next in the map. */
static backend_id haproxy_hash_of_map(const struct haproxy_map *map, const struct view *view,
                                      uint32_t hash)
{
    for (uint32_t i = 0; i < map->count; i++) {
        backend_id pick = map->slots[((uint64_t)hash + i) % map->count];
        if (view->is_eligible[pick])
            return pick;
    }
    return haproxy_drained(view, NO_BACKEND);
}

static backend_id haproxy_hash_pick(void *memory, const struct view *view,
                                    const struct request *request, struct rng *rng)
{
    (void)rng;
    struct haproxy_hash_state *state = memory;
    uint32_t hash = haproxy_hash_of(state, request);
    bool consistent = state->config->hash_type == CONSISTENT;
    if (state->stale && consistent)
        haproxy_tree_build(&state->tree, view);
    else if (state->stale)
        haproxy_map_build(&state->map, view);
    state->stale = false;
    if (!consistent)
        return haproxy_hash_of_map(&state->map, view, hash);
    uint32_t tried = request->tried_count;
    const struct haproxy_tree_limits limits = {
        .avoided = tried > 0 ? request->tried[tried - 1] : NO_BACKEND,
        .served = state->served,
        .factor = (uint32_t)state->config->hash_balance_factor,
    };
    return haproxy_tree_pick(&state->tree, view, hash, limits);
}

static void haproxy_hash_sent(void *memory, const struct view *view, backend_id backend)
{
    (void)view, (void)backend;
    ((struct haproxy_hash_state *)memory)->served++;
}

static void haproxy_hash_done(void *memory, const struct view *view, backend_id backend)
{
    (void)view, (void)backend;
    ((struct haproxy_hash_state *)memory)->served--;
}

const struct policy_ops policy_haproxy_hash = {
    .kind = {.name = "haproxy.hash",
             .summary = "HAProxy's hash balancing: map-based or consistent, optionally bounded",
             .params = haproxy_hash_params,
             .config_size = sizeof(struct haproxy_hash_config),
             .check = haproxy_hash_check},
    .traits = POLICY_WEIGHTED | POLICY_WAITS,
    .tie_rule = "the point before the hash among two equally near",
    .differs = "a full server's requests go on to the next, where HAProxy lets them queue for "
               "it; " HAPROXY_DRAINED_DIFFERS,
    .cost = "O(1) a pick; "
            "O(n w) a change, w the sum of weights, O(n + w) where consistent",
    .source = "haproxy src/backend.c, src/lb_map.c, src/lb_chash.c",
    .state_size = sizeof(struct haproxy_hash_state),
    .init = haproxy_hash_init,
    .update = haproxy_hash_update,
    .pick = haproxy_hash_pick,
    .sent = haproxy_hash_sent,
    .done = haproxy_hash_done,
};
