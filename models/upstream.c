/* SPDX-License-Identifier: GPL-3.0-or-later
   The last that became idle goes first, so if it is too old, or was there before its pod crashed,
   all are.  Who gives up on an attempt breaks its connection off. */
#include "models/upstream.h"

#include "models/state.h"

#include <stdlib.h>

#define UPSTREAM_MESSAGE UINT64_C(0x7f4a7c159e3779b9) /* names the draws of set-ups */

const struct param upstream_params[] = {
    {.key = "setup", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_pool, setup, uint64_t), .fallback = "1", .min = 1,
     .max = 100, .help = "round trips to open a connection: TCP 1, with TLS 1.3 2"},
    {.key = "idle_timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_pool, idle_timeout, sim_time), .fallback = "60s",
     .also = "never", .min = 1, .max = SCENARIO_TIME_MAX,
     .help = "a connection is closed so long after its last answer"},
    PARAM_END,
};

static const struct scenario_pool *upstream_config(const struct world *world)
{
    return &world->tier->pool;
}

void upstream_open(struct world *world)
{
    if (upstream_config(world)->setup > 0)
        world->upstreams = memory_zeroed((size_t)world->balancer_count * world->pod_count,
                                         sizeof *world->upstreams);
}

void upstream_close(struct world *world)
{
    size_t count = (size_t)world->balancer_count * world->pod_count;
    for (size_t i = 0; world->upstreams != NULL && i < count; i++)
        free(world->upstreams[i].idle);
    free(world->upstreams);
}

static struct upstream *upstream_of(const struct world *world, uint32_t balancer, uint32_t pod)
{
    return &world->upstreams[(size_t)balancer * world->pod_count + pod];
}

/* Whether a connection that is idle since then is there no more. */
static bool upstream_is_gone(const struct world *world, uint32_t pod, sim_time since)
{
    sim_time limit = upstream_config(world)->idle_timeout;
    const struct fault_pod *faulty = world->faulty != NULL ? &world->faulty[pod] : NULL;
    bool broken = faulty != NULL && (faulty->condition.is_down || faulty->is_closed ||
                                     faulty->broke >= since);
    return broken || (limit != SIM_NEVER && world->now - since >= limit);
}

bool upstream_take(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    const struct trace_row *row = &attempt->row;
    struct upstream *upstream = upstream_of(world, row->balancer, row->pod);
    if (upstream->count > 0 &&
        upstream_is_gone(world, row->pod, upstream->idle[upstream->count - 1]))
        upstream->count = 0;
    if (upstream->count > 0) {
        upstream->count--;
        return true;
    }
    sim_time delay = 0;
    for (uint64_t trip = 1; trip <= upstream_config(world)->setup; trip++)
        delay += network_delay(world, NETWORK_TO_POD, row, trip * UPSTREAM_MESSAGE) +
                 network_delay(world, NETWORK_FROM_POD, row, trip * UPSTREAM_MESSAGE);
    if (delay > 0)
        event_push(world->queue, world->now + delay, EVENT_UPSTREAM, slot, attempt->ticket, 0);
    return delay == 0;
}

void upstream_give(struct world *world, uint32_t balancer, uint32_t pod)
{
    struct upstream *upstream = upstream_of(world, balancer, pod);
    if (upstream->count == upstream->room) {
        upstream->room = upstream->room > 0 ? 2 * upstream->room : 4;
        upstream->idle = memory_grow(upstream->idle, upstream->room, sizeof *upstream->idle);
    }
    upstream->idle[upstream->count++] = world->now;
}
