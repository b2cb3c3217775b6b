/* SPDX-License-Identifier: GPL-3.0-or-later
   Carries attempts between client, balancer and pod. */
#include "models/network.h"

#include "models/state.h"
#include "sim/engine/dist.h"

static const enum event_kind network_arrival[NETWORK_LEGS] = {
    [NETWORK_TO_BALANCER] = EVENT_AT_BALANCER,
    [NETWORK_TO_POD] = EVENT_AT_POD,
    [NETWORK_FROM_POD] = EVENT_BACK_AT_BALANCER,
    [NETWORK_TO_CLIENT] = EVENT_BACK_AT_CLIENT,
};

void network_open(struct world *world)
{
    const struct scenario_network *network = &world->scenario->network;
    for (unsigned way = 0; way < NETWORK_LEGS; way++) {
        bool to_pod = way == NETWORK_TO_POD || way == NETWORK_FROM_POD;
        struct network_leg *leg = &world->legs[way];
        leg->delay = to_pod ? &network->to_pod : &network->to_balancer;
        leg->constant = dist_is_constant(leg->delay);
        if (leg->constant)
            leg->fixed = sim_time_of(dist_mean(leg->delay));
        bool bent = to_pod && world->plan.bends_network;
        leg->instant = leg->constant && leg->fixed == 0 && !bent;
        if (leg->constant && !leg->instant)
            leg->lane = event_lane_open(world->queue, (struct event_tickets){0});
        leg->key = rng_key(world->key, "network", way);
    }
}

static sim_time network_draw(const struct network_leg *leg, const struct trace_row *row,
                             uint64_t what)
{
    struct rng rng;
    rng_seed(&rng, (leg->key + what) ^ (row->request * UINT64_C(0xd1342543de82ef95) +
                               row->attempt * UINT64_C(0xaef17502108ef2d9)));
    return sim_time_of(dist_draw(leg->delay, &rng));
}

sim_time network_delay(const struct world *world, enum network_way way,
                       const struct trace_row *row, uint64_t what)
{
    const struct network_leg *leg = &world->legs[way];
    return leg->constant ? leg->fixed : network_draw(leg, row, what);
}

void network_carry(struct world *world, enum network_way way, uint32_t slot)
{
    const struct network_leg *leg = &world->legs[way];
    enum event_kind kind = network_arrival[way];
    if (world->plan.bends_network && (way == NETWORK_TO_POD || way == NETWORK_FROM_POD)) {
        sim_time delay = leg->constant
                             ? leg->fixed
                             : network_draw(leg, &world_attempt(world, slot)->row, 0);
        fault_pod_carry(world, way, slot, delay);
    } else if (!leg->constant) {
        sim_time delay = network_draw(leg, &world_attempt(world, slot)->row, 0);
        event_push(world->queue, world->now + delay, kind, slot, world_attempt(world, slot)->ticket,
                   world_attempt(world, slot)->row.pod);
    } else {
        event_lane_push(world->queue, leg->lane, world->now + leg->fixed, kind, slot,
                        world_attempt(world, slot)->ticket, 0);
    }
}
