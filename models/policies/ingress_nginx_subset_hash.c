/* SPDX-License-Identifier: GPL-3.0-or-later
   ingress-nginx upstream-hash-by-subset: endpoints are cut, in the order of the list, into
   sets of the same size (the last filled up from the beginning), a ring of the sets' names
   "set1", "set2" and so on finds a key's set, and any endpoint of it is drawn at random.
   ingress-nginx rootfs/etc/nginx/lua/balancer/chashsubset.lua */
#include "models/blocks/crc_ring.h"

#include "sim/engine/hash.h"
#include "sim/engine/output.h"

#include <string.h>

enum { SUBSET_HASH_DIGITS = 20, SUBSET_HASH_MAX = 1000000 };

struct ingress_nginx_subset_hash_config {
    uint64_t size;
};

struct ingress_nginx_subset_hash_state {
    uint32_t size;
    backend_id *up; /* endpoints, in the order of the list */
    uint32_t up_count;
    struct ring ring; /* its owners are sets, from 0 */
    bool stale;
};

static const struct param ingress_nginx_subset_hash_params[] = {
    {.key = "upstream_hash_by_subset_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct ingress_nginx_subset_hash_config, size, uint64_t),
     .fallback = "3", .min = 1, .max = SUBSET_HASH_MAX, .help = "endpoints in each set"},
    PARAM_END,
};

static void ingress_nginx_subset_hash_init(void *memory, const void *config,
                                           const struct view *view, struct rng *rng,
                                           struct arena *arena)
{
    (void)rng;
    struct ingress_nginx_subset_hash_state *state = memory;
    state->size = (uint32_t)((const struct ingress_nginx_subset_hash_config *)config)->size;
    state->up = arena_take(arena, view->capacity, sizeof *state->up);
    ring_init(&state->ring, 32, arena);
}

static void ingress_nginx_subset_hash_update(void *memory, const struct view *view,
                                             struct rng *rng)
{
    (void)rng;
    struct ingress_nginx_subset_hash_state *state = memory;
    state->up_count = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i])
            state->up[state->up_count++] = i;
    ring_reserve(&state->ring, ((uint64_t)state->up_count + 1) * CRC_RING_POINTS);
    state->stale = true;
}

static void ingress_nginx_subset_hash_build(struct ingress_nginx_subset_hash_state *state)
{
    uint32_t sets = state->up_count / state->size + (state->up_count % state->size > 0);
    ring_clear(&state->ring);
    for (uint32_t set = 0; set < sets; set++) {
        char name[SUBSET_HASH_DIGITS + 3] = "set";
        size_t size = (size_t)(text_unsigned(name + 3, set + 1) - name);
        crc_ring_add(&state->ring, hash_crc32_more(HASH_CRC32_BEGIN, name, size),
                     CRC_RING_POINTS, set);
    }
    ring_sort(&state->ring);
    state->stale = false;
}

/* Any of a set; where that one may not be picked the next of it, NO_BACKEND if none may. */
static backend_id ingress_nginx_subset_hash_draw(
    const struct ingress_nginx_subset_hash_state *state, const struct view *view, uint32_t set,
    struct rng *rng)
{
    uint64_t first = (uint64_t)set * state->size, drawn = rng_below(rng, state->size);
    for (uint32_t i = 0; i < state->size; i++) {
        uint64_t place = first + (drawn + i) % state->size;
        backend_id pick = state->up[place % state->up_count];
        if (view->is_eligible[pick])
            return pick;
    }
    return NO_BACKEND;
}

static backend_id ingress_nginx_subset_hash_pick(void *memory, const struct view *view,
                                                 const struct request *request,
                                                 struct rng *rng)
{
    struct ingress_nginx_subset_hash_state *state = memory;
    if (state->stale)
        ingress_nginx_subset_hash_build(state);
    char digits[SUBSET_HASH_DIGITS];
    size_t size;
    const char *key = policy_key(request, digits, &size);
    uint32_t hash = request->has_hash ? (uint32_t)request->hash : hash_crc32(key, size);
    uint32_t place = ring_find(&state->ring, hash);
    for (;; place = ring_next(&state->ring, place)) {
        backend_id pick = ingress_nginx_subset_hash_draw(
            state, view, ring_owner(&state->ring, place), rng);
        if (pick != NO_BACKEND)
            return pick;
    }
}

const struct policy_ops policy_ingress_nginx_subset_hash = {
    .kind = {.name = "ingress_nginx.subset_hash",
             .summary = "ingress-nginx upstream-hash-by-subset: a key's set, any of it",
             .params = ingress_nginx_subset_hash_params,
             .config_size = sizeof(struct ingress_nginx_subset_hash_config)},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; O(n) a change, 160 points a subset",
    .source = "ingress-nginx rootfs/etc/nginx/lua/balancer/chashsubset.lua",
    .state_size = sizeof(struct ingress_nginx_subset_hash_state),
    .init = ingress_nginx_subset_hash_init,
    .update = ingress_nginx_subset_hash_update,
    .pick = ingress_nginx_subset_hash_pick,
};
