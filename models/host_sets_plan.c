/* SPDX-License-Identifier: GPL-3.0-or-later
   From the groups of pods and the places of balancers to host sets. */
#include "models/host_sets_plan.h"

#include "models/policy.h"
#include "models/scenario_tiers.h"
#include "models/state.h"

#include <string.h>

/* -- building -- */

static uint32_t host_sets_plan_levels(const struct scenario *scenario)
{
    uint64_t most = 0;
    for (size_t i = 0; i < scenario->pods.count; i++) {
        uint64_t priority = PARAM_ITEM(scenario->pods, struct scenario_pods, i)->priority;
        most = priority > most ? priority : most;
    }
    return (uint32_t)most + 1;
}

/* The number of a zone, which gets one if it has none. */
static uint32_t host_sets_plan_zone(const char **zones, uint32_t *count, const char *name)
{
    for (uint32_t zone = 0; zone < *count; zone++)
        if (strcmp(zones[zone], name) == 0)
            return zone;
    zones[*count] = name;
    return (*count)++;
}

/* Priorities by group, slots of a group standing together more or less. */
static void host_sets_plan_pods(const struct world *world, struct host_sets_plan *plan,
                                const char **zones, uint8_t *level_of, uint32_t *zone_of)
{
    const struct param_list *groups = &world->scenario->pods;
    size_t group = 0;
    for (uint32_t slot = 0; slot < world->pod_count; slot++) {
        const char *name = roster_kind(&world->roster, slot)->group;
        while (strcmp(PARAM_ITEM(*groups, struct scenario_pods, group)->name, name) != 0)
            group = (group + 1) % groups->count;
        level_of[slot] = (uint8_t)PARAM_ITEM(*groups, struct scenario_pods, group)->priority;
        zone_of[slot] =
            host_sets_plan_zone(zones, &plan->zone_count, world->backends[slot].zone);
    }
    plan->level_of = level_of;
    plan->zone_of = zone_of;
}

static void host_sets_plan_instances(struct world *world, struct host_sets_plan *plan,
                                     const char **zones, uint32_t *home_of)
{
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        const char *zone = place_of_instance(world, world->outer_count, i).zone;
        home_of[i] = zone[0] != '\0' ? host_sets_plan_zone(zones, &plan->zone_count, zone)
                                     : LOCALITY_ANY;
    }
    uint32_t *callers = arena_take(&world->arena, plan->zone_count, sizeof *callers);
    for (uint32_t i = 0; i < world->balancer_count; i++)
        if (home_of[i] != LOCALITY_ANY)
            callers[home_of[i]]++;
    plan->home_of = home_of;
    plan->callers = callers;
}

const struct param_kind *host_sets_plan(struct world *world, const struct param_kind *policy,
                                        struct backends_place *place)
{
    uint32_t levels = host_sets_plan_levels(world->scenario);
    struct arena *arena = &world->arena;
    if (levels == 1 && world->tier->locality.kind == NULL)
        return policy;
    struct host_sets_plan *plan = arena_take(arena, 1, sizeof *plan);
    *plan = (struct host_sets_plan){.policy = policy,
                                    .locality = &world->tier->locality,
                                    .level_count = levels,
                                    .key = world->key};
    const char **zones =
        arena_take(arena, world->scenario->pods.count + world->balancer_count, sizeof *zones);
    plan->zones = zones;
    host_sets_plan_pods(world, plan, zones, arena_take(arena, world->pod_count, 1),
                        arena_take(arena, world->pod_count, sizeof(uint32_t)));
    host_sets_plan_instances(world, plan, zones,
                             arena_take(arena, world->balancer_count, sizeof(uint32_t)));
    place->level_of = plan->level_of;
    place->level_count = levels;
    return host_sets_join(plan);
}

/* -- checking -- */

/* A plan of one zone for each group of pods at most. */
double host_sets_plan_count(const struct scenario *scenario)
{
    const struct scenario_balancer *last = scenario_tier(scenario, scenario->balancers.count - 1);
    return host_sets_count(&last->locality, host_sets_plan_levels(scenario),
                           (uint32_t)scenario->pods.count);
}

/* As in Envoy, no priority is left out. */
static void host_sets_plan_check_levels(const struct scenario *scenario,
                                        const struct config *config,
                                        struct problems *problems)
{
    const struct scenario_pods *groups[HOST_SETS_LEVELS_MAX] = {NULL};
    uint32_t levels = host_sets_plan_levels(scenario);
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const struct scenario_pods *group = PARAM_ITEM(scenario->pods, struct scenario_pods, i);
        groups[group->priority] = group;
    }
    for (uint32_t level = 0; level < levels; level++) {
        if (groups[level] != NULL)
            continue;
        problem_add(problems, config_mark(config, &groups[levels - 1]->priority),
                    "there are pods of priority %u and none of priority %u", levels - 1, level);
        problem_hint(problems, "priorities are 0, the highest, 1, 2, …; none is left out");
        return;
    }
}

static bool host_sets_plan_has(const struct scenario *scenario, const char *zone)
{
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const char *other = PARAM_ITEM(scenario->pods, struct scenario_pods, i)->zone;
        if (other != NULL && strcmp(other, zone) == 0)
            return true;
    }
    return false;
}

/* Each zone of pods has a weight, and each weight a zone. */
static void host_sets_plan_check_weights(const struct scenario *scenario,
                                         const struct scenario_balancer *tier,
                                         const struct config *config,
                                         struct problems *problems)
{
    struct param_list shares = locality_shares(&tier->locality);
    for (size_t i = 0; i < shares.count; i++) {
        const struct locality_share *share = PARAM_ITEM(shares, struct locality_share, i);
        if (host_sets_plan_has(scenario, share->zone))
            continue;
        problem_add(problems, config_mark(config, &share->zone),
                    "no pods are in zone '%s', which has a weight", share->zone);
        problem_hint(problems, "give `zone` to the groups of pods, or take the weight out");
    }
    for (size_t i = 0; shares.count > 0 && i < scenario->pods.count; i++) {
        const struct scenario_pods *group = PARAM_ITEM(scenario->pods, struct scenario_pods, i);
        if (group->zone == NULL || locality_weight(&tier->locality, group->zone) >= 0)
            continue;
        problem_add(problems, config_mark(config, &tier->locality),
                    "zone '%s' of pods '%s' has no weight", group->zone, group->name);
        problem_hint(problems, "add it to weights; 0 sends nothing there");
    }
}

static void host_sets_plan_check_policies(const struct scenario_balancer *tier,
                                          const struct config *config,
                                          struct problems *problems)
{
    for (size_t i = 0; i < tier->policy.count; i++) {
        const struct param_kind *policy = PARAM_ITEM(tier->policy, struct param_kind, i);
        bool shared = (policy_ops(policy)->traits & POLICY_SHARED) != 0 &&
                      !locality_is_weighted(&tier->locality);
        if (host_sets_heeds(policy, &tier->locality) && !shared)
            continue;
        problem_warn(problems, config_mark(config, policy), "%s does nothing under %s, %s",
                     tier->locality.kind->name, policy->label,
                     shared ? "which makes all instances one, in no one zone"
                            : "which has one table of keys for all zones");
        problem_hint(problems, shared ? "leave it out, or take a policy that each has for itself"
                                      : "leave it out, or take a policy that heeds no keys");
    }
}

static void host_sets_plan_check_zones(const struct scenario *scenario,
                                       const struct config *config, struct problems *problems)
{
    for (size_t i = 0; i < scenario->pods.count; i++) {
        const struct scenario_pods *group = PARAM_ITEM(scenario->pods, struct scenario_pods, i);
        if (group->zone != NULL)
            continue;
        problem_add(problems, config_mark(config, group),
                    "pods '%s' are in no zone, and balancers choose by zones", group->name);
        problem_hint(problems, "add for example `zone: a`, or take `locality` out");
    }
}

/* Zone-aware routing goes by where the callers are. */
static void host_sets_plan_check_callers(const struct scenario *scenario,
                                         const struct scenario_balancer *tier,
                                         const struct config *config,
                                         struct problems *problems)
{
    struct arena arena = {0};
    const struct place *places =
        scenario_place_instances(scenario, scenario->balancers.count - 1, &arena);
    bool nowhere = false, alike = true;
    for (uint64_t i = 0; i < tier->count; i++) {
        nowhere = nowhere || places[i].zone[0] == '\0';
        alike = alike && strcmp(places[i].zone, places[0].zone) == 0;
    }
    if (nowhere) {
        problem_add(problems, config_mark(config, &tier->locality),
                    "%s needs to know in which zones '%s' is", tier->locality.kind->name,
                    tier->name);
        problem_hint(problems, "add for example `zones: [a, b]`: instances are in them in turn");
    } else if (alike && !locality_is_forced(&tier->locality)) {
        problem_warn(problems, config_mark(config, &tier->locality),
                     "%s does nothing where all of '%s' is in one zone",
                     tier->locality.kind->name, tier->name);
        problem_hint(problems, "as in Envoy, it takes callers in two zones, or "
                               "force_locality_direct_routing");
    }
    arena_free(&arena);
}

void host_sets_plan_check(const struct scenario *scenario, const struct config *config,
                          struct problems *problems)
{
    const struct scenario_balancer *tier = scenario_tier(scenario, scenario->balancers.count - 1);
    host_sets_plan_check_levels(scenario, config, problems);
    if (tier->locality.kind == NULL)
        return;
    host_sets_plan_check_zones(scenario, config, problems);
    host_sets_plan_check_weights(scenario, tier, config, problems);
    host_sets_plan_check_policies(tier, config, problems);
    if (problems->errors == 0 && !locality_is_weighted(&tier->locality))
        host_sets_plan_check_callers(scenario, tier, config, problems);
}
