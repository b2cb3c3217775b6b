/* SPDX-License-Identifier: GPL-3.0-or-later
   Instance i of a tier is in zone i mod n of its list, and on node i mod n of its list; a node
   says more of where it is than a list of zones. */
#include "models/scenario_place.h"

#include "models/hints.h"
#include "models/policy.h"
#include "models/scenario_tiers.h"
#include "models/topology.h"
#include "sim/engine/dist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct param scenario_place_zone = {
    .key = "between", .type = PARAM_NAME, .help = "a zone"};

static const struct param scenario_distance_params[] = {
    {.key = "between", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario_distance, between, struct param_list), .min = 2,
     .max = 2, .of.item = &scenario_place_zone, .help = "two zones"},
    {.key = "delay", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_distance, delay, struct param_kind),
     .of.kinds = &dist_kinds,
     .help = "one way, added to all that goes from one to the other; each way draws its own"},
    PARAM_END,
};

const struct param scenario_distance_item = {
    .key = "zones", .type = PARAM_MAP, .of.fields = scenario_distance_params,
    .size = sizeof(struct scenario_distance), .help = "how far two zones are from one another"};

/* -- nodes -- */

static const struct scenario_pods *scenario_place_group(const struct scenario *scenario,
                                                        size_t index)
{
    return PARAM_ITEM(scenario->pods, struct scenario_pods, index);
}

static const char *scenario_place_zone_of(const struct scenario_pods *group)
{
    return group->zone != NULL ? group->zone : "";
}

/* How many nodes the zone of a group has: as many as the largest of its groups; 0 where an
   earlier group told already, or nobody knows. */
static uint32_t scenario_place_nodes(const struct scenario *scenario, size_t index)
{
    const char *zone = scenario_place_zone_of(scenario_place_group(scenario, index));
    uint64_t most = 0;
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const struct scenario_pods *group = scenario_place_group(scenario, i);
        if (group->nodes == UINT64_MAX || strcmp(scenario_place_zone_of(group), zone) != 0)
            continue;
        if (i < index)
            return 0;
        most = group->nodes > most ? group->nodes : most;
    }
    return (uint32_t)most;
}

static bool scenario_place_has_nodes(const struct scenario_pods *group)
{
    return group->nodes < UINT64_MAX;
}

uint64_t scenario_place_node_count(const struct scenario *scenario)
{
    uint64_t count = 0;
    for (size_t i = 0; i < scenario->pods.count; i++)
        if (scenario_place_has_nodes(scenario_place_group(scenario, i)))
            count += scenario_place_nodes(scenario, i);
    return count;
}

/* The number of the node called so in the zone of a group, from 1; 0: there is none. */
static uint32_t scenario_place_match(const struct scenario_pods *group, const char *name)
{
    const char *digits = strrchr(name, '-');
    char node[SCENARIO_NODE_BYTES], *end;
    if (!scenario_place_has_nodes(group) || digits == NULL || digits[1] == '\0')
        return 0;
    unsigned long number = strtoul(digits + 1, &end, 10);
    if (*end != '\0' || number >= group->nodes)
        return 0;
    scenario_node(group, (uint32_t)number, node);
    return strcmp(node, name) == 0 ? (uint32_t)number + 1 : 0;
}

/* False: there is no such node. */
static bool scenario_place_find(const struct scenario *scenario, const char *name,
                                struct place *place)
{
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const struct scenario_pods *group = scenario_place_group(scenario, i);
        uint32_t number = scenario_place_match(group, name);
        if (number == 0)
            continue;
        *place = (struct place){.zone = scenario_place_zone_of(group), .node = name,
                                .node_number = number};
        return true;
    }
    return false;
}

static bool scenario_place_is_each(const struct scenario_balancer *tier)
{
    return tier->nodes.count == 1 &&
           strcmp(*PARAM_ITEM(tier->nodes, char *, 0), "each") == 0;
}

/* -- instances -- */

static void scenario_place_each(const struct scenario *scenario, struct place *places,
                                size_t count, struct arena *arena)
{
    size_t place = 0;
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const struct scenario_pods *group = scenario_place_group(scenario, i);
        struct scenario_pods all = *group;
        all.nodes = scenario_place_has_nodes(group) ? scenario_place_nodes(scenario, i) : 0;
        for (uint32_t k = 0; k < all.nodes && place < count; k++) {
            char node[SCENARIO_NODE_BYTES];
            scenario_node(&all, k, node);
            places[place++] = (struct place){
                .zone = scenario_place_zone_of(group),
                .node = arena_copy_text(arena, node, strlen(node)),
                .node_number = k + 1,
            };
        }
    }
}

struct place *scenario_place_instances(const struct scenario *scenario, size_t tier,
                                       struct arena *arena)
{
    const struct scenario_balancer *config = scenario_tier(scenario, tier);
    struct place *places = arena_take(arena, config->count, sizeof *places);
    size_t nodes = config->nodes.count, zones = config->zones.count;
    for (size_t i = 0; i < config->count; i++)
        places[i] = (struct place){.zone = "", .node = ""};
    if (scenario_place_is_each(config))
        scenario_place_each(scenario, places, config->count, arena);
    else
        for (size_t i = 0; nodes > 0 && i < config->count; i++) {
            if (i < nodes)
                scenario_place_find(scenario, *PARAM_ITEM(config->nodes, char *, i),
                                    &places[i]);
            else
                places[i] = places[i % nodes];
        }
    for (size_t i = 0; zones > 0 && i < config->count; i++)
        if (places[i].zone[0] == '\0')
            places[i].zone = *PARAM_ITEM(config->zones, char *, i % zones);
    return places;
}

bool scenario_place_is_used(const struct scenario *scenario)
{
    bool used = scenario->network.zones.count > 0 || scenario->network.cross_zone.kind != NULL;
    for (size_t i = 0; i < scenario->clients.count; i++)
        used |= PARAM_ITEM(scenario->clients, struct scenario_client, i)->zone != NULL;
    for (size_t i = 0; i < scenario->balancers.count; i++) {
        const struct scenario_balancer *tier = scenario_tier(scenario, i);
        used |= tier->zones.count > 0 || tier->nodes.count > 0;
    }
    return used;
}

void scenario_place_settle(struct scenario *scenario, const struct config *config,
                           struct problems *problems)
{
    struct scenario_balancer *tiers = scenario->balancers.items;
    uint64_t count = scenario_place_node_count(scenario);
    for (size_t i = 0; i < scenario->balancers.count; i++) {
        struct scenario_balancer *tier = &tiers[i];
        if (!scenario_place_is_each(tier))
            continue;
        if (count == 0) {
            problem_add(problems, config_mark(config, &tier->nodes),
                        "there are no nodes to have a balancer on each");
            problem_hint(problems, "say with `nodes` of pods how many there are");
        } else if (count > SCENARIO_BALANCERS_MAX) {
            problem_add(problems, config_mark(config, &tier->nodes),
                        "there are %llu nodes to have a balancer on each",
                        (unsigned long long)count);
            problem_hint(problems, "at most %d balancers", SCENARIO_BALANCERS_MAX);
        } else if (tier->count != 1 && tier->count != count) {
            problem_add(problems, config_mark(config, &tier->count),
                        "there are %llu nodes, so %llu balancers are not one on each",
                        (unsigned long long)count, (unsigned long long)tier->count);
            problem_hint(problems, "leave `count` out, or make it %llu",
                         (unsigned long long)count);
        } else {
            tier->count = count;
        }
    }
}

/* -- mistakes -- */

static bool scenario_place_has_zone(const struct scenario *scenario, const char *zone)
{
    bool found = false;
    for (size_t i = 0; i < scenario->pods.count && !found; i++)
        found = strcmp(scenario_place_zone_of(scenario_place_group(scenario, i)), zone) == 0;
    for (size_t i = 0; i < scenario->clients.count && !found; i++) {
        const char *own = PARAM_ITEM(scenario->clients, struct scenario_client, i)->zone;
        found = own != NULL && strcmp(own, zone) == 0;
    }
    for (size_t i = 0; i < scenario->balancers.count && !found; i++) {
        const struct param_list *zones = &scenario_tier(scenario, i)->zones;
        for (size_t k = 0; k < zones->count && !found; k++)
            found = strcmp(*PARAM_ITEM(*zones, char *, k), zone) == 0;
    }
    return found;
}

static const char *scenario_place_end(const struct scenario_distance *distance, size_t end)
{
    return *PARAM_ITEM(distance->between, char *, end);
}

static bool scenario_place_is_same_pair(const struct scenario_distance *one,
                                        const struct scenario_distance *other)
{
    const char *a = scenario_place_end(one, 0), *b = scenario_place_end(one, 1);
    const char *c = scenario_place_end(other, 0), *d = scenario_place_end(other, 1);
    return (strcmp(a, c) == 0 && strcmp(b, d) == 0) || (strcmp(a, d) == 0 && strcmp(b, c) == 0);
}

static void scenario_place_check_distance(const struct scenario *scenario, size_t index,
                                          const struct config *config,
                                          struct problems *problems)
{
    const struct scenario_distance *distance =
        PARAM_ITEM(scenario->network.zones, struct scenario_distance, index);
    for (size_t end = 0; end < 2; end++) {
        const char *zone = scenario_place_end(distance, end);
        if (scenario_place_has_zone(scenario, zone))
            continue;
        problem_add(problems, config_mark(config, PARAM_ITEM(distance->between, char *, end)),
                    "nobody is in a zone called '%s'", zone);
        problem_hint(problems, "a zone of pods, clients or balancers");
    }
    if (strcmp(scenario_place_end(distance, 0), scenario_place_end(distance, 1)) == 0) {
        problem_add(problems, config_mark(config, &distance->between),
                    "from zone '%s' to itself there is no distance",
                    scenario_place_end(distance, 0));
        problem_hint(problems, "name two zones; within a zone `to_balancer` and `to_pod` are all");
    }
    for (size_t i = 0; i < index; i++) {
        if (!scenario_place_is_same_pair(
                PARAM_ITEM(scenario->network.zones, struct scenario_distance, i), distance))
            continue;
        problem_add(problems, config_mark(config, &distance->between),
                    "the distance between '%s' and '%s' is given twice",
                    scenario_place_end(distance, 0), scenario_place_end(distance, 1));
        problem_hint(problems, "it holds both ways: give it once");
        return;
    }
}

static void scenario_place_check_nodes(const struct scenario *scenario,
                                       const struct scenario_balancer *tier,
                                       const struct config *config, struct problems *problems)
{
    struct place place;
    for (size_t i = 0; i < tier->nodes.count && !scenario_place_is_each(tier); i++) {
        const char *const *node = PARAM_ITEM(tier->nodes, char *, i);
        if (scenario_place_find(scenario, *node, &place))
            continue;
        problem_add(problems, config_mark(config, node), "no pods are on a node called '%s'",
                    *node);
        problem_hint(problems, "nodes come with `nodes: COUNT` of pods and are called node-0, "
                               "node-1, … (in a zone: ZONE-node-0); `nodes: each` means all");
    }
}

/* With the tier's backends being pods it is known beforehand that hints are off. */
static void scenario_place_check_hints(const struct scenario *scenario, size_t index,
                                       const struct config *config, struct problems *problems)
{
    unsigned state = topology_hints_at_start(scenario);
    if (index + 1 < scenario->balancers.count || state == HINTS_ON)
        return;
    problem_warn(problems, config_mark(config, &scenario_tier(scenario, index)->topology),
                 "topology hints are off as the run begins: %s", hints_reasons[state]);
    problem_hint(problems, "all balancers send to all pods then, as in Kubernetes; where zones "
                           "have equally many nodes, a number of pods that is a multiple of "
                           "that of the zones will do");
}

/* Who sends only, or first, within its zone or node has to be somewhere. */
static void scenario_place_check_near(const struct scenario *scenario, size_t index,
                                       const struct config *config, struct problems *problems)
{
    const struct scenario_balancer *tier = scenario_tier(scenario, index);
    struct arena arena = {0};
    const struct place *places = scenario_place_instances(scenario, index, &arena);
    bool node = tier->reach == REACH_NODE || tier->topology == TOPOLOGY_PREFER_NODE;
    if (tier->reach != REACH_ALL && tier->topology != TOPOLOGY_NONE) {
        problem_add(problems, config_mark(config, &tier->topology),
                    "who is in reach leaves topology no choice");
        problem_hint(problems, "give reach or topology, not both");
    }
    const uint32_t *key = tier->reach != REACH_ALL ? &tier->reach : &tier->topology;
    for (size_t i = 0; i < tier->count; i++) {
        if (node ? places[i].node_number > 0 : places[i].zone[0] != '\0')
            continue;
        problem_add(problems, config_mark(config, key),
                    "balancer '%s-%zu' is %s, so nobody is near to it", tier->name, i,
                    node ? "on no node" : "in no zone");
        problem_hint(problems, node ? "add `nodes: each`, or a list of nodes"
                                    : "add `zones: [NAME, …]`, or `nodes` in zones");
        break;
    }
    for (size_t i = 0; i < tier->policy.count && tier->count > 1; i++) {
        const struct param_kind *policy = PARAM_ITEM(tier->policy, struct param_kind, i);
        if (!(policy_ops(policy)->traits & POLICY_SHARED))
            continue;
        problem_add(problems, config_mark(config, policy),
                    "under policy '%s' all instances are one, which is in no one place",
                    policy->label);
        problem_hint(problems, "leave out reach and topology, or make it one balancer");
    }
    arena_free(&arena);
}

void scenario_place_check(const struct scenario *scenario, const struct config *config,
                          struct problems *problems)
{
    size_t errors = problems->errors;
    for (size_t i = 0; i < scenario->network.zones.count; i++)
        scenario_place_check_distance(scenario, i, config, problems);
    for (size_t i = 0; i < scenario->balancers.count; i++)
        scenario_place_check_nodes(scenario, scenario_tier(scenario, i), config, problems);
    bool known = problems->errors == errors;
    for (size_t i = 0; known && i < scenario->balancers.count; i++)
        if (scenario_tier(scenario, i)->reach != REACH_ALL ||
            scenario_tier(scenario, i)->topology != TOPOLOGY_NONE)
            scenario_place_check_near(scenario, i, config, problems);
    known = problems->errors == errors;
    for (size_t i = 0; known && i < scenario->balancers.count; i++)
        if (scenario_tier(scenario, i)->topology == TOPOLOGY_HINTS)
            scenario_place_check_hints(scenario, i, config, problems);
}
