/* SPDX-License-Identifier: GPL-3.0-or-later
   Carries attempts between client, balancer and pod. */
#include "models/network.h"

#include "models/state.h"
#include "models/tier.h"
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
        leg->held = to_pod ? world->plan.bends_network : world->keeps_paths;
        leg->bent = leg->held || world->places.far;
        leg->instant = leg->constant && leg->fixed == 0 && !leg->bent;
        leg->arrival = (uint8_t)network_arrival[way];
        if (way == NETWORK_TO_BALANCER && world->outer_count > 0)
            leg->arrival = EVENT_AT_TIER;
        if (leg->constant && !leg->instant)
            leg->lane = event_lane_open(world->queue, (struct event_tickets){0});
        leg->key = rng_key(world->key, "network", way);
    }
}

static sim_time network_draw(const struct network_leg *leg, const struct trace_row *row,
                             uint64_t what)
{
    struct rng rng;
    attempt_stream(&rng, leg->key + what, row);
    return sim_time_of(dist_draw(leg->delay, &rng));
}

/* What zones add between the balancer of an attempt and its pod, or its client. */
static RARE sim_time network_crossing(const struct world *world, enum network_way way,
                                      const struct trace_row *row, uint64_t what)
{
    bool to_pod = way == NETWORK_TO_POD || way == NETWORK_FROM_POD;
    uint32_t other =
        to_pod ? world->places.pods[row->pod].zone : world->places.clients[row->client];
    return place_delay(world, world->balancers[row->balancer].place.zone_number, other, way,
                       row, what);
}

sim_time network_delay(const struct world *world, enum network_way way,
                       const struct trace_row *row, uint64_t what)
{
    const struct network_leg *leg = &world->legs[way];
    sim_time delay = leg->constant ? leg->fixed : network_draw(leg, row, what);
    return world->places.far ? delay + network_crossing(world, way, row, what) : delay;
}

/* By an event, where the leg takes any time. */
static void network_push(struct world *world, enum network_way way, uint32_t slot)
{
    const struct network_leg *leg = &world->legs[way];
    const struct attempt *attempt = world_attempt(world, slot);
    if (leg->constant)
        event_lane_push(world->queue, leg->lane, world->now + leg->fixed, leg->arrival, slot,
                        attempt->ticket, 0);
    else
        event_push(world->queue, world->now + network_draw(leg, &attempt->row, 0),
                   leg->arrival, slot, attempt->ticket, attempt->row.pod);
}

static RARE void network_push_later(struct world *world, enum network_way way, uint32_t slot,
                                    sim_time more)
{
    const struct network_leg *leg = &world->legs[way];
    const struct attempt *attempt = world_attempt(world, slot);
    sim_time delay = leg->constant ? leg->fixed : network_draw(leg, &attempt->row, 0);
    event_push(world->queue, world->now + delay + more, leg->arrival, slot, attempt->ticket,
               attempt->row.pod);
}

bool network_pass(struct world *world, enum network_way way, uint32_t slot, sim_time more)
{
    const struct network_leg *leg = &world->legs[way];
    if (more > 0)
        network_push_later(world, way, slot, more);
    else if (leg->constant && leg->fixed == 0)
        return true;
    else
        network_push(world, way, slot);
    return false;
}

/* Where only zones have a part in it. */
static void network_cross(struct world *world, enum network_way way, uint32_t slot)
{
    static void (*const arrive[NETWORK_LEGS])(struct world *world, uint32_t slot) = {
        [NETWORK_TO_BALANCER] = balancer_receive,
        [NETWORK_TO_POD] = pod_receive,
        [NETWORK_FROM_POD] = balancer_answer,
        [NETWORK_TO_CLIENT] = client_answer,
    };
    sim_time more = network_crossing(world, way, &world_attempt(world, slot)->row, 0);
    if (network_pass(world, way, slot, more))
        arrive[way](world, slot);
}

static RARE void network_bend(struct world *world, enum network_way way, uint32_t slot)
{
    if (!world->legs[way].held)
        network_cross(world, way, slot);
    else if (way == NETWORK_TO_BALANCER)
        tier_send(world, slot);
    else if (way == NETWORK_TO_CLIENT)
        tier_return(world, slot);
    else
        fault_pod_carry(world, way, slot,
                        network_delay(world, way, &world_attempt(world, slot)->row, 0));
}

void network_carry(struct world *world, enum network_way way, uint32_t slot)
{
    if (world->legs[way].bent)
        network_bend(world, way, slot);
    else
        network_push(world, way, slot);
}
