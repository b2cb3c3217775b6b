/* SPDX-License-Identifier: GPL-3.0-or-later
   The weights that smooth weighted round robin keeps. */
#include "models/blocks/smooth.h"

void smooth_init(struct smooth *smooth, uint32_t capacity, struct arena *arena)
{
    smooth->weight = arena_take(arena, capacity, sizeof *smooth->weight);
    smooth->effective = arena_take(arena, capacity, sizeof *smooth->effective);
    smooth->current = arena_take(arena, capacity, sizeof *smooth->current);
}

void smooth_reset(struct smooth *smooth, backend_id backend, int64_t weight)
{
    smooth->weight[backend] = smooth->effective[backend] = weight;
    smooth->current[backend] = 0;
}
