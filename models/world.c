/* SPDX-License-Identifier: GPL-3.0-or-later
   One run: the one switch that lists everything that can happen, and how it ends. */
#include "models/world.h"

#include "models/cancel.h"
#include "models/race.h"
#include "models/state.h"
#include "models/tier.h"
#include "models/tiers.h"

#include <stdlib.h>

enum { WORLD_LOOK_PERIOD = 4096 }; /* events between two looks at the stop flag */

/* -- the switch -- */

/* The only way from an event to its attempt, so a stale event finds none. */
static inline bool world_is_fresh(const struct world *world, const struct event *event)
{
    return world->pool.attempts[event->subject].ticket == event->ticket;
}

static void world_step(struct world *world, const struct event *event)
{
    uint32_t subject = event->subject;
    switch ((enum event_kind)event_kind(event)) {
#define ATTEMPT(kind, call) \
    case kind: \
        if (world_is_fresh(world, event)) \
            call; \
        return;
        ATTEMPT(EVENT_AT_BALANCER, balancer_receive(world, subject))
        ATTEMPT(EVENT_DECIDED, balancer_decide(world, subject))
        ATTEMPT(EVENT_UPSTREAM, world_travel(world, NETWORK_TO_POD, subject, pod_receive))
        ATTEMPT(EVENT_AT_POD, pod_receive(world, subject))
        ATTEMPT(EVENT_SERVED, pod_serve(world, subject))
        ATTEMPT(EVENT_BACK_AT_BALANCER, balancer_answer(world, subject))
        ATTEMPT(EVENT_BACK_AT_CLIENT, client_answer(world, subject))
        ATTEMPT(EVENT_TIMEOUT, client_expire(world, subject))
        ATTEMPT(EVENT_QUEUE_TIMEOUT, balancer_queue_expire(world, subject, event->detail))
        ATTEMPT(EVENT_RETRY, tries_resume(world, subject))
        ATTEMPT(EVENT_TRY_TIMEOUT, tries_expire(world, subject, event->detail))
        ATTEMPT(EVENT_HEDGE, race_hedge(world, subject, event->detail))
        ATTEMPT(EVENT_CANCEL, cancel_arrive(world, subject))
        ATTEMPT(EVENT_FAILED, fault_pod_fail(world, subject))
        ATTEMPT(EVENT_CONNECTED, tier_connected(world, subject))
        ATTEMPT(EVENT_AT_TIER, tier_arrive(world, subject))
        ATTEMPT(EVENT_TIER_DECIDED, tier_decide(world, subject))
        ATTEMPT(EVENT_TIER_TIMEOUT, tier_queue_expire(world, subject, event->detail))
        ATTEMPT(EVENT_BACK_AT_TIER, tier_answer(world, subject))
#undef ATTEMPT
#define OTHER(kind, call) \
    case kind: \
        call; \
        return;
        OTHER(EVENT_ARRIVAL, client_arrive(world, subject))
        OTHER(EVENT_ASK, client_ask(world, subject, event->detail))
        OTHER(EVENT_CONNECTION, connection_wake(world, subject, event->ticket))
    case EVENT_SHARE_LEAVES:
        if (world->pods[subject].ticket == event->ticket)
            pod_share_leave(world, subject);
        return;
        OTHER(EVENT_PROBE_AT_POD, balancer_probe_pod(world, subject, event->detail))
        OTHER(EVENT_PROBE_BACK, balancer_probe_back(world, subject, event->detail))
        OTHER(EVENT_MEMBERSHIP, membership_step(world, subject))
        OTHER(EVENT_REBUILT, balancer_rebuilt(world, subject))
        OTHER(EVENT_CHECK, guard_check(world, subject, event->detail, event->ticket))
        OTHER(EVENT_DETECT, guard_wake(world, subject))
        OTHER(EVENT_SLOW_START, guard_weigh(world, subject, event->detail))
        OTHER(EVENT_FAULT, fault_plan_step(world, subject, event->ticket, event->detail))
        OTHER(EVENT_QUOTA_BEGINS, fault_quota_begin(world, subject, event->ticket))
        OTHER(EVENT_QUOTA_ENDS, fault_quota_end(world, subject, event->ticket))
        OTHER(EVENT_ENDPOINTS_SENT, endpoints_send(world))
        OTHER(EVENT_ENDPOINTS, endpoints_arrive(world, subject, event->detail))
        OTHER(EVENT_SYNC, endpoints_sync(world, subject))
        OTHER(EVENT_SYNCED, endpoints_synced(world, subject, event->detail))
        OTHER(EVENT_LIFE, lifecycle_step(world, subject, event->detail))
        OTHER(EVENT_SCALE, scaler_step(world, subject))
        OTHER(EVENT_DNS_CHECK, dns_check_step(world, subject, event->detail))
        OTHER(EVENT_ENGINES, engines_step(world, event->detail))
        OTHER(EVENT_END, world->over = true)
#undef OTHER
    }
    abort(); /* a kind nobody wrote */
}

/* -- rows -- */

static void world_flush(struct world *world)
{
    const struct trace_sink *sink = &world->sink;
    world->row_count += world->block_count;
    if (world->block_count > 0 && world->hops.taker != NULL)
        world->hops.taker(sink->context, world->block, world->hops.block, world->block_count);
    else if (world->block_count > 0)
        sink->rows(sink->context, world->block, world->block_count);
    world->block_count = 0;
}

/* Worlds with hops come here for each row. */
static RARE void world_fill(struct world *world, uint32_t slot)
{
    if (world->keeps_paths)
        hops_hand_on(world, slot);
    if (world->block_count == TRACE_BLOCK_ROWS)
        world_flush(world);
}

void world_hand_on(struct world *world, uint32_t slot, const struct trace_row *row)
{
    world->block[world->block_count++] = *row;
    if (world->block_count >= world->block_limit)
        world_fill(world, slot);
}

void world_close_attempt(struct world *world, uint32_t slot)
{
    const struct trace_row *row = &world->pool.attempts[slot].row;
    world->measured_open -= row->phase == PHASE_MEASURE;
    world_end_if_over(world);
    world_hand_on(world, slot, row);
    attempt_return(&world->pool, slot);
}

/* Ends an attempt that is under way when the run stops. */
static void world_cut_attempt(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct trace_row *row = &attempt->row;
    if (world->tries != NULL)
        race_cut(world, slot);
    sim_time *const stages[] = {
        [STAGE_RECEIVED] = &row->received, [STAGE_DISPATCHED] = &row->dispatched,
        [STAGE_ARRIVED] = &row->arrived,   [STAGE_STARTED] = &row->started,
        [STAGE_SERVED] = &row->served,
    };
    for (unsigned stage = attempt->stage + 1u; stage <= STAGE_SERVED; stage++)
        *stages[stage] = world->now;
    if (!attempt->answered) {
        row->ended = world->now;
        row->outcome = OUTCOME_UNFINISHED;
    }
    world_close_attempt(world, slot);
}

/* -- running -- */

static bool world_look(struct world *world)
{
    if (world->progress != NULL)
        atomic_store_explicit(world->progress, (uint64_t)world->now, memory_order_relaxed);
    return world->stop != NULL && atomic_load_explicit(world->stop, memory_order_relaxed);
}

/* True when it was stopped from outside. */
static bool world_loop(struct world *world)
{
    struct event event;
    uint32_t left = WORLD_LOOK_PERIOD; /* until the next look */
    while (!world->over && event_pop(world->queue, &event)) {
        world->now = event.at;
        world_step(world, &event);
        if (--left > 0)
            continue;
        left = WORLD_LOOK_PERIOD;
        world->events += WORLD_LOOK_PERIOD;
        if (world_look(world))
            return true;
    }
    world->events += WORLD_LOOK_PERIOD - left;
    return false;
}

/* What the balancers count as outstanding is what is outstanding. */
static void world_check_counts(struct world *world)
{
    uint64_t counted = 0, outstanding = 0;
    for (uint32_t slot = 0; slot < world->pool.top; slot++)
        counted += world->pool.attempts[slot].stage != STAGE_FREE &&
                   world->pool.attempts[slot].counted;
    for (uint32_t i = 0; i < world->balancer_count; i++)
        for (uint32_t pod = 0; pod < world->pod_count; pod++)
            outstanding += world->balancers[i].backends.outstanding[pod];
    if (world->counts_connections)
        counted = connection_count_pins(world, world->outer_count);
    CHECK(counted == outstanding);
    tiers_check_counts(world);
}

struct world_account world_run(struct world *world)
{
    bool stopped = world_loop(world);
    world_check_counts(world);
    for (uint32_t slot = 0; slot < world->pool.top; slot++)
        if (world->pool.attempts[slot].stage != STAGE_FREE)
            world_cut_attempt(world, slot);
    world_flush(world);
    CHECK(world->row_count == world->requests + world->retries && world->measured_open == 0);
    if (world->progress != NULL)
        atomic_store_explicit(world->progress, (uint64_t)world->measure_end,
                              memory_order_relaxed);
    return (struct world_account){
        .requests = world->requests,
        .rows = world->row_count,
        .events = world->events,
        .peak_in_flight = world->pool.top,
        .stopped = stopped,
    };
}
