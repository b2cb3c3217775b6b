/* SPDX-License-Identifier: GPL-3.0-or-later
   Every pod of an autoscaled group has a slot and a name of its own, those created again too:
   how many there can be follows from the rule's windows. */
#include "models/scaler.h"

#include "models/state.h"

#include <math.h>
#include <string.h>

/* -- building -- */

static void scaler_take_first(struct world *world, struct scaler *scaler)
{
    scaler->slots = arena_take(&world->arena, world->pod_count, sizeof *scaler->slots);
    for (uint32_t slot = 0; slot < world->pod_count; slot++) {
        if (strcmp(roster_kind(&world->roster, slot)->group, scaler->config->pods) != 0)
            continue;
        struct roster_life *life = roster_own_life(&world->roster, slot);
        life->is_scaled = true;
        if (life->joined == 0)
            scaler->slots[scaler->count++] = slot;
    }
}

static void scaler_push(struct world *world, uint32_t index)
{
    const struct autoscale *config = world->scalers[index].config;
    sim_time interval = autoscale_ops(config)->interval(config->rule.config);
    event_push(world->queue, world->now + interval, EVENT_SCALE, index, 0, 0);
}

void scaler_open(struct world *world)
{
    uint32_t count = (uint32_t)world->scenario->autoscale.count;
    if (count == 0)
        return;
    world->scalers = arena_take(&world->arena, count, sizeof *world->scalers);
    world->scaled_used =
        arena_take(&world->arena, world->pod_count, sizeof *world->scaled_used);
    for (uint32_t i = 0; i < count; i++) {
        struct scaler *scaler = &world->scalers[i];
        scaler->config = PARAM_ITEM(world->scenario->autoscale, struct autoscale, i);
        scaler->next = world->membership.kept[i];
        scaler->end = world->membership.kept[i + 1];
        scaler_take_first(world, scaler);
        autoscale_open(&scaler->memory, scaler->config, &world->arena);
        scaler_push(world, i);
    }
}

/* -- metrics -- */

/* What a pod did since the last decision, as a share of what it could have done. */
static double scaler_share(struct world *world, uint32_t slot, sim_time interval)
{
    double used = meter_used(world, slot) - world->scaled_used[slot];
    return used / ((double)interval * world->pods[slot].workers);
}

static struct autoscale_metrics scaler_measure(struct world *world,
                                               const struct scaler *scaler)
{
    const struct autoscale_ops *ops = autoscale_ops(scaler->config);
    sim_time interval = ops->interval(scaler->config->rule.config);
    sim_time settles = ops->settles(scaler->config->rule.config);
    double idle_below = ops->idle_below != NULL ? ops->idle_below(scaler->config->rule.config) : 0;
    struct autoscale_metrics metrics = {.replicas = scaler->count};
    for (uint32_t i = 0; i < scaler->count; i++) {
        const struct roster_life *life = roster_life(&world->roster, scaler->slots[i]);
        sim_time created = roster_created(life);
        bool first = created == 0; /* as if they had always been there */
        sim_time age = world->now - created, ready = world->now - life->joined;
        if (life->joined == SIM_NEVER) {
            metrics.unready++;
        } else if (!first && age < interval) {
            metrics.missing++;
        } else if (!first && age < settles && ready < interval) {
            metrics.unready++;
        } else {
            double share = scaler_share(world, scaler->slots[i], interval);
            metrics.ready++;
            metrics.usage += share;
            metrics.idle += share < idle_below;
        }
    }
    return metrics;
}

/* -- creating and deleting -- */

static void scaler_grow(struct world *world, struct scaler *scaler)
{
    if (scaler->next == scaler->end) {
        CHECK(world->now > world->measure_end); /* nobody looks any more */
        return;
    }
    uint32_t slot = scaler->next++;
    scaler->slots[scaler->count++] = slot;
    roster_own_life(&world->roster, slot)->created = world->now;
    lifecycle_start(world, slot);
}

/* Which pod goes: who is not ready yet, then whoever had the least to do if the rule cares, or
   the newest. */
static uint32_t scaler_choose(struct world *world, const struct scaler *scaler)
{
    const struct autoscale_ops *ops = autoscale_ops(scaler->config);
    sim_time interval = ops->interval(scaler->config->rule.config);
    uint32_t chosen = scaler->count - 1;
    double least = INFINITY;
    for (uint32_t i = scaler->count; i-- > 0;) {
        uint32_t slot = scaler->slots[i];
        bool waits = roster_life(&world->roster, slot)->joined == SIM_NEVER;
        double share = waits || !ops->idlest ? 0 : scaler_share(world, slot, interval);
        if (waits)
            return i;
        if (share < least) {
            least = share;
            chosen = i;
        }
    }
    return chosen;
}

static void scaler_shrink(struct world *world, struct scaler *scaler, uint32_t count)
{
    struct arena brief = {0};
    uint32_t *leaving = arena_take(&brief, count, sizeof *leaving), left = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = scaler_choose(world, scaler), slot = scaler->slots[place];
        memmove(&scaler->slots[place], &scaler->slots[place + 1],
                (scaler->count - place - 1) * sizeof *scaler->slots);
        scaler->count--;
        struct roster_life *life = roster_own_life(&world->roster, slot);
        life->left = world->now;
        if (life->joined == SIM_NEVER)
            world->lives[slot].is_over = true;
        else
            leaving[left++] = slot;
    }
    if (left > 0)
        endpoints_publish(world, MEMBERSHIP_REMOVE, leaving, left);
    for (uint32_t i = 0; i < left; i++)
        lifecycle_stop(world, leaving[i], SIM_NEVER);
    arena_free(&brief);
}

void scaler_step(struct world *world, uint32_t index)
{
    struct scaler *scaler = &world->scalers[index];
    struct autoscale_metrics metrics = scaler_measure(world, scaler);
    uint32_t wanted = autoscale_decide(scaler->config, &scaler->memory, world->now, &metrics);
    if (wanted < scaler->count)
        scaler_shrink(world, scaler, scaler->count - wanted);
    for (uint32_t i = scaler->count; i < wanted; i++)
        scaler_grow(world, scaler);
    for (uint32_t i = 0; i < scaler->count; i++)
        world->scaled_used[scaler->slots[i]] = meter_used(world, scaler->slots[i]);
    scaler_push(world, index);
}

void scaler_ready(struct world *world, uint32_t slot)
{
    roster_own_life(&world->roster, slot)->joined = world->now;
    endpoints_publish(world, MEMBERSHIP_ADD, &slot, 1);
    if (world->plan.site_count > 0)
        fault_plan_restart(world, slot);
}
