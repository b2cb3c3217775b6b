/* SPDX-License-Identifier: GPL-3.0-or-later
   The line of weights that nginx draws servers from. */
#include "models/blocks/nginx_draw.h"

void nginx_draw_init(struct nginx_draw *draw, uint32_t capacity, struct arena *arena)
{
    draw->server = arena_take(arena, capacity, sizeof *draw->server);
    draw->begin = arena_take(arena, capacity, sizeof *draw->begin);
}

void nginx_draw_update(struct nginx_draw *draw, const struct nginx_peers *peers,
                       const struct view *view)
{
    draw->total = 0;
    draw->count = 0;
    for (backend_id i = 0; i < view->count; i++) {
        if (peers->smooth.weight[i] == 0)
            continue;
        draw->server[draw->count] = i;
        draw->begin[draw->count++] = draw->total;
        draw->total += (uint64_t)peers->smooth.weight[i];
    }
}

backend_id nginx_draw_one(const struct nginx_draw *draw, struct rng *rng)
{
    uint64_t point = rng_below(rng, draw->total);
    uint32_t low = 0, high = draw->count;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (point < draw->begin[middle])
            high = middle;
        else
            low = middle;
    }
    return draw->server[low];
}
