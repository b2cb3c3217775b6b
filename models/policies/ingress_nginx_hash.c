/* SPDX-License-Identifier: GPL-3.0-or-later
   ingress-nginx upstream-hash-by: lua-resty-balancer's ring, 160 chained CRC-32 points for
   each endpoint "ip:port", all of weight 1; a key goes to the first point not below its own
   CRC-32.  ingress-nginx rootfs/etc/nginx/lua/balancer/chash.lua, lua-resty-balancer
   lib/resty/chash.lua */
#include "models/blocks/crc_ring.h"

#include "sim/engine/hash.h"

#include <string.h>

enum { INGRESS_NGINX_HASH_DIGITS = 20 };

struct ingress_nginx_hash_state {
    struct ring ring;
    bool stale;
};

static void ingress_nginx_hash_init(void *memory, const void *config, const struct view *view,
                                    struct rng *rng, struct arena *arena)
{
    (void)config, (void)view, (void)rng;
    ring_init(&((struct ingress_nginx_hash_state *)memory)->ring, 32, arena);
}

static void ingress_nginx_hash_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ingress_nginx_hash_state *state = memory;
    ring_reserve(&state->ring, (uint64_t)view->count * CRC_RING_POINTS);
    state->stale = true;
}

static void ingress_nginx_hash_build(struct ingress_nginx_hash_state *state,
                                     const struct view *view)
{
    ring_clear(&state->ring);
    for (backend_id i = 0; i < view->count; i++) {
        const char *id = view->backends[i].address;
        if (view->is_up[i])
            crc_ring_add(&state->ring, hash_crc32_more(HASH_CRC32_BEGIN, id, strlen(id)),
                         CRC_RING_POINTS, i);
    }
    ring_sort(&state->ring);
    state->stale = false;
}

static backend_id ingress_nginx_hash_pick(void *memory, const struct view *view,
                                          const struct request *request, struct rng *rng)
{
    (void)rng;
    struct ingress_nginx_hash_state *state = memory;
    if (state->stale)
        ingress_nginx_hash_build(state, view);
    char digits[INGRESS_NGINX_HASH_DIGITS];
    size_t size;
    const char *key = policy_key(request, digits, &size);
    uint32_t hash = request->has_hash ? (uint32_t)request->hash : hash_crc32(key, size);
    uint32_t place = ring_find(&state->ring, hash);
    while (!view->is_eligible[ring_owner(&state->ring, place)])
        place = ring_next(&state->ring, place);
    return ring_owner(&state->ring, place);
}

const struct policy_ops policy_ingress_nginx_hash = {
    .kind = {.name = "ingress_nginx.hash",
             .summary = "ingress-nginx upstream-hash-by: a ring of chained CRC-32 points"},
    .traits = POLICY_CONSISTENT | POLICY_UNWEIGHTED,
    .tie_rule = "the first of the list among points with the same hash",
    .cost = "O(1) a pick; O(n) a change, 160 points a pod",
    .source = "ingress-nginx rootfs/etc/nginx/lua/balancer/chash.lua",
    .state_size = sizeof(struct ingress_nginx_hash_state),
    .init = ingress_nginx_hash_init,
    .update = ingress_nginx_hash_update,
    .pick = ingress_nginx_hash_pick,
};
