/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy maglev: hosts, sorted by address, take turns in proportion to their weight; offset
   and skip are xxHash64 of the address with seeds 0 and 1; a key goes to its hash modulo the
   table size.  envoy source/extensions/load_balancing_policies/maglev/maglev_lb.cc */
#include "models/blocks/envoy_hash.h"
#include "models/blocks/maglev.h"

#include "sim/engine/hash.h"

#include <stdio.h>
#include <string.h>

enum { ENVOY_MAGLEV_SIZE_MAX = 5000011 };

struct envoy_maglev_config {
    uint64_t table_size;
    struct envoy_hash_config common;
};

struct envoy_maglev_state {
    struct envoy_hash hash; /* its hosts in the order of the list, for the bound */
    struct shares sorted;   /* the same by address, for the table */
    struct maglev maglev;
    bool stale;
};

static const struct param envoy_maglev_params[] = {
    {.key = "table_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct envoy_maglev_config, table_size, uint64_t),
     .fallback = "65537", .min = 2, .max = ENVOY_MAGLEV_SIZE_MAX,
     .help = "slots of the table, a prime"},
    ENVOY_HASH_PARAMS(struct envoy_maglev_config),
    PARAM_END,
};

static bool envoy_maglev_check(void *bound, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    const struct envoy_maglev_config *config = bound;
    if (!maglev_is_prime(config->table_size)) {
        uint64_t near = config->table_size;
        while (near < ENVOY_MAGLEV_SIZE_MAX && !maglev_is_prime(near))
            near++;
        snprintf(message, size, "table_size %llu is no prime; the next is %llu",
                 (unsigned long long)config->table_size, (unsigned long long)near);
        return false;
    }
    return envoy_hash_check(&config->common, message, size);
}

static void envoy_maglev_init(void *memory, const void *config, const struct view *view,
                              struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct envoy_maglev_state *state = memory;
    const struct envoy_maglev_config *given = config;
    envoy_hash_init(&state->hash, &given->common, view, arena);
    shares_init(&state->sorted, view->capacity, arena);
    maglev_init(&state->maglev, (uint32_t)given->table_size, view->capacity, arena);
}

static void envoy_maglev_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct envoy_maglev_state *state = memory;
    envoy_hash_update(&state->hash, view);
    shares_copy(&state->sorted, &state->hash.shares);
    shares_sort(&state->sorted);
    state->stale = true;
}

/* The heaviest host takes one slot in each round. */
static uint32_t envoy_maglev_turns(void *context, struct maglev_row *row, uint64_t round)
{
    const struct shares *shares = context;
    if ((double)round * row->weight < row->target)
        return 0;
    row->target += shares->most;
    return 1;
}

static void envoy_maglev_build(struct envoy_maglev_state *state)
{
    struct maglev *maglev = &state->maglev;
    struct shares *shares = &state->sorted;
    maglev->count = shares->count;
    for (uint32_t i = 0; i < shares->count; i++) {
        const char *key = shares->list[i].key;
        size_t size = strlen(key);
        maglev->rows[i] = (struct maglev_row){
            .backend = shares->list[i].backend,
            .offset = (uint32_t)(hash_xx64(key, size, 0) % maglev->size),
            .skip = (uint32_t)(hash_xx64(key, size, 1) % (maglev->size - 1) + 1),
            .weight = shares->list[i].weight,
        };
    }
    maglev_fill(maglev, envoy_maglev_turns, shares);
    state->stale = false;
}

static backend_id envoy_maglev_choose(const void *table, uint64_t hash, uint32_t attempt)
{
    return maglev_at(table, attempt > 0 ? hash ^ (UINT64_MAX - attempt + 1) : hash);
}

static backend_id envoy_maglev_pick(void *memory, const struct view *view,
                                    const struct request *request, struct rng *rng)
{
    (void)rng;
    struct envoy_maglev_state *state = memory;
    if (state->stale)
        envoy_maglev_build(state);
    return envoy_hash_pick(&state->hash, view, request, envoy_maglev_choose, &state->maglev);
}

static void envoy_maglev_sent(void *memory, const struct view *view, backend_id backend)
{
    (void)view, (void)backend;
    ((struct envoy_maglev_state *)memory)->hash.active++;
}

static void envoy_maglev_done(void *memory, const struct view *view, backend_id backend)
{
    (void)view, (void)backend;
    ((struct envoy_maglev_state *)memory)->hash.active--;
}

const struct policy_ops policy_envoy_maglev = {
    .kind = {.name = "envoy.maglev",
             .summary = "Envoy's Maglev: a table filled in turns by weight, optionally bounded",
             .params = envoy_maglev_params,
             .config_size = sizeof(struct envoy_maglev_config),
             .check = envoy_maglev_check},
    .traits = POLICY_KEYLESS | POLICY_WEIGHTED | POLICY_CONSISTENT | POLICY_ZONED,
    .tie_rule = "hosts take turns in the order of their addresses",
    .differs = "with weights of zones hosts stand as listed, in Envoy by zone; a slow start counts "
               "in the weights, rounded, and Envoy has none for tables",
    .cost = "O(1) a pick, O(n) where the pod is over its bound; "
            "O(n log n + t log t) a change, t slots of the table",
    .source = "envoy source/extensions/load_balancing_policies/maglev/maglev_lb.cc",
    .state_size = sizeof(struct envoy_maglev_state),
    .init = envoy_maglev_init,
    .update = envoy_maglev_update,
    .pick = envoy_maglev_pick,
    .sent = envoy_maglev_sent,
    .done = envoy_maglev_done,
};
