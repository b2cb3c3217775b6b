/* SPDX-License-Identifier: GPL-3.0-or-later
   One record for each slot of the pool, and one for each row of the block. */
#include "models/hops.h"

#include "models/state.h"
#include "models/tier.h"

#include <stdlib.h>

_Static_assert((int)SCENARIO_TIERS_MAX == (int)HOPS_TIERS_MAX, "a record has room for all");

void hops_open(struct world *world, trace_hopped *taker)
{
    if (!world->keeps_paths)
        return;
    world->hops.taker = taker;
    world->block_limit = 1;
    world->hops.block =
        arena_take(&world->arena, TRACE_BLOCK_ROWS, sizeof *world->hops.block);
}

void hops_close(struct world *world)
{
    free(world->hops.by_slot);
}

static void hops_cover(struct world *world)
{
    struct hop_book *book = &world->hops;
    if (book->room == world->pool.room)
        return;
    book->room = world->pool.room;
    book->by_slot = memory_grow(book->by_slot, book->room, sizeof *book->by_slot);
}

struct trace_hops *hops_of(const struct world *world, uint32_t slot)
{
    return &world->hops.by_slot[slot];
}

void hops_begin(struct world *world, uint32_t slot)
{
    hops_cover(world);
    *hops_of(world, slot) = (struct trace_hops){0};
}

void hops_join(struct world *world, uint32_t slot, uint32_t other)
{
    hops_cover(world);
    *hops_of(world, slot) = *hops_of(world, other);
}

void hops_leg(struct world *world, uint32_t slot, enum network_way way, sim_time more)
{
    sim_time delay = network_delay(world, way, &world_attempt(world, slot)->row, 0);
    struct trace_hops *hops = hops_of(world, slot);
    *(way == NETWORK_TO_BALANCER ? &hops->there[0] : &hops->back[0]) = delay + more;
}

void hops_hand_on(struct world *world, uint32_t slot)
{
    world->hops.block[world->block_count - 1] = *hops_of(world, slot);
}

void hops_name_tiers(struct world *world)
{
    if (!world->keeps_paths && world->balancer_count == 1)
        return;
    for (uint32_t i = 0; i < world->outer_count; i++)
        roster_tier(&world->roster, world->outer[i].config->name, world->outer[i].count);
    roster_tier(&world->roster, world->tier->name, world->balancer_count);
}
