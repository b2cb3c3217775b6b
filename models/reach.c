/* SPDX-License-Identifier: GPL-3.0-or-later
   It is known at once: the interval of a cloud's checks is left out. */
#include "models/reach.h"

#include "models/state.h"
#include "models/tier.h"

bool reach_is_vacant(const struct world *world, uint32_t instance)
{
    return world->tier->reach != REACH_ALL &&
           world->balancers[instance].backends.up_count == 0;
}

void reach_open(struct world *world)
{
    if (world->tier->reach == REACH_ALL || world->outer_count == 0)
        return;
    world->vacant = arena_take(&world->arena, world->balancer_count, sizeof *world->vacant);
    for (uint32_t i = 0; i < world->balancer_count; i++)
        world->vacant[i] = reach_is_vacant(world, i);
}

void reach_show(const struct world *world, struct backends *backends)
{
    for (uint32_t i = 0; i < world->balancer_count; i++)
        backends_set_up(backends, i, !world->vacant[i]);
    backends->view.now = world->now;
    backends_update(backends);
}

void reach_tell(struct world *world, uint32_t instance)
{
    bool vacant = reach_is_vacant(world, instance);
    if (world->vacant[instance] == vacant)
        return;
    world->vacant[instance] = vacant;
    tier_hear(world, world->outer_count - 1, instance, !vacant);
}
