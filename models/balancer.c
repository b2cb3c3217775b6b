/* SPDX-License-Identifier: GPL-3.0-or-later
   A balancer instance: receives, picks, dispatches; holds what nobody may take; counts down
   when the answer passes through:

     received -> (somebody is picked)            -> dispatched -> … -> answered
              -> (nobody is, room in the queue)  -> held -> dispatched …
              -> (nobody is, no room)            -> overflow, back to the client
              -> (there is nobody at all)        -> no_backend, back to the client */
#include "models/balancer.h"

#include "models/state.h"

static struct balancer *balancer_of(struct world *world, uint32_t slot)
{
    return &world->balancers[world_attempt(world, slot)->row.balancer];
}

/* The true load of a pod goes up or down by one attempt. */
static void balancer_load(struct world *world, uint32_t pod, uint32_t change)
{
    if (world->pod_load == NULL)
        return;
    world->pod_load[pod] += change;
    balancer_hear(world, pod);
}

static backend_id balancer_pick(struct world *world, struct balancer *balancer, uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct request request;
    request.key = row->key;
    request.key_text = NULL;
    request.has_hash = false;
    request.user = row->user;
    request.attempt = row->attempt;
    request.tried_count = 0;
    return backends_pick(&balancer->backends, world->now, &request);
}

static void balancer_dispatch(struct world *world, struct balancer *balancer, uint32_t slot,
                              backend_id backend)
{
    CHECK(backend < balancer->backends.view.count);
    __builtin_prefetch(&world->pods[backend], 1);
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.pod = backend;
    attempt->row.dispatched = world->now;
    attempt->stage = STAGE_DISPATCHED;
    attempt->counted = true;
    backends_sent(&balancer->backends, backend);
    balancer_load(world, backend, 1);
    world_travel(world, NETWORK_TO_POD, slot, pod_receive);
}

/* Ends an attempt that was not dispatched: it goes straight back to the client. */
static void balancer_refuse(struct world *world, uint32_t slot, enum outcome outcome)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct trace_row *row = &attempt->row;
    row->dispatched = row->arrived = row->started = row->served = world->now;
    attempt->stage = STAGE_SERVED;
    if (attempt->answered) {
        world_close_attempt(world, slot);
        return;
    }
    row->outcome = (uint8_t)outcome;
    world_travel(world, NETWORK_TO_CLIENT, slot, client_answer);
}

static void balancer_hold(struct world *world, struct balancer *balancer, uint32_t slot)
{
    const struct scenario_queue *limits = &world->tier->queue;
    if (balancer->held >= limits->limit) {
        balancer_refuse(world, slot, OUTCOME_OVERFLOW);
        return;
    }
    if (limits->order == ORDER_LIFO)
        attempt_queue_prepend(&balancer->queue, &world->pool, slot);
    else
        attempt_queue_append(&balancer->queue, &world->pool, slot);
    balancer->held++;
    world_attempt(world, slot)->held = true;
    if (limits->timeout != SIM_NEVER)
        event_lane_push(world->queue, world->queue_timeout_lane, world->now + limits->timeout,
                        EVENT_QUEUE_TIMEOUT, slot, world_attempt(world, slot)->ticket, 0);
}

static void balancer_unhold(struct world *world, struct balancer *balancer, uint32_t slot)
{
    attempt_queue_remove(&balancer->queue, &world->pool, slot);
    world_attempt(world, slot)->held = false;
    balancer->held--;
}

/* Sends what is held as long as somebody may take it.  An attempt that is refused at once by
   its pod comes back here before the call returns; the loop below goes on with the rest. */
static void balancer_release_held(struct world *world, struct balancer *balancer)
{
    if (balancer->releasing)
        return;
    balancer->releasing = true;
    while (balancer->held > 0) {
        uint32_t slot = balancer->queue.first;
        backend_id backend = balancer_pick(world, balancer, slot);
        if (backend == NO_BACKEND)
            break;
        balancer_unhold(world, balancer, slot);
        balancer_dispatch(world, balancer, slot, backend);
    }
    balancer->releasing = false;
}

void balancer_wake(struct world *world)
{
    for (uint32_t i = 0; i < world->balancer_count; i++)
        if (world->balancers[i].held > 0)
            balancer_release_held(world, &world->balancers[i]);
}

void balancer_receive(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct balancer *balancer = balancer_of(world, slot);
    attempt->row.received = world->now;
    attempt->stage = STAGE_RECEIVED;
    if (attempt->answered) {
        balancer_refuse(world, slot, OUTCOME_TIMEOUT);
        return;
    }
    /* Who waits already goes first. */
    backend_id backend =
        balancer->held > 0 ? NO_BACKEND : balancer_pick(world, balancer, slot);
    if (backend != NO_BACKEND)
        balancer_dispatch(world, balancer, slot, backend);
    else if (balancer->backends.up_count == 0)
        balancer_refuse(world, slot, OUTCOME_NO_BACKEND);
    else
        balancer_hold(world, balancer, slot);
}

/* The balancer no longer counts an attempt as outstanding. */
static void balancer_count_off(struct world *world, uint32_t slot, bool success)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct balancer *balancer = balancer_of(world, slot);
    struct backends *backends = &balancer->backends;
    attempt->counted = false;
    backends->view.now = world->now;
    backends_done(backends, attempt->row.pod);
    if (backends->ops->learn != NULL) {
        struct outcome_report report = {
            .backend = attempt->row.pod,
            .success = success,
            .status = success ? 200 : 0,
            .first_byte = world->now - attempt->row.dispatched,
            .latency = world->now - attempt->row.dispatched,
            .size = attempt->row.size,
        };
        backends->ops->learn(backends->state, &backends->view, &report);
    }
    if (balancer->held > 0)
        balancer_release_held(world, balancer);
}

void balancer_answer(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (attempt->counted)
        balancer_count_off(world, slot, attempt->row.outcome == OUTCOME_OK);
    world_travel(world, NETWORK_TO_CLIENT, slot, client_answer);
}

void balancer_queue_expire(struct world *world, uint32_t slot)
{
    if (!world_attempt(world, slot)->held)
        return;
    balancer_unhold(world, balancer_of(world, slot), slot);
    balancer_refuse(world, slot, OUTCOME_QUEUE_TIMEOUT);
}

void balancer_abandon(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (attempt->held) {
        balancer_unhold(world, balancer_of(world, slot), slot);
        balancer_refuse(world, slot, OUTCOME_TIMEOUT);
    } else if (attempt->counted) {
        balancer_count_off(world, slot, false);
    }
}

void balancer_hear(struct world *world, uint32_t pod)
{
    uint32_t workers = world->pods[pod].workers, load = world->pod_load[pod];
    struct load_report report = {
        .backend = pod,
        .in_flight = load,
        .free_workers = workers > load ? workers - load : 0,
        .speed = world->pods[pod].speed,
        .measured_at = world->now,
    };
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        struct backends *backends = &world->balancers[i].backends;
        backends->view.now = world->now;
        backends->ops->hear(backends->state, &backends->view, &report);
    }
}
