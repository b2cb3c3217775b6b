/* SPDX-License-Identifier: GPL-3.0-or-later
   The time at which nothing is left is computed anew whenever a worker becomes busy or idle.
   What is served at that very time is served: its event was pushed before. */
#include "models/fault_quota.h"

#include "models/state.h"

static struct fault_quota *fault_quota_of(struct world *world, uint32_t pod)
{
    return &world->faulty[pod].quota;
}

static uint32_t fault_quota_workers(const struct world *world, uint32_t slot)
{
    const struct pod *pod = &world->pods[slot];
    const struct fault_pod *faulty = &world->faulty[slot];
    if (faulty->condition.pace == 0)
        return 0;
    uint32_t busy = pod->discipline == POD_PS ? pod->busy : faulty->serving_count;
    return busy < pod->workers ? busy : pod->workers;
}

void fault_quota_follow(struct world *world, uint32_t pod)
{
    struct fault_quota *quota = fault_quota_of(world, pod);
    if (quota->period == 0)
        return;
    if (!quota->throttled)
        quota->left -= (world->now - quota->since) * quota->running;
    if (quota->left < 0)
        quota->left = 0;
    quota->since = world->now;
    quota->running = fault_quota_workers(world, pod);
    quota->ticket++;
    if (quota->running == 0 || quota->throttled)
        return;
    sim_time lasts = (quota->left + quota->running - 1) / quota->running;
    if (world->now + lasts < quota->boundary)
        event_push(world->queue, world->now + lasts, EVENT_QUOTA_ENDS, pod, quota->ticket, 0);
}

/* Speed first: what is served is timed before the end of the quota. */
static void fault_quota_throttle(struct world *world, uint32_t pod, bool throttled)
{
    struct fault_quota *quota = fault_quota_of(world, pod);
    if (!quota->throttled && quota->period > 0)
        quota->left -= (world->now - quota->since) * quota->running;
    quota->since = world->now;
    quota->throttled = throttled;
    fault_pod_pace(world, pod);
    fault_quota_follow(world, pod);
}

void fault_quota_end(struct world *world, uint32_t pod, uint32_t ticket)
{
    if (fault_quota_of(world, pod)->ticket == ticket)
        fault_quota_throttle(world, pod, true);
}

void fault_quota_begin(struct world *world, uint32_t pod, uint32_t ticket)
{
    struct fault_quota *quota = fault_quota_of(world, pod);
    if (quota->epoch != ticket)
        return;
    quota->since = world->now;
    quota->left = quota->quota;
    quota->boundary = world->now + quota->period;
    event_push(world->queue, quota->boundary, EVENT_QUOTA_BEGINS, pod, ticket, 0);
    fault_quota_throttle(world, pod, false);
}

void fault_quota_set(struct world *world, uint32_t pod)
{
    struct fault_quota *quota = fault_quota_of(world, pod);
    const struct fault_condition *condition = &world->faulty[pod].condition;
    sim_time period = condition->quota_period;
    sim_time boundary = period > 0 ? world->now - condition->quota_age % period + period : 0;
    if (period == quota->period && condition->quota == quota->quota &&
        boundary == quota->boundary) {
        fault_quota_follow(world, pod);
        return;
    }
    quota->epoch++;
    quota->ticket++;
    quota->period = period;
    quota->quota = quota->left = condition->quota;
    quota->boundary = boundary;
    quota->since = world->now;
    if (period > 0)
        event_push(world->queue, boundary, EVENT_QUOTA_BEGINS, pod, quota->epoch, 0);
    fault_quota_throttle(world, pod, false);
}
