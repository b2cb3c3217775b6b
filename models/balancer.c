/* SPDX-License-Identifier: GPL-3.0-or-later
   A balancer instance: receives, picks, dispatches; holds what nobody may take; counts down
   when the answer passes through:

     received -> (somebody is picked)            -> dispatched -> … -> answered
              -> (nobody is, room in the queue)  -> held -> dispatched …
              -> (nobody is, no room; or too much is under way)
                                                -> overflow, back to the client
              -> (there is nobody at all)        -> no_backend, back to the client */
#include "models/balancer.h"

#include "models/describe.h"
#include "models/follow.h"
#include "models/reach.h"
#include "models/state.h"
#include "models/tier.h"
#include "sim/engine/dist.h"

static struct balancer *balancer_of(struct world *world, uint32_t slot)
{
    return &world->balancers[world_attempt(world, slot)->row.balancer];
}

/* Further tries, and requests that go where another went. */
static RARE backend_id balancer_pick_apart(struct world *world, struct balancer *balancer,
                                           uint32_t slot, struct request *request)
{
    if (world_attempt(world, slot)->row.attempt > 0)
        return tries_place(world, slot, request);
    if (world->follows)
        return follow_pick(world, balancer, slot, request);
    return backends_pick(&balancer->backends, world->now, request);
}

static backend_id balancer_pick(struct world *world, struct balancer *balancer, uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct request request;
    describe_request(world, row, world->draws_hashes, &request);
    if (world->picks_apart)
        return balancer_pick_apart(world, balancer, slot, &request);
    return backends_pick(&balancer->backends, world->now, &request);
}

/* -- what policies hear -- */

static void balancer_tell(struct world *world, struct balancer *balancer,
                          const struct load_report *report)
{
    struct backends *backends = &balancer->backends;
    backends->view.now = world->now;
    if (backends->ops->hear != NULL)
        backends->ops->hear(backends->state, &backends->view, report);
}

/* The true load of a pod changed: some policies know at once. */
void balancer_tell_load(struct world *world, uint32_t pod)
{
    if (!(world->balancers[0].backends.ops->traits & POLICY_TOLD))
        return;
    struct load_report report = meter_report(world, pod);
    for (uint32_t i = 0; i < world->balancer_count; i++)
        balancer_tell(world, &world->balancers[i], &report);
}

/* Notes what the pod says with its reply to an attempt. */
static void balancer_attach(struct world *world, uint32_t slot, uint32_t pod)
{
    if (slot >= world->attached_room) {
        world->attached_room = world->pool.room;
        world->attached =
            memory_grow(world->attached, world->attached_room, sizeof *world->attached);
    }
    world->attached[slot] = meter_report(world, pod);
}

static sim_time balancer_probe_delay(struct world *world, struct balancer *balancer,
                                     uint32_t pod)
{
    uint32_t index = (uint32_t)(balancer - world->balancers);
    return sim_time_of(dist_draw(&world->scenario->network.to_pod, &balancer->probe_rng)) +
           place_draw_to_pod(world, index, pod, &balancer->probe_rng);
}

/* Sends the probes that the policy asks for after a pick. */
static void balancer_probe(struct world *world, struct balancer *balancer)
{
    struct backends *backends = &balancer->backends;
    if (backends->ops->probe == NULL)
        return;
    backend_id targets[POLICY_PROBES_MAX];
    uint32_t count =
        backends->ops->probe(backends->state, &backends->view, targets, &backends->rng);
    CHECK(count <= POLICY_PROBES_MAX);
    for (uint32_t i = 0; i < count; i++)
        event_push(world->queue,
                   world->now + balancer_probe_delay(world, balancer, targets[i]),
                   EVENT_PROBE_AT_POD, (uint32_t)(balancer - world->balancers), 0, targets[i]);
}

void balancer_probe_pod(struct world *world, uint32_t index, uint32_t pod)
{
    uint32_t slot = world->probe_free;
    if (slot != PROBE_NONE) {
        world->probe_free = world->probes[slot].next;
    } else {
        slot = world->probe_count++;
        world->probes = memory_grow(world->probes, world->probe_count, sizeof *world->probes);
    }
    world->probes[slot].report = meter_report(world, pod);
    sim_time delay = balancer_probe_delay(world, &world->balancers[index], pod);
    event_push(world->queue, world->now + delay, EVENT_PROBE_BACK, index, 0, slot);
}

void balancer_probe_back(struct world *world, uint32_t index, uint32_t slot)
{
    struct load_report report = world->probes[slot].report;
    world->probes[slot].next = world->probe_free;
    world->probe_free = slot;
    balancer_tell(world, &world->balancers[index], &report);
}

/* -- requests -- */

/* How an attempt ended for its balancer. */
enum balancer_end { END_ANSWERED, END_FAILED, END_ABANDONED };

static uint16_t balancer_status(struct world *world, uint32_t slot, bool success)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (success)
        return 200;
    if (attempt->row.outcome == OUTCOME_ERROR)
        return fault_pod_status(world, slot);
    return attempt->row.outcome == OUTCOME_REJECTED ? 503 : 0;
}

/* Counts an attempt that goes to a pod, and tells those who want to know. */
static RARE void balancer_tell_sent(struct world *world, struct balancer *balancer,
                                    uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    backend_id backend = row->pod;
    if (!world->counts_connections)
        backends_sent(&balancer->backends, backend);
    if (world->outer_count > 0)
        tier_settle(world, slot);
    if (world->guards != NULL)
        guard_sent(world, row->balancer, backend);
    if (world->admissions != NULL)
        admission_sent(world, row->balancer);
    if (world->tries != NULL)
        tries_sent(world, slot, backend);
    if (world->meters == NULL)
        return;
    meter_dispatched(world, row);
    balancer_tell_load(world, backend);
    balancer_probe(world, balancer);
}

/* Whether the pod answered, well or not. */
static bool balancer_is_answer(enum balancer_end end, unsigned outcome)
{
    return end == END_ANSWERED ||
           (end == END_FAILED && (outcome == OUTCOME_ERROR || outcome == OUTCOME_REJECTED));
}

/* Counts an attempt off, and tells the policy and the guard how it ended. */
static RARE void balancer_tell_ended(struct world *world, struct balancer *balancer,
                                     uint32_t slot, enum balancer_end end)
{
    bool success = end == END_ANSWERED;
    const struct attempt *attempt = world_attempt(world, slot);
    struct backends *backends = &balancer->backends;
    if (world->counts_connections)
        return; /* it sees no requests */
    backends_done(backends, attempt->row.pod);
    bool answered = balancer_is_answer(end, attempt->row.outcome);
    if (world->upstreams != NULL && answered)
        upstream_give(world, attempt->row.balancer, attempt->row.pod);
    if (world->admissions != NULL)
        admission_ended(world, slot, answered);
    struct outcome_report report = {
        .backend = attempt->row.pod,
        .success = success,
        .abandoned = end == END_ABANDONED,
        .refused = attempt->row.outcome == OUTCOME_REFUSED,
        .last_try = !success && world->tries != NULL && tries_are_over(world, slot),
        .status = balancer_status(world, slot, success),
        .first_byte = world->now - attempt->row.dispatched,
        .latency = world->now - attempt->row.dispatched,
        .size = attempt->row.size,
    };
    if (success && backends->ops->traits & POLICY_REPORTS)
        report.load = &world->attached[slot];
    if (backends->ops->learn != NULL)
        backends->ops->learn(backends->state, &backends->view, &report);
    if (world->guards != NULL)
        guard_learn(world, attempt->row.balancer, &report);
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
    if (!world->tells_sent) {
        backends_sent(&balancer->backends, backend);
    } else {
        balancer_tell_sent(world, balancer, slot);
        if (world->upstreams != NULL && !upstream_take(world, slot))
            return;
    }
    world_travel(world, NETWORK_TO_POD, slot, pod_receive);
}

/* Ends an attempt that was not dispatched: it goes straight back to the client. */
static RARE void balancer_refuse(struct world *world, uint32_t slot, enum outcome outcome)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct trace_row *row = &attempt->row;
    if (world->outer_count > 0)
        tier_settle(world, slot);
    row->dispatched = row->arrived = row->started = row->served = world->now;
    attempt->stage = STAGE_SERVED;
    if (world->tries != NULL)
        tries_end(world, slot, false);
    if (attempt->answered) {
        world_close_attempt(world, slot);
        return;
    }
    row->outcome = (uint8_t)outcome;
    world_travel(world, NETWORK_TO_CLIENT, slot, client_answer);
}

static RARE void balancer_hold(struct world *world, struct balancer *balancer, uint32_t slot)
{
    const struct scenario_queue *limits = &world->tier->queue;
    if (balancer->held >= balancer->room) {
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
                        EVENT_QUEUE_TIMEOUT, slot, world_attempt(world, slot)->ticket,
                        world_attempt(world, slot)->row.attempt);
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
    if (balancer->releasing || balancer->busy_until > world->now)
        return;
    balancer->releasing = true;
    while (balancer->held > 0) {
        uint32_t slot = balancer->queue.first;
        backend_id backend = balancer_pick(world, balancer, slot);
        bool refused = backend == NO_BACKEND && backends_is_refused(&balancer->backends);
        if (backend == NO_BACKEND && !refused)
            break;
        bool shed = world->admissions != NULL && !refused && !admission_leaves(world, slot);
        balancer_unhold(world, balancer, slot);
        if (refused || shed)
            balancer_refuse(world, slot, shed ? OUTCOME_OVERFLOW : OUTCOME_NO_BACKEND);
        else
            balancer_dispatch(world, balancer, slot, backend);
    }
    balancer->releasing = false;
}

/* -- the cost of deciding -- */

void balancer_reckon(const struct world *world, struct balancer *balancer)
{
    balancer->cost = decision_cost(&world->tier->decision_cost,
                                   balancer->backends.ops->kind.name,
                                   balancer->backends.up_count);
}

void balancer_rebuild(struct world *world, uint32_t index)
{
    struct balancer *balancer = &world->balancers[index];
    balancer->backends.view.now = world->now;
    backends_update(&balancer->backends);
    if (world->vacant != NULL)
        reach_tell(world, index);
    if (!world->takes_time)
        return;
    balancer_reckon(world, balancer);
    if (balancer->cost.rebuild == 0)
        return;
    /* One rebuild after the other, in an instance. */
    sim_time begin = balancer->busy_until > world->now ? balancer->busy_until : world->now;
    balancer->busy_until = begin + balancer->cost.rebuild;
    event_push(world->queue, balancer->busy_until, EVENT_REBUILT, index, 0, 0);
}

void balancer_rebuilt(struct world *world, uint32_t index)
{
    balancer_release_held(world, &world->balancers[index]);
}

/* Decides after the cost of a pick, which begins when the instance is not busy. */
static RARE void balancer_think(struct world *world, uint32_t slot)
{
    struct balancer *balancer = balancer_of(world, slot);
    uint32_t ticket = world_attempt(world, slot)->ticket;
    sim_time begin = balancer->busy_until > world->now ? balancer->busy_until : world->now;
    if (world->counts_connections && follow_is_led(world, slot)) {
        balancer_decide(world, slot);
        return;
    }
    if (balancer->cost.serial && balancer->thinks_until > begin)
        begin = balancer->thinks_until;
    sim_time end = balancer->thinks_until = begin + balancer->cost.pick;
    balancer->thought += balancer->cost.pick;
    if (world->takes_even)
        event_lane_push(world->queue, world->decision_lane, end, EVENT_DECIDED, slot, ticket, 0);
    else if (end > world->now)
        event_push(world->queue, end, EVENT_DECIDED, slot, ticket, 0);
    else
        balancer_decide(world, slot);
}

void balancer_consider(struct world *world, uint32_t slot)
{
    if (world->takes_time)
        balancer_think(world, slot);
    else
        balancer_decide(world, slot);
}

/* False: it was refused. */
static bool balancer_admit(struct world *world, uint32_t slot)
{
    if (world->admissions == NULL || admission_enters(world, slot))
        return true;
    balancer_refuse(world, slot, OUTCOME_OVERFLOW);
    return false;
}

static RARE bool balancer_take_on(struct world *world, uint32_t slot)
{
    if (world->tries != NULL)
        tries_begin(world, slot);
    return balancer_admit(world, slot);
}

void balancer_receive(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.received = world->now;
    attempt->stage = STAGE_RECEIVED;
    if (!world->minds_requests)
        balancer_decide(world, slot);
    else if (balancer_take_on(world, slot))
        balancer_consider(world, slot);
}

void balancer_decide(struct world *world, uint32_t slot)
{
    struct balancer *balancer = balancer_of(world, slot);
    if (world_attempt(world, slot)->answered) {
        balancer_refuse(world, slot, OUTCOME_TIMEOUT);
        return;
    }
    /* Who waits already goes first. */
    backend_id backend =
        balancer->held > 0 ? NO_BACKEND : balancer_pick(world, balancer, slot);
    if (backend != NO_BACKEND)
        balancer_dispatch(world, balancer, slot, backend);
    else if (balancer->held == 0 && backends_is_refused(&balancer->backends))
        balancer_refuse(world, slot, OUTCOME_NO_BACKEND);
    else
        balancer_hold(world, balancer, slot);
}

void balancer_retry(struct world *world, uint32_t slot)
{
    if (balancer_admit(world, slot))
        balancer_consider(world, slot);
}

backend_id balancer_choose(struct world *world, uint32_t slot)
{
    return balancer_pick(world, balancer_of(world, slot), slot);
}

void balancer_send(struct world *world, uint32_t slot, backend_id backend)
{
    balancer_dispatch(world, balancer_of(world, slot), slot, backend);
}

/* The balancer no longer counts an attempt as outstanding. */
static void balancer_count_off(struct world *world, uint32_t slot, enum balancer_end end)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct balancer *balancer = balancer_of(world, slot);
    struct backends *backends = &balancer->backends;
    attempt->counted = false;
    backends->view.now = world->now;
    if (world->tells_ended)
        balancer_tell_ended(world, balancer, slot, end);
    else
        backends_done(backends, attempt->row.pod);
    if (balancer->held > 0)
        balancer_release_held(world, balancer);
}

void balancer_answer(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (attempt->counted)
        balancer_count_off(world, slot,
                           attempt->row.outcome == OUTCOME_OK ? END_ANSWERED : END_FAILED);
    if (world->tries != NULL) {
        if (tries_again(world, slot))
            return;
        attempt = world_attempt(world, slot);
        tries_end(world, slot, attempt->row.outcome == OUTCOME_OK);
    }
    world_travel(world, NETWORK_TO_CLIENT, slot, client_answer);
}

void balancer_queue_expire(struct world *world, uint32_t slot, uint32_t number)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (!attempt->held || attempt->row.attempt != number)
        return;
    balancer_unhold(world, balancer_of(world, slot), slot);
    balancer_refuse(world, slot, OUTCOME_QUEUE_TIMEOUT);
}

void balancer_abandon(struct world *world, uint32_t slot, bool client_gone)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (attempt->held) {
        balancer_unhold(world, balancer_of(world, slot), slot);
        balancer_refuse(world, slot, OUTCOME_TIMEOUT);
    } else {
        if (attempt->counted)
            balancer_count_off(world, slot, client_gone ? END_ABANDONED : END_FAILED);
        if (world->tries != NULL)
            tries_end(world, slot, false);
    }
}

/* What a pod tells when it is done with an attempt. */
void balancer_hear(struct world *world, uint32_t slot)
{
    uint32_t pod = world_attempt(world, slot)->row.pod;
    if (world->balancers[0].backends.ops->traits & POLICY_REPORTS)
        balancer_attach(world, slot, pod);
    if (!(world->balancers[0].backends.ops->traits & POLICY_TOLD))
        return;
    balancer_tell_load(world, pod);
    balancer_wake(world);
}

void balancer_wake(struct world *world)
{
    for (uint32_t i = 0; i < world->balancer_count; i++)
        if (world->balancers[i].held > 0)
            balancer_release_held(world, &world->balancers[i]);
}
