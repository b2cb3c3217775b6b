/* SPDX-License-Identifier: GPL-3.0-or-later
   News of pods on their way to the balancers:

     changed -> (no delay) -> known to all
             -> gathered for `batch` -> sent -> its delay to each instance -> known there, or
             -> heard there -> [the last sync is long enough ago] -> its rules written -> known */
#include "models/endpoints.h"

#include "models/state.h"
#include "models/topology.h"
#include "sim/engine/dist.h"

#include <stdlib.h>

const struct param endpoints_params[] = {
    {.key = "delay", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct endpoints_config, delay, struct param_kind),
     .of.kinds = &dist_kinds,
     .help = "until an update reaches a balancer instance, drawn for each anew"},
    {.key = "batch", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct endpoints_config, batch, sim_time), .fallback = "0s",
     .max = 3600e9, .help = "an update waits so long for further changes before it is sent"},
    PARAM_END,
};

static const struct endpoints_config *endpoints_config(const struct world *world)
{
    return &world->scenario->endpoints;
}

void endpoints_open(struct world *world)
{
    bool syncs = decision_syncs(&world->tier->decision_cost) != NULL;
    if (endpoints_config(world)->delay.kind == NULL && !syncs)
        return;
    struct endpoints *endpoints = &world->endpoints;
    uint32_t count = world->balancer_count;
    if (syncs)
        endpoints->syncs = arena_take(&world->arena, count, sizeof *endpoints->syncs);
    endpoints->known = arena_take(&world->arena, count, sizeof *endpoints->known);
    endpoints->rngs = arena_take(&world->arena, count, sizeof *endpoints->rngs);
    for (uint32_t i = 0; i < count; i++)
        rng_open(&endpoints->rngs[i], world->key, "endpoints", i);
}

void endpoints_close(struct world *world)
{
    free(world->endpoints.news);
}

/* The policy is told once of all of it. */
static void endpoints_apply(struct world *world, uint32_t index,
                            const struct endpoints_news *news, uint32_t count)
{
    struct backends *backends = &world->balancers[index].backends;
    for (uint32_t i = 0; i < count; i++) {
        enum membership_change change = news[i].change;
        if (change == MEMBERSHIP_ADD || change == MEMBERSHIP_REMOVE)
            backends_set_member(backends, news[i].slot, change == MEMBERSHIP_ADD);
        else if (change == MEMBERSHIP_DOWN || change == MEMBERSHIP_UP)
            backends_set_up(backends, news[i].slot, change == MEMBERSHIP_UP);
    }
    bool chooses = world->tier->topology != TOPOLOGY_NONE;
    if (chooses)
        topology_follow(world, index);
    for (uint32_t i = 0; world->guards != NULL && i < count; i++)
        if (chooses || backends_is_reached(backends, news[i].slot))
            guard_follow(world, index, news[i].slot, news[i].change);
    balancer_rebuild(world, index);
    if (world->guards != NULL)
        guard_note(world, index);
}

static void endpoints_tell_all(struct world *world, uint32_t from)
{
    struct endpoints *endpoints = &world->endpoints;
    for (uint32_t i = 0; i < world->balancer_count; i++)
        endpoints_apply(world, i, endpoints->news + from, endpoints->count - from);
    endpoints->count = from;
    balancer_wake(world);
}

void endpoints_publish(struct world *world, enum membership_change change,
                       const uint32_t *slots, uint32_t count)
{
    struct endpoints *endpoints = &world->endpoints;
    uint32_t from = endpoints->count;
    if (count > endpoints->room - from) {
        endpoints->room = 2 * (from + count);
        endpoints->news =
            memory_grow(endpoints->news, endpoints->room, sizeof *endpoints->news);
    }
    for (uint32_t i = 0; i < count; i++)
        endpoints->news[endpoints->count++] = (struct endpoints_news){change, slots[i]};
    if (endpoints->known == NULL || change == MEMBERSHIP_WEIGHT) {
        endpoints_tell_all(world, from);
    } else if (!endpoints->gathers) {
        endpoints->gathers = true;
        event_push(world->queue, world->now + endpoints_config(world)->batch,
                   EVENT_ENDPOINTS_SENT, 0, 0, 0);
    }
}

void endpoints_send(struct world *world)
{
    struct endpoints *endpoints = &world->endpoints;
    endpoints->gathers = false;
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        double delay = dist_draw(&endpoints_config(world)->delay, &endpoints->rngs[i]);
        event_push(world->queue, world->now + sim_time_of(delay), EVENT_ENDPOINTS, i, 0,
                   endpoints->count);
    }
}

static void endpoints_learn(struct world *world, uint32_t balancer, uint32_t count)
{
    struct endpoints *endpoints = &world->endpoints;
    uint32_t known = endpoints->known[balancer];
    if (count <= known)
        return;
    endpoints->known[balancer] = count;
    endpoints_apply(world, balancer, endpoints->news + known, count - known);
    balancer_wake(world);
}

static void endpoints_plan_sync(struct world *world, uint32_t balancer)
{
    struct endpoints_sync *sync = &world->endpoints.syncs[balancer];
    if (sync->is_planned || sync->heard == world->endpoints.known[balancer])
        return;
    sync->is_planned = true;
    event_push(world->queue, sync->next > world->now ? sync->next : world->now, EVENT_SYNC,
               balancer, 0, 0);
}

void endpoints_arrive(struct world *world, uint32_t balancer, uint32_t count)
{
    if (world->endpoints.syncs == NULL) {
        endpoints_learn(world, balancer, count);
        return;
    }
    struct endpoints_sync *sync = &world->endpoints.syncs[balancer];
    sync->heard = count > sync->heard ? count : sync->heard;
    endpoints_plan_sync(world, balancer);
}

void endpoints_sync(struct world *world, uint32_t balancer)
{
    const struct decision_rules *rules = decision_syncs(&world->tier->decision_cost);
    struct endpoints_sync *sync = &world->endpoints.syncs[balancer];
    uint32_t pods = world->balancers[balancer].backends.up_count;
    sync->next = world->now + rules->sync_period;
    event_push(world->queue, world->now + decision_rules_sync(rules, pods), EVENT_SYNCED,
               balancer, 0, sync->heard);
}

void endpoints_synced(struct world *world, uint32_t balancer, uint32_t count)
{
    world->endpoints.syncs[balancer].is_planned = false;
    endpoints_learn(world, balancer, count);
    endpoints_plan_sync(world, balancer);
}
