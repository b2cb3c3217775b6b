/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy src/lb_map.c.  For each slot every server gains its weight; the best by whole
   multiples of the total, so mostly the first declared of those not far behind, takes the
   slot and pays the total. */
#include "models/blocks/haproxy_map.h"

enum { HAPROXY_MAP_WEIGHT_MAX = 256 };

uint32_t haproxy_map_weight(double weight)
{
    if (weight <= 0)
        return 0;
    if (weight >= HAPROXY_MAP_WEIGHT_MAX)
        return HAPROXY_MAP_WEIGHT_MAX;
    return weight < 1.5 ? 1 : (uint32_t)(weight + 0.5);
}

void haproxy_map_init(struct haproxy_map *map, const struct view *view, struct arena *arena)
{
    *map = (struct haproxy_map){.arena = arena};
    map->weights = arena_take(arena, view->capacity, sizeof *map->weights);
    map->scores = arena_take(arena, view->capacity, sizeof *map->scores);
}

static uint32_t haproxy_map_divisor(uint32_t one, uint32_t other)
{
    while (other != 0) {
        uint32_t rest = one % other;
        one = other;
        other = rest;
    }
    return one;
}

/* The divisor is that of all servers configured, down or not. */
void haproxy_map_update(struct haproxy_map *map, const struct view *view)
{
    uint32_t divisor = 0, total = 0;
    for (backend_id i = 0; i < view->count; i++) {
        map->weights[i] = view->is_member[i] ? haproxy_map_weight(view->backends[i].weight) : 0;
        divisor = haproxy_map_divisor(map->weights[i], divisor);
    }
    for (backend_id i = 0; i < view->count; i++) {
        map->weights[i] /= divisor > 0 ? divisor : 1;
        total += map->weights[i];
    }
    if (total <= map->room)
        return;
    map->room = total > 2 * map->room ? total : 2 * map->room;
    map->slots = arena_take(map->arena, map->room, sizeof *map->slots);
}

static backend_id haproxy_map_best(struct haproxy_map *map, const struct view *view)
{
    int64_t total = map->count, most = 0;
    backend_id best = NO_BACKEND;
    for (backend_id i = 0; i < view->count; i++) {
        if (!view->is_up[i] || map->weights[i] == 0)
            continue;
        map->scores[i] += map->weights[i];
        int64_t score = (map->scores[i] + total) / total;
        if (best == NO_BACKEND || score > most) {
            best = i;
            most = score;
        }
    }
    map->scores[best] -= total;
    return best;
}

void haproxy_map_build(struct haproxy_map *map, const struct view *view)
{
    map->count = 0;
    for (backend_id i = 0; i < view->count; i++) {
        map->scores[i] = 0;
        map->count += view->is_up[i] ? map->weights[i] : 0;
    }
    for (uint32_t slot = 0; slot < map->count; slot++)
        map->slots[slot] = haproxy_map_best(map, view);
}
