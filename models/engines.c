/* SPDX-License-Identifier: GPL-3.0-or-later
   NSX ALB (Avi), service engine group: max_cpu_usage and min_cpu_usage looked at every
   auto_rebalance_interval.  The instances that are there are always the first ones: the newest
   goes first. */
#include "models/engines.h"

#include "models/scenario_tiers.h"
#include "models/state.h"
#include "models/tier.h"

#define ENGINES_FIELD(field, ctype) PARAM_FIELD(struct engines_config, field, ctype)
#define ENGINES_LONGEST (86400 * 1e9)

static const struct param engines_params[] = {
    {.key = "first", .type = PARAM_COUNT, .offset = ENGINES_FIELD(first, uint64_t),
     .fallback = "0", .max = 65535, .help = "at the beginning; 0: min"},
    {.key = "min", .type = PARAM_COUNT, .offset = ENGINES_FIELD(min, uint64_t), .fallback = "1",
     .min = 1, .max = 65535, .help = "never fewer; never more than count"},
    {.key = "out_above", .type = PARAM_RATIO, .offset = ENGINES_FIELD(out_above, double),
     .fallback = "80%", .max = 1,
     .help = "busy beyond that on average, more are started (max_cpu_usage)"},
    {.key = "in_below", .type = PARAM_RATIO, .offset = ENGINES_FIELD(in_below, double),
     .fallback = "30%", .max = 1, .help = "below that one goes (min_cpu_usage)"},
    {.key = "interval", .type = PARAM_DURATION, .offset = ENGINES_FIELD(interval, sim_time),
     .fallback = "300s", .min = 1e6, .max = ENGINES_LONGEST,
     .help = "from decision to decision (auto_rebalance_interval)"},
    {.key = "start", .type = PARAM_DURATION, .offset = ENGINES_FIELD(start, sim_time),
     .fallback = "120s", .max = ENGINES_LONGEST,
     .help = "until a new one gets requests; the product does not document it"},
    {.key = "cooldown", .type = PARAM_DURATION, .offset = ENGINES_FIELD(cooldown, sim_time),
     .fallback = "0s", .max = ENGINES_LONGEST, .help = "from any change to the next"},
    {.key = "step", .type = PARAM_COUNT, .offset = ENGINES_FIELD(step, uint64_t),
     .fallback = "1", .min = 1, .max = 65535, .help = "started at once"},
    PARAM_END,
};

static const struct kind engines_service_engines = {
    .name = "service_engines",
    .summary = "Service engines of NSX ALB: by the time that they are busy deciding",
    .params = engines_params,
    .config_size = sizeof(struct engines_config),
};

static const struct kind *engines_at(size_t index)
{
    return index == 0 ? &engines_service_engines : NULL;
}

const struct kind_list engines_kinds = {.noun = "scale", .at = engines_at};

uint32_t engines_wanted(const struct engines_config *config, const struct engines *engines,
                        double busy, sim_time now, uint32_t most)
{
    bool is_cool =
        engines->changed == SIM_NEVER || now - engines->changed >= config->cooldown;
    if (!is_cool || engines->starting > 0)
        return engines->active;
    if (busy > config->out_above && engines->active < most) {
        uint64_t wanted = engines->active + config->step;
        return wanted < most ? (uint32_t)wanted : most;
    }
    return engines->active - (busy < config->in_below && engines->active > config->min);
}

/* -- at work -- */

static void engines_push(struct world *world, sim_time delay, uint32_t ready)
{
    event_push(world->queue, world->now + delay, EVENT_ENGINES, 0, 0, ready);
}

static void engines_note(struct world *world)
{
    roster_tier_size(&world->roster, world->outer_count, world->now, world->engines.active);
}

void engines_open(struct world *world)
{
    if (world->tier->scale.kind == NULL || world->balancer_count == 1)
        return;
    struct engines *engines = &world->engines;
    engines->config = world->tier->scale.config;
    engines->changed = SIM_NEVER;
    engines->active = (uint32_t)(engines->config->first > 0 ? engines->config->first
                                                            : engines->config->min);
    engines_note(world);
    engines_push(world, engines->config->interval, 0);
}

uint32_t engines_members(const struct world *world)
{
    return world->engines.active;
}

bool engines_is_gone(const struct world *world, uint32_t instance)
{
    return world->engines.config != NULL && instance >= world->engines.active;
}

static void engines_set(struct world *world, uint32_t active)
{
    world->engines.active = active;
    engines_note(world);
    tier_resize(world, active);
}

/* The mean share of the time since the last decision that those active took to decide. */
static double engines_busy(struct world *world)
{
    struct engines *engines = &world->engines;
    sim_time thought = 0;
    for (uint32_t i = 0; i < world->balancer_count; i++)
        thought += world->balancers[i].thought;
    double busy = (double)(thought - engines->thought) /
                  ((double)engines->config->interval * engines->active);
    engines->thought = thought;
    return busy;
}

static void engines_decide(struct world *world)
{
    struct engines *engines = &world->engines;
    double busy = engines_busy(world);
    uint32_t wanted = engines_wanted(engines->config, engines, busy, world->now,
                                     world->balancer_count);
    if (wanted != engines->active)
        engines->changed = world->now;
    if (wanted > engines->active) {
        engines->starting = wanted - engines->active;
        engines_push(world, engines->config->start, engines->starting);
    } else if (wanted < engines->active) {
        engines_set(world, wanted);
    }
    engines_push(world, engines->config->interval, 0);
}

void engines_step(struct world *world, uint32_t ready)
{
    if (ready == 0) {
        engines_decide(world);
        return;
    }
    world->engines.starting = 0;
    engines_set(world, world->engines.active + ready);
}
