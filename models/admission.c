/* SPDX-License-Identifier: GPL-3.0-or-later
   Counts what each instance has at pods, and asks breakers and shedding. */
#include "models/admission.h"

#include "models/breakers.h"
#include "models/retry.h"
#include "models/shed.h"
#include "models/state.h"

static const struct breakers_config *admission_breakers(const struct scenario_balancer *tier)
{
    const struct param_kind *preset = &tier->circuit_breakers.preset;
    return preset->kind != NULL ? preset->config : NULL;
}

void admission_open(struct world *world)
{
    const struct scenario_balancer *tier = world->tier;
    if (admission_breakers(tier) == NULL && tier->shed.kind == NULL)
        return;
    size_t size = shed_ops(&tier->shed)->state_size;
    world->admissions =
        arena_take(&world->arena, world->balancer_count, sizeof *world->admissions);
    for (uint32_t i = 0; size > 0 && i < world->balancer_count; i++) {
        void *state = world->admissions[i].shed = arena_take(&world->arena, 1, size);
        if (shed_ops(&tier->shed)->open != NULL)
            shed_ops(&tier->shed)->open(tier->shed.config, state,
                                        rng_key(world->key, "shed", i));
    }
}

void admission_close(struct world *world)
{
    const struct shed_ops *ops = shed_ops(&world->tier->shed);
    for (uint32_t i = 0; ops->close != NULL && i < world->balancer_count; i++)
        ops->close(world->admissions[i].shed);
}

void admission_sent(struct world *world, uint32_t balancer)
{
    world->admissions[balancer].at_pods++;
}

void admission_ended(struct world *world, uint32_t slot, bool answered)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct admission *admission = &world->admissions[row->balancer];
    const struct param_kind *shed = &world->tier->shed;
    admission->at_pods--;
    if (answered && shed_ops(shed)->learn != NULL)
        shed_ops(shed)->learn(shed->config, admission->shed, row->dispatched, world->now);
}

static bool admission_is_below(const struct world *world, const struct admission *admission)
{
    const struct breakers_config *breakers = admission_breakers(world->tier);
    return breakers == NULL || admission->at_pods < breakers->max_requests;
}

bool admission_enters(struct world *world, uint32_t slot)
{
    uint32_t index = world_attempt(world, slot)->row.balancer;
    struct admission *admission = &world->admissions[index];
    const struct param_kind *shed = &world->tier->shed;
    const struct shed_ops *ops = shed_ops(shed);
    uint64_t in_flight = admission->at_pods + world->balancers[index].held;
    return admission_is_below(world, admission) &&
           (ops->admit == NULL ||
            ops->admit(shed->config, admission->shed, in_flight, world->now));
}

bool admission_leaves(struct world *world, uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct admission *admission = &world->admissions[row->balancer];
    const struct param_kind *shed = &world->tier->shed;
    const struct shed_ops *ops = shed_ops(shed);
    uint64_t held = world->balancers[row->balancer].held;
    return admission_is_below(world, admission) &&
           (ops->drop == NULL || !ops->drop(shed->config, admission->shed,
                                            world->now - row->received, held, world->now));
}

uint64_t admission_room(const struct scenario_balancer *tier)
{
    const struct breakers_config *breakers = admission_breakers(tier);
    uint64_t pending = breakers != NULL ? breakers->max_pending : UINT64_MAX;
    return pending < tier->queue.limit ? pending : tier->queue.limit;
}

static bool admission_has_budget(const struct scenario_balancer *tier)
{
    const struct retry_config *retry = tier->retry.config;
    return breakers_yield(&tier->circuit_breakers.preset) && tier->retry.kind != NULL &&
           retry_budget_stands_in(&retry->budget);
}

uint64_t admission_retries(const struct scenario_balancer *tier)
{
    const struct breakers_config *breakers = admission_breakers(tier);
    if (breakers == NULL || admission_has_budget(tier))
        return UINT64_MAX;
    return breakers->max_retries;
}
