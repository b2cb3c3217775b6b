/* SPDX-License-Identifier: GPL-3.0-or-later
   Each way of an attempt draws its own delay, keyed as those of the network. */
#include "models/tier_way.h"

#include "models/state.h"
#include "models/tier.h"
#include "sim/engine/dist.h"

static sim_time tier_way_delay(const struct tier *tier, const struct trace_row *row,
                               uint64_t what)
{
    if (tier->constant)
        return tier->delay;
    struct rng rng;
    attempt_stream(&rng, tier->delay_key + what, row);
    return sim_time_of(dist_draw(&tier->config->to_backend, &rng));
}

sim_time tier_way_delay_inwards(const struct world *world, const struct trace_row *row,
                                uint64_t what)
{
    sim_time delay = 0;
    for (uint32_t i = 0; i < world->outer_count; i++)
        delay += tier_way_delay(&world->outer[i], row, what);
    return delay;
}

/* What zones add between a tier and the next. */
static RARE sim_time tier_way_crossing(const struct world *world, uint32_t index, uint32_t slot,
                                       uint64_t way)
{
    const struct path_hop *hop = &path_find(world, slot)->hops[index];
    struct place from = place_of_instance(world, index, hop->instance);
    struct place to = place_of_instance(world, index + 1, hop->backend);
    return place_delay(world, from.zone_number, to.zone_number, PLACE_TIER_LEG(index, way),
                       &world->pool.attempts[slot].row, 0);
}

bool tier_way_travel(struct world *world, uint32_t index, uint32_t slot, uint64_t way)
{
    const struct tier *tier = &world->outer[index];
    const struct attempt *attempt = world_attempt(world, slot);
    unsigned kind = way == TIER_WAY_BACK ? EVENT_BACK_AT_TIER : EVENT_AT_TIER;
    sim_time delay = tier_way_delay(tier, &attempt->row, way);
    sim_time more = world->places.far ? tier_way_crossing(world, index, slot, way) : 0;
    struct trace_hops *hops = hops_of(world, slot);
    *(way == TIER_WAY_BACK ? &hops->back[index + 1] : &hops->there[index + 1]) = delay + more;
    if (tier->constant && delay > 0 && more == 0)
        event_lane_push(world->queue, tier->delay_lane, world->now + delay, kind, slot,
                        attempt->ticket, 0);
    else if (delay + more > 0)
        event_push(world->queue, world->now + delay + more, kind, slot, attempt->ticket, 0);
    return delay + more == 0;
}

sim_time tier_way_entry(const struct world *world, const struct path *path, uint32_t slot,
                        enum network_way way)
{
    if (!world->places.far)
        return 0;
    const struct trace_row *row = &world->pool.attempts[slot].row;
    struct place entry = place_of_instance(world, 0, path->hops[0].instance);
    return place_delay(world, world->places.clients[row->client], entry.zone_number, way, row,
                       0);
}
