/* SPDX-License-Identifier: GPL-3.0-or-later
   Builds the tiers before the last, and looks at their counts when a run is over. */
#include "models/tiers.h"

#include "models/scenario_tiers.h"
#include "models/state.h"
#include "models/tier.h"
#include "sim/engine/dist.h"

#include <stdio.h>

const struct scenario_balancer *tiers_config(const struct world *world, uint32_t tier)
{
    return scenario_tier(world->scenario, tier);
}

const struct param_kind *tiers_policy(const struct scenario *scenario, size_t tier,
                                     const struct param_kind *compared)
{
    return tier == scenario->compared
               ? compared
               : PARAM_ITEM(scenario_tier(scenario, tier)->policy, struct param_kind, 0);
}

static void tiers_build_delay(struct world *world, struct tier *tier, uint32_t index)
{
    const struct param_kind *delay = &tier->config->to_backend;
    tier->delay_key = rng_key(world->key, "to_backend", index);
    tier->constant = delay->kind == NULL || dist_is_constant(delay);
    if (tier->constant && delay->kind != NULL)
        tier->delay = sim_time_of(dist_mean(delay));
    if (tier->delay > 0)
        tier->delay_lane = event_lane_open(world->queue, (struct event_tickets){0});
}

/* What tier `index` sees of the next one, which has `count` instances. */
static void tiers_build_backends(struct world *world, struct tier *tier, uint32_t index,
                                 uint32_t count)
{
    const char *next = tiers_config(world, index + 1)->name;
    tier->backend_count = count;
    tier->backends = arena_take(&world->arena, count, sizeof *tier->backends);
    for (uint32_t i = 0; i < count; i++) {
        char text[96];
        int size = snprintf(text, sizeof text, "%s-%u", next, i);
        const char *name = arena_copy_text(&world->arena, text, (size_t)size);
        tier->backends[i] = (struct backend){.name = name,
                                             .address = name,
                                             .zone = place_of_instance(world, index + 1, i).zone,
                                             .identity = rng_key(0, name, 0),
                                             .weight = 1};
    }
}

static void tiers_build_instances(struct world *world, struct tier *tier, uint32_t index)
{
    const struct scenario_balancer *config = tier->config;
    const struct policy_ops *ops = policy_ops(tier->policy);
    tier->count = ops->traits & POLICY_SHARED ? 1 : (uint32_t)config->count;
    tier->policy_key = rng_key(world->key, "tier", index);
    tier->instances = arena_take(&world->arena, tier->count, sizeof *tier->instances);
    for (uint32_t i = 0; i < tier->count; i++) {
        tier->instances[i].queue = (struct attempt_queue){ATTEMPT_NONE, ATTEMPT_NONE};
        tier->instances[i].place = place_of_instance(world, index, i);
    }
    struct decision_cost cost =
        decision_cost(&config->decision_cost, ops->kind.name, tier->backend_count);
    tier->pick = cost.pick;
    tier->serial = cost.serial;
    if (tier->pick > 0)
        tier->decision_lane = event_lane_open(world->queue, (struct event_tickets){0});
    if (config->queue.timeout != SIM_NEVER)
        tier->queue_timeout_lane = event_lane_open(world->queue, world_tickets(world));
    if (config->sticky.kind == NULL)
        return;
    tier->sticky_count = sticky_is_carried(&config->sticky) ? 1 : tier->count;
    tier->stickies = arena_take(&world->arena, tier->sticky_count, sizeof *tier->stickies);
    for (uint32_t i = 0; i < tier->sticky_count; i++)
        sticky_open(&tier->stickies[i], &config->sticky);
}

void tiers_open(struct world *world, const struct param_kind *compared)
{
    uint32_t next = world->balancer_count;
    if (world->outer_count > 0)
        world->outer = arena_take(&world->arena, world->outer_count, sizeof *world->outer);
    for (uint32_t index = world->outer_count; index-- > 0;) {
        struct tier *tier = &world->outer[index];
        tier->config = tiers_config(world, index);
        tier->policy = tiers_policy(world->scenario, index, compared);
        tiers_build_delay(world, tier, index);
        tiers_build_backends(world, tier, index, next);
        tiers_build_instances(world, tier, index);
        next = tier->count;
    }
    world->entry_count = next;
}

void tiers_close(struct world *world)
{
    for (uint32_t index = 0; index < world->outer_count; index++)
        for (uint32_t i = 0; i < world->outer[index].sticky_count; i++)
            sticky_close(&world->outer[index].stickies[i]);
}

void tiers_check_counts(struct world *world)
{
    for (uint32_t index = 0; index < world->outer_count; index++) {
        const struct tier *tier = &world->outer[index];
        uint64_t outstanding = 0;
        for (uint32_t i = 0; i < tier->count; i++)
            for (uint32_t k = 0; tier->instances[i].backends.ops && k < tier->backend_count; k++)
                outstanding += tier->instances[i].backends.outstanding[k];
        uint64_t sent = path_count_sent(world, index);
        if (tier->config->per == PER_CONNECTION)
            sent = connection_count_pins(world, index);
        CHECK(sent == outstanding);
    }
}
