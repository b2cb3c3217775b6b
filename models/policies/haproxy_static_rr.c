/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy static-rr: a map in which each server stands as often as its weight says, walked
   round and round.  Who goes or comes makes the map anew, the place in it stays.
   HAProxy: src/lb_map.c */
#include "models/blocks/haproxy_map.h"
#include "models/blocks/haproxy_weight.h"

struct haproxy_static_rr_state {
    struct haproxy_map map;
    uint32_t place;
    bool stale;
};

static void haproxy_static_rr_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct haproxy_static_rr_state *state = memory;
    haproxy_map_init(&state->map, view, arena);
}

static void haproxy_static_rr_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct haproxy_static_rr_state *state = memory;
    haproxy_map_update(&state->map, view);
    state->stale = true;
}

static backend_id haproxy_static_rr_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)rng;
    struct haproxy_static_rr_state *state = memory;
    const struct haproxy_map *map = &state->map;
    backend_id avoid = haproxy_avoided(request), avoided = NO_BACKEND;
    if (state->stale)
        haproxy_map_build(&state->map, view);
    state->stale = false;
    uint32_t place = state->place < map->count ? state->place : 0, after = place;
    for (uint32_t i = 0; i < map->count && (avoided == NO_BACKEND || avoided == avoid); i++) {
        backend_id backend = map->slots[place++];
        if (view->is_eligible[backend]) {
            avoided = backend;
            after = place;
        }
        if (place == map->count)
            place = 0;
    }
    if (avoided == NO_BACKEND)
        return haproxy_drained(view, avoid);
    state->place = after;
    return avoided;
}

const struct policy_ops policy_haproxy_static_rr = {
    .kind = {.name = "haproxy.static_rr",
             .summary = "Weighted round robin over a map that is fixed at the start"},
    .traits = POLICY_WEIGHTED | POLICY_WAITS,
    .tie_rule = "the first of the list",
    .differs = HAPROXY_DRAINED_DIFFERS,
    .cost = "O(1) a pick; O(n w) a change, w the sum of weights",
    .source = "HAProxy src/lb_map.c",
    .state_size = sizeof(struct haproxy_static_rr_state),
    .init = haproxy_static_rr_init,
    .update = haproxy_static_rr_update,
    .pick = haproxy_static_rr_pick,
};
