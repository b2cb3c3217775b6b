/* SPDX-License-Identifier: GPL-3.0-or-later
   Zones are numbered once, so that a run compares numbers. */
#include "models/place.h"

#include "models/policy.h"
#include "models/scenario_tiers.h"
#include "models/state.h"
#include "models/tier.h"
#include "models/tiers.h"
#include "sim/engine/dist.h"

#include <stdlib.h>
#include <string.h>

/* -- numbers -- */

static int place_compare_names(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

/* 0 for a name that nobody has, as for none. */
static uint32_t place_number(const struct places *places, const char *zone)
{
    if (zone == NULL || zone[0] == '\0' || places->zone_count == 0)
        return 0;
    const char *const *found = bsearch(&zone, places->zones, places->zone_count,
                                       sizeof *places->zones, place_compare_names);
    return found == NULL ? 0 : (uint32_t)(found - (const char *const *)places->zones) + 1;
}

static void place_add_name(struct places *places, const char *zone)
{
    if (zone != NULL && zone[0] != '\0')
        places->zones[places->zone_count++] = zone;
}

static void place_number_zones(struct world *world)
{
    const struct scenario *scenario = world->scenario;
    struct places *places = &world->places;
    size_t room = scenario->pods.count + scenario->clients.count;
    for (size_t i = 0; i < scenario->balancers.count; i++)
        room += scenario_tier(scenario, i)->zones.count;
    places->zones = arena_take(&world->arena, room, sizeof *places->zones);
    for (size_t i = 0; i < scenario->pods.count; i++)
        place_add_name(places, PARAM_ITEM(scenario->pods, struct scenario_pods, i)->zone);
    for (size_t i = 0; i < scenario->clients.count; i++)
        place_add_name(places,
                       PARAM_ITEM(scenario->clients, struct scenario_client, i)->zone);
    for (size_t i = 0; i < scenario->balancers.count; i++) {
        const struct param_list *zones = &scenario_tier(scenario, i)->zones;
        for (size_t k = 0; k < zones->count; k++)
            place_add_name(places, *PARAM_ITEM(*zones, char *, k));
    }
    qsort(places->zones, places->zone_count, sizeof *places->zones, place_compare_names);
    uint32_t count = 0;
    for (uint32_t i = 0; i < places->zone_count; i++)
        if (i == 0 || strcmp(places->zones[i], places->zones[count - 1]) != 0)
            places->zones[count++] = places->zones[i];
    places->zone_count = count;
}

/* -- distances -- */

static uint64_t place_pair(uint32_t one, uint32_t other)
{
    uint32_t low = one < other ? one : other, high = one < other ? other : one;
    return (uint64_t)low << 32 | high;
}

static int place_compare_pairs(const void *left, const void *right)
{
    const struct place_distance *a = left, *b = right;
    return a->pair < b->pair ? -1 : a->pair > b->pair;
}

static void place_measure(struct world *world)
{
    const struct scenario_network *network = &world->scenario->network;
    struct places *places = &world->places;
    places->distance_count = network->zones.count;
    places->distances =
        arena_take(&world->arena, network->zones.count + 1, sizeof *places->distances);
    for (size_t i = 0; i < network->zones.count; i++) {
        const struct scenario_distance *distance =
            PARAM_ITEM(network->zones, struct scenario_distance, i);
        uint32_t ends[2];
        for (size_t end = 0; end < 2; end++)
            ends[end] =
                place_number(places, *PARAM_ITEM(distance->between, char *, end));
        places->distances[i] =
            (struct place_distance){place_pair(ends[0], ends[1]), &distance->delay};
    }
    qsort(places->distances, places->distance_count, sizeof *places->distances,
          place_compare_pairs);
    places->far = network->zones.count > 0 || network->cross_zone.kind != NULL;
    places->key = rng_key(world->key, "zones", 0);
}

/* NULL: none. */
static const struct param_kind *place_distance(const struct world *world, uint32_t one,
                                               uint32_t other)
{
    if (one == other || one == 0 || other == 0)
        return NULL;
    const struct places *places = &world->places;
    struct place_distance wanted = {.pair = place_pair(one, other)};
    const struct place_distance *found =
        bsearch(&wanted, places->distances, places->distance_count, sizeof wanted,
                place_compare_pairs);
    if (found != NULL)
        return found->delay;
    const struct param_kind *others = &world->scenario->network.cross_zone;
    return others->kind != NULL ? others : NULL;
}

sim_time place_delay(const struct world *world, uint32_t one, uint32_t other, uint64_t leg,
                     const struct trace_row *row, uint64_t what)
{
    const struct param_kind *delay = place_distance(world, one, other);
    if (delay == NULL)
        return 0;
    struct rng rng;
    attempt_stream(&rng, world->places.key + what + leg * UINT64_C(0x9e3779b97f4a7c15), row);
    return sim_time_of(dist_draw(delay, &rng));
}

sim_time place_draw(const struct world *world, uint32_t one, uint32_t other, struct rng *rng)
{
    const struct param_kind *delay = place_distance(world, one, other);
    return delay != NULL ? sim_time_of(dist_draw(delay, rng)) : 0;
}

sim_time place_draw_to_pod(const struct world *world, uint32_t balancer, uint32_t pod,
                           struct rng *rng)
{
    if (!world->places.far)
        return 0;
    return place_draw(world, world->balancers[balancer].place.zone_number,
                      world->places.pods[pod].zone, rng);
}

/* -- who is where -- */

static void place_pods(struct world *world)
{
    struct places *places = &world->places;
    const struct scenario *scenario = world->scenario;
    places->zone_nodes =
        arena_take(&world->arena, places->zone_count + 1, sizeof *places->zone_nodes);
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const struct scenario_pods *group = PARAM_ITEM(scenario->pods, struct scenario_pods, i);
        uint32_t *nodes = &places->zone_nodes[place_number(places, group->zone)];
        if (group->nodes < UINT64_MAX && group->nodes > *nodes)
            *nodes = (uint32_t)group->nodes;
    }
    places->pods = arena_take(&world->arena, world->pod_count, sizeof *places->pods);
    for (uint32_t slot = 0; slot < world->pod_count; slot++) {
        const struct membership_pod *planned = &world->membership.pods[slot];
        const struct scenario_pods *group =
            PARAM_ITEM(scenario->pods, struct scenario_pods, planned->group);
        places->pods[slot].zone = place_number(places, group->zone);
        if (group->nodes < UINT64_MAX)
            places->pods[slot].node = 1 + planned->number % (uint32_t)group->nodes;
    }
}

void place_open(struct world *world)
{
    const struct scenario *scenario = world->scenario;
    struct places *places = &world->places;
    if (!scenario_place_is_used(scenario))
        return;
    place_number_zones(world);
    place_measure(world);
    place_pods(world);
    places->clients =
        arena_take(&world->arena, scenario->clients.count, sizeof *places->clients);
    for (size_t i = 0; i < scenario->clients.count; i++)
        places->clients[i] = place_number(
            places, PARAM_ITEM(scenario->clients, struct scenario_client, i)->zone);
    for (size_t tier = 0; tier < scenario->balancers.count; tier++) {
        places->tiers[tier] = scenario_place_instances(scenario, tier, &world->arena);
        for (uint64_t i = 0; i < scenario_tier(scenario, tier)->count; i++)
            places->tiers[tier][i].zone_number =
                place_number(places, places->tiers[tier][i].zone);
    }
}

static uint32_t place_instances(const struct world *world, uint32_t tier)
{
    return tier < world->outer_count ? world->outer[tier].count : world->balancer_count;
}

struct place place_of_instance(const struct world *world, uint32_t tier, uint32_t instance)
{
    const struct place *places = world->places.tiers[tier];
    bool stands_for_all = place_instances(world, tier) != tiers_config(world, tier)->count;
    if (places == NULL || stands_for_all)
        return (struct place){.zone = "", .node = ""};
    return places[instance];
}

uint8_t *place_reach(struct world *world, uint32_t tier, uint32_t instance)
{
    enum balancer_reach reach = (enum balancer_reach)tiers_config(world, tier)->reach;
    if (reach == REACH_ALL)
        return NULL;
    struct place from = place_of_instance(world, tier, instance);
    bool last = tier == world->outer_count;
    uint32_t count = last ? world->pod_count : world->outer[tier].backend_count;
    uint8_t *reached = arena_take(&world->arena, count, sizeof *reached);
    for (uint32_t i = 0; i < count; i++) {
        struct place_of to;
        if (last) {
            to = world->places.pods[i];
        } else {
            struct place next = place_of_instance(world, tier + 1, i);
            to = (struct place_of){next.zone_number, next.node_number};
        }
        reached[i] = to.zone == from.zone_number &&
                     (reach == REACH_ZONE || to.node == from.node_number);
    }
    return reached;
}
