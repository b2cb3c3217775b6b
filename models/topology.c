/* SPDX-License-Identifier: GPL-3.0-or-later
   All that matters of an endpoint is its zone, or the zone that it is hinted for, and its
   node. */
#include "models/topology.h"

#include "models/hints.h"
#include "models/state.h"
#include "models/tier.h"
#include "models/tiers.h"

#include <stdlib.h>
#include <string.h>

/* The backends of an instance that are ready, and what they are compared by. */
struct topology_list {
    uint32_t *slots, *zones, *nodes, *hints;
    uint32_t count;
};

static void topology_list_free(struct topology_list *list)
{
    free(list->slots);
}

/* One piece of memory, to be freed by the caller. */
static struct topology_list topology_list_make(uint32_t room)
{
    uint32_t *memory = memory_take(4 * (size_t)room + 1, sizeof *memory);
    return (struct topology_list){.slots = memory,
                                  .zones = memory + room,
                                  .nodes = memory + 2 * (size_t)room,
                                  .hints = memory + 3 * (size_t)room};
}

static void topology_list_add(struct topology_list *list, const struct world *world,
                              uint32_t tier, uint32_t slot)
{
    uint32_t i = list->count++;
    list->slots[i] = slot;
    if (tier == world->outer_count) {
        list->zones[i] = world->places.pods[slot].zone;
        list->nodes[i] = world->places.pods[slot].node;
    } else {
        struct place place = place_of_instance(world, tier + 1, slot);
        list->zones[i] = place.zone_number;
        list->nodes[i] = place.node_number;
    }
}

/* Whether every endpoint has an entry and some entry is the wanted one. */
static bool topology_offers(const uint32_t *entries, uint32_t count, uint32_t wanted)
{
    bool some = false;
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i] == 0)
            return false;
        some |= entries[i] == wanted;
    }
    return some;
}

/* What an endpoint's node is to the proxy's own. */
enum topology_node { TOPOLOGY_UNKNOWN, TOPOLOGY_HERE, TOPOLOGY_ELSEWHERE };

static void topology_compare_nodes(struct topology_list *list, struct place here)
{
    for (uint32_t i = 0; i < list->count; i++) {
        bool same = list->nodes[i] == here.node_number && list->zones[i] == here.zone_number;
        list->hints[i] = same ? TOPOLOGY_HERE : TOPOLOGY_ELSEWHERE;
        if (list->nodes[i] == 0)
            list->hints[i] = TOPOLOGY_UNKNOWN;
    }
}

/* Which of the lists decides; NULL: all are taken. */
static const uint32_t *topology_choose(const struct world *world, uint32_t tier,
                                       struct topology_list *list, struct place here)
{
    const struct places *places = &world->places;
    enum balancer_topology topology = tiers_config(world, tier)->topology;
    if (topology == TOPOLOGY_HINTS) {
        struct hints_order order = {list->zones, list->count, places->zone_nodes,
                                    places->zone_count};
        bool on = hints_assign(&order, list->hints) == HINTS_ON &&
                  topology_offers(list->hints, list->count, here.zone_number);
        return on ? list->hints : NULL;
    }
    if (topology == TOPOLOGY_PREFER_NODE && here.node_number > 0) {
        topology_compare_nodes(list, here);
        if (topology_offers(list->hints, list->count, TOPOLOGY_HERE))
            return list->hints;
    }
    return topology_offers(list->zones, list->count, here.zone_number) ? list->zones : NULL;
}

/* Those in the list that decides; others of the world's slots are not asked for. */
static void topology_fill(const struct world *world, uint32_t tier, uint32_t instance,
                          struct topology_list *list, uint8_t *reached)
{
    struct place here = place_of_instance(world, tier, instance);
    const uint32_t *entries = topology_choose(world, tier, list, here);
    bool by_node = tiers_config(world, tier)->topology == TOPOLOGY_PREFER_NODE &&
                   entries == list->hints;
    uint32_t wanted = by_node ? TOPOLOGY_HERE : here.zone_number;
    for (uint32_t i = 0; i < list->count; i++)
        reached[list->slots[i]] = entries == NULL || entries[i] == wanted;
}

uint8_t *topology_reach(struct world *world, uint32_t tier, uint32_t instance,
                        uint32_t members)
{
    if (tiers_config(world, tier)->topology == TOPOLOGY_NONE)
        return place_reach(world, tier, instance);
    bool last = tier == world->outer_count;
    uint32_t count = last ? world->pod_count : world->outer[tier].backend_count;
    uint8_t *reached = arena_take(&world->arena, count, sizeof *reached);
    struct topology_list list = topology_list_make(members);
    for (uint32_t slot = 0; slot < members; slot++)
        topology_list_add(&list, world, tier, slot);
    topology_fill(world, tier, instance, &list, reached);
    topology_list_free(&list);
    return reached;
}

void topology_follow(struct world *world, uint32_t index)
{
    struct balancer *balancer = &world->balancers[index];
    struct backends *backends = &balancer->backends;
    struct topology_list list = topology_list_make(world->pod_count);
    for (uint32_t slot = 0; slot < world->pod_count; slot++)
        if (backends_is_listed(backends, slot) && !(backends->marks[slot] & BACKENDS_DOWN))
            topology_list_add(&list, world, world->outer_count, slot);
    topology_fill(world, world->outer_count, index, &list, balancer->reached);
    topology_list_free(&list);
    backends_reach(backends);
}

/* -- before a run -- */

/* The number of the zone of each group, from 1 in the order in which they come. */
static uint32_t topology_number_groups(const struct scenario *scenario, uint32_t *numbers)
{
    uint32_t count = 0;
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const char *zone = PARAM_ITEM(scenario->pods, struct scenario_pods, i)->zone;
        numbers[i] = zone == NULL ? 0 : count + 1;
        for (size_t k = 0; zone != NULL && k < i; k++) {
            const char *other = PARAM_ITEM(scenario->pods, struct scenario_pods, k)->zone;
            if (other != NULL && strcmp(other, zone) == 0) {
                numbers[i] = numbers[k];
                break;
            }
        }
        count += numbers[i] > count;
    }
    return count;
}

unsigned topology_hints_at_start(const struct scenario *scenario)
{
    size_t groups = scenario->pods.count;
    struct topology_list list = topology_list_make((uint32_t)scenario_pod_count(scenario));
    uint32_t *numbers = memory_zeroed(groups, sizeof *numbers);
    uint32_t *nodes = memory_zeroed(groups + 1, sizeof *nodes);
    uint32_t count = topology_number_groups(scenario, numbers);
    for (size_t i = 0; i < groups; i++) {
        const struct scenario_pods *group = PARAM_ITEM(scenario->pods, struct scenario_pods, i);
        if (group->nodes < UINT64_MAX && group->nodes > nodes[numbers[i]])
            nodes[numbers[i]] = (uint32_t)group->nodes;
        for (uint64_t k = 0; k < group->count; k++)
            list.zones[list.count++] = numbers[i];
    }
    struct hints_order order = {list.zones, list.count, nodes, count};
    unsigned state = hints_assign(&order, list.hints);
    topology_list_free(&list);
    free(numbers);
    free(nodes);
    return state;
}
