/* SPDX-License-Identifier: GPL-3.0-or-later
   Meters of load.  Rates cover the last second by a sliding pair of one-second windows.  The
   latency that a pod announces is the median of the recent ones that met about as many others
   as one that comes now would (B. Wydrowski et al., Prequal, NSDI 2024). */
#include "models/meter.h"

#include "models/state.h"

#include <stdlib.h>

enum { METER_NEAREST = 5 };

void meter_open(struct world *world, const struct policy_ops *ops)
{
    bool wanted = ops->traits & (POLICY_ORACLE | POLICY_REPORTS) || ops->probe != NULL;
    if (wanted)
        world->meters = arena_take(&world->arena, world->pod_count, sizeof *world->meters);
}

void meter_close(struct world *world)
{
    free(world->met);
    free(world->attached);
}

/* Brings the windows of a pod up to now. */
static void meter_advance(struct world *world, struct meter *meter)
{
    int64_t window = world->now / SIM_SECOND;
    while (meter->window < window) {
        sim_time end = (meter->window + 1) * SIM_SECOND;
        meter->busy[1] += (double)meter->in_service * (double)(end - meter->busy_since);
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
    meter->busy[1] += (double)meter->in_service * (double)(world->now - meter->busy_since);
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

void meter_started(struct world *world, const struct trace_row *row)
{
    struct meter *meter = &world->meters[row->pod];
    meter_advance(world, meter);
    meter->in_service++;
    meter->started += world->now;
}

void meter_left(struct world *world, uint32_t slot, sim_time started)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct meter *meter = &world->meters[row->pod];
    meter_advance(world, meter);
    meter->load--;
    meter->present--;
    meter->demand -= row->demand;
    meter->replies[1]++;
    if (started == SIM_NEVER)
        return;
    meter->in_service--;
    meter->started -= started;
    uint32_t place = meter->samples++ % METER_SAMPLES;
    meter->times[place] = world->now - row->arrived;
    meter->met[place] = world->met[slot];
}

static uint32_t meter_distance(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

/* Median time of the METER_NEAREST samples whose company was nearest to the present one. */
static sim_time meter_latency(const struct meter *meter)
{
    uint32_t count = meter->samples < METER_SAMPLES ? meter->samples : METER_SAMPLES;
    sim_time near_times[METER_NEAREST];
    uint32_t near_distances[METER_NEAREST], near = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t distance = meter_distance(meter->met[i], meter->present), k = near;
        if (near == METER_NEAREST && distance >= near_distances[near - 1])
            continue;
        if (near < METER_NEAREST)
            near++;
        else
            k--;
        for (; k > 0 && near_distances[k - 1] > distance; k--) {
            near_distances[k] = near_distances[k - 1];
            near_times[k] = near_times[k - 1];
        }
        near_distances[k] = distance;
        near_times[k] = meter->times[i];
    }
    for (uint32_t i = 1; i < near; i++)
        for (uint32_t k = i; k > 0 && near_times[k - 1] > near_times[k]; k--) {
            sim_time swap = near_times[k];
            near_times[k] = near_times[k - 1];
            near_times[k - 1] = swap;
        }
    return near > 0 ? near_times[near / 2] : 0;
}

struct load_report meter_report(struct world *world, uint32_t index)
{
    const struct pod *pod = &world->pods[index];
    struct meter *meter = &world->meters[index];
    meter_advance(world, meter);
    double old = 1 - (double)(world->now % SIM_SECOND) / (double)SIM_SECOND;
    double done = pod->speed * ((double)meter->in_service * (double)world->now -
                                (double)meter->started);
    double work = (double)meter->demand - done;
    return (struct load_report){
        .backend = index,
        .in_flight = meter->load,
        .free_workers = pod->workers > meter->load ? pod->workers - meter->load : 0,
        .speed = pod->speed,
        .work = work > 0 ? work : 0,
        .rate = meter->replies[0] * old + meter->replies[1],
        .utilisation = (meter->busy[0] * old + meter->busy[1]) /
                       ((double)SIM_SECOND * (double)pod->workers),
        .latency = meter_latency(meter),
        .measured_at = world->now,
    };
}
