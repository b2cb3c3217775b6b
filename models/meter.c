/* SPDX-License-Identifier: GPL-3.0-or-later
   Meters of load.  Rates cover the last second by a sliding pair of one-second windows.  The
   latency that a pod announces is the median of the last ones that met about as many others
   as one that comes now would (B. Wydrowski et al., Prequal, NSDI 2024); were it that of the
   last ones whatever they met, a pod would announce a long queue after it is gone. */
#include "models/meter.h"

#include "models/state.h"

#include <stdlib.h>

void meter_open(struct world *world, const struct policy_ops *ops)
{
    bool told = ops->traits & POLICY_REPORTS || ops->probe != NULL;
    if (told || ops->traits & POLICY_TOLD || world->scenario->autoscale.count > 0)
        world->meters = arena_take(&world->arena, world->pod_count, sizeof *world->meters);
    if (told)
        world->pasts = arena_take(&world->arena, world->pod_count, sizeof *world->pasts);
}

void meter_close(struct world *world)
{
    free(world->met);
    free(world->attached);
}

/* Brings the windows of a pod up to now. */
static void meter_advance(struct world *world, uint32_t index)
{
    struct meter *meter = &world->meters[index];
    uint32_t workers = world->pods[index].workers;
    double busy = meter->in_service < workers ? meter->in_service : workers;
    int64_t window = world->now / SIM_SECOND;
    meter->used += busy * (double)(world->now - meter->busy_since);
    while (meter->window < window) {
        sim_time end = (meter->window + 1) * SIM_SECOND;
        meter->busy[1] += busy * (double)(end - meter->busy_since);
        meter->busy_since = end;
        bool next = meter->window + 1 == window;
        meter->busy[0] = meter->busy[1];
        meter->replies[0] = meter->replies[1];
        meter->busy[1] = meter->replies[1] = 0;
        meter->window++;
        if (!next && meter->window + 2 < window) { /* long idle: only the last two matter */
            meter->window = window - 2;
            meter->busy_since = meter->window * SIM_SECOND;
            meter->replies[0] = 0;
        }
    }
    meter->busy[1] += busy * (double)(world->now - meter->busy_since);
    meter->busy_since = world->now;
}

void meter_dispatched(struct world *world, const struct trace_row *row)
{
    struct meter *meter = &world->meters[row->pod];
    meter->load++;
    meter->demand += row->demand;
}

void meter_arrived(struct world *world, uint32_t slot)
{
    struct meter *meter = &world->meters[world_attempt(world, slot)->row.pod];
    if (slot >= world->met_room) {
        world->met_room = world->pool.room;
        world->met = memory_grow(world->met, world->met_room, sizeof *world->met);
    }
    world->met[slot] = meter->present++;
}

void meter_lost(struct world *world, const struct trace_row *row)
{
    struct meter *meter = &world->meters[row->pod];
    meter->load--;
    meter->demand -= row->demand;
}

void meter_started(struct world *world, const struct trace_row *row)
{
    struct meter *meter = &world->meters[row->pod];
    meter_advance(world, row->pod);
    meter->in_service++;
    meter->started += world->now;
}

void meter_left(struct world *world, uint32_t slot, sim_time started)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct meter *meter = &world->meters[row->pod];
    meter_advance(world, row->pod);
    meter->load--;
    meter->present--;
    meter->demand -= row->demand;
    meter->replies[1]++;
    if (started == SIM_NEVER)
        return;
    meter->in_service--;
    meter->started -= started;
    if (world->pasts == NULL ||
        world_attempt(world, slot)->answered == ATTEMPT_CANCELLED)
        return;
    struct meter_past *past = &world->pasts[row->pod];
    uint32_t met = world->met[slot];
    uint32_t company = met < METER_COMPANIES ? met : METER_COMPANIES - 1;
    past->times[company][past->count[company]++ % METER_SAMPLES] = world->now - row->arrived;
}

/* The company with samples that is nearest to `present`, the smaller of two; or
   METER_COMPANIES. */
static uint32_t meter_nearest(const struct meter_past *past, uint32_t present)
{
    uint32_t wanted = present < METER_COMPANIES ? present : METER_COMPANIES - 1;
    for (uint32_t distance = 0; distance < METER_COMPANIES; distance++) {
        if (distance <= wanted && past->count[wanted - distance] > 0)
            return wanted - distance;
        if (wanted + distance < METER_COMPANIES && past->count[wanted + distance] > 0)
            return wanted + distance;
    }
    return METER_COMPANIES;
}

/* Median of the last times of those who met as many as one that comes now would. */
static sim_time meter_latency(const struct meter_past *past, uint32_t present)
{
    uint32_t company = meter_nearest(past, present);
    if (company == METER_COMPANIES)
        return 0;
    uint32_t ever = past->count[company], count = ever < METER_SAMPLES ? ever : METER_SAMPLES;
    sim_time sorted[METER_SAMPLES];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t k = i;
        for (; k > 0 && sorted[k - 1] > past->times[company][i]; k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = past->times[company][i];
    }
    return sorted[count / 2];
}

/* Work done on those in service. */
static double meter_done(const struct world *world, uint32_t index)
{
    const struct pod *pod = &world->pods[index];
    const struct meter *meter = &world->meters[index];
    if (pod->discipline == POD_PS)
        return pod_share_done(world, pod);
    return pod->speed *
           ((double)meter->in_service * (double)world->now - (double)meter->started);
}

double meter_used(struct world *world, uint32_t index)
{
    meter_advance(world, index);
    return world->meters[index].used;
}

struct load_report meter_report(struct world *world, uint32_t index)
{
    const struct pod *pod = &world->pods[index];
    struct meter *meter = &world->meters[index];
    meter_advance(world, index);
    double old = 1 - (double)(world->now % SIM_SECOND) / (double)SIM_SECOND;
    double work = (double)meter->demand - meter_done(world, index);
    return (struct load_report){
        .backend = index,
        .in_flight = meter->load,
        .free_workers = pod->workers > meter->load ? pod->workers - meter->load : 0,
        .speed = pod->speed,
        .work = work > 0 ? work : 0,
        .rate = meter->replies[0] * old + meter->replies[1],
        .utilisation = (meter->busy[0] * old + meter->busy[1]) /
                       ((double)SIM_SECOND * (double)pod->workers),
        .latency = world->pasts != NULL ? meter_latency(&world->pasts[index], meter->present) : 0,
        .measured_at = world->now,
    };
}
