/* SPDX-License-Identifier: GPL-3.0-or-later
   Slots by weight and the search with up to 20 tries of nginx's hash and ip_hash. */
#include "models/blocks/nginx_slots.h"

void nginx_slots_init(struct nginx_slots *slots, const struct view *view,
                      struct arena *arena)
{
    slots->backends = arena_take(arena, view->capacity, sizeof *slots->backends);
    slots->ends = arena_take(arena, view->capacity, sizeof *slots->ends);
}

void nginx_slots_update(struct nginx_slots *slots, const struct nginx_peers *peers,
                        const struct view *view)
{
    uint64_t end = 0;
    slots->count = slots->members = 0;
    for (backend_id i = 0; i < view->count; i++) {
        if (!view->is_member[i])
            continue;
        slots->members++;
        if (peers->smooth.weight[i] <= 0)
            continue;
        end += (uint64_t)peers->smooth.weight[i];
        slots->backends[slots->count] = i;
        slots->ends[slots->count++] = end;
    }
}

backend_id nginx_slots_at(const struct nginx_slots *slots, uint64_t hash)
{
    uint64_t place = hash % slots->ends[slots->count - 1];
    uint32_t low = 0, high = slots->count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (slots->ends[middle] <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return slots->backends[low];
}

enum nginx_step nginx_slots_step(struct nginx_walk *walk, const struct nginx_peers *peers,
                                 const struct view *view, const struct request *request,
                                 backend_id backend)
{
    bool replays = walk->replayed < request->tried_count;
    if (replays && request->tried[walk->replayed] == backend) {
        walk->replayed++;
        return NGINX_STEP_MISS;
    }
    if (!replays && nginx_peers_is_usable(peers, view, request, backend))
        return NGINX_STEP_TAKE;
    return ++walk->tries > NGINX_WALK_MAX ? NGINX_STEP_GIVE_UP : NGINX_STEP_MISS;
}
