/* SPDX-License-Identifier: GPL-3.0-or-later
   Tiers before the last at work:

     sent -> [connection set up] -> received -> [held] -> sent on -> … -> the last tier
     its end -> back through the same instances, each counts it off -> client

   A request that the last tier tries several times is one request here: its path is shared by
   its attempts.  When the client goes, all tiers count it off at once, as the last one does. */
#include "models/tier.h"

#include "models/describe.h"
#include "models/follow.h"
#include "models/reach.h"
#include "models/scenario_tiers.h"
#include "models/state.h"
#include "models/tier_way.h"
#include "models/topology.h"

static struct path_hop *tier_hop(struct path *path)
{
    return &path->hops[path->tier];
}

static struct tier_instance *tier_instance(struct world *world, uint32_t index,
                                           uint32_t instance)
{
    struct tier *tier = &world->outer[index];
    struct tier_instance *found = &tier->instances[instance];
    if (found->backends.ops != NULL)
        return found;
    uint64_t limit = tier->config->max_in_flight;
    struct backends_place place = {.limit = limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX,
                                   .peers = tier->count,
                                   .peer = instance,
                                   .key = rng_key(tier->policy_key, "policy", instance),
                                   .reached = topology_reach(world, index, instance,
                                                             tier->backend_count)};
    if (index + 1 == world->outer_count)
        place.members = engines_members(world);
    backends_open(&found->backends, tier->policy, tier->backends, tier->backend_count, place,
                  &world->arena);
    if (world->vacant != NULL && index + 1 == world->outer_count)
        reach_show(world, &found->backends);
    if (tier->sticky_count > 0)
        found->sticky = &tier->stickies[tier->sticky_count > 1 ? instance : 0];
    return found;
}

/* -- the way back -- */

/* `more`: what the zones of the client and of the first tier add. */
static void tier_leave(struct world *world, uint32_t slot, sim_time more)
{
    if (!world_attempt(world, slot)->answered)
        hops_leg(world, slot, NETWORK_TO_CLIENT, more);
    if (network_pass(world, NETWORK_TO_CLIENT, slot, more))
        client_answer(world, slot);
}

/* From the tier that the path says to the one before, or to the client. */
static void tier_go_back(struct world *world, uint32_t slot)
{
    struct path *path = path_find(world, slot);
    if (path->tier > 0) {
        path->tier--;
        if (tier_way_travel(world, path->tier, slot, TIER_WAY_BACK))
            tier_answer(world, slot);
        return;
    }
    sim_time more = tier_way_entry(world, path, slot, NETWORK_TO_CLIENT);
    path_end(world, path);
    tier_leave(world, slot, more);
}

/* It goes back from an outer tier without having been sent on. */
static void tier_refuse(struct world *world, uint32_t slot, enum outcome outcome)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct trace_row *row = &attempt->row;
    const struct path *path = path_find(world, slot);
    struct trace_hops *hops = hops_of(world, slot);
    row->received = row->dispatched = row->arrived = row->started = row->served = world->now;
    attempt->stage = STAGE_SERVED;
    if (path != NULL)
        hops->inside[path->tier] = world->now - path->hops[path->tier].since;
    for (uint32_t tier = 0; tier < hops->reached; tier++)
        row->received -= hops->inside[tier];
    if (attempt->answered) {
        world_close_attempt(world, slot);
        return;
    }
    row->outcome = (uint8_t)outcome;
    tier_go_back(world, slot);
}

void tier_return(struct world *world, uint32_t slot)
{
    if (world_attempt(world, slot)->answered)
        tier_leave(world, slot, 0); /* to nobody */
    else
        tier_go_back(world, slot);
}

static uint16_t tier_status(const struct world *world, uint32_t slot)
{
    enum outcome outcome = (enum outcome)world->pool.attempts[slot].row.outcome;
    if (outcome == OUTCOME_ERROR)
        return fault_pod_status(world, slot);
    if (outcome == OUTCOME_REJECTED || outcome == OUTCOME_OVERFLOW ||
        outcome == OUTCOME_QUEUE_TIMEOUT || outcome == OUTCOME_NO_BACKEND)
        return 503;
    return outcome == OUTCOME_OK ? 200 : 0;
}

static void tier_release(struct world *world, uint32_t index, uint32_t number);

/* An instance hears how a request ended that it has sent on. */
static void tier_count_off(struct world *world, uint32_t index, const struct path_hop *hop,
                           uint32_t slot, bool abandoned)
{
    if (world->outer[index].config->per == PER_CONNECTION)
        return; /* it sees no requests */
    struct tier_instance *instance = tier_instance(world, index, hop->instance);
    struct backends *backends = &instance->backends;
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct outcome_report report = {
        .backend = hop->backend,
        .success = row->outcome == OUTCOME_OK,
        .abandoned = abandoned,
        .status = tier_status(world, slot),
        .first_byte = world->now - hop->since,
        .latency = world->now - hop->since,
        .size = row->size,
    };
    backends->view.now = world->now;
    backends_done(backends, hop->backend);
    if (backends->ops->learn != NULL)
        backends->ops->learn(backends->state, &backends->view, &report);
    tier_release(world, index, hop->instance);
}

void tier_answer(struct world *world, uint32_t slot)
{
    if (world_attempt(world, slot)->answered) {
        tier_leave(world, slot, 0);
        return;
    }
    struct path *path = path_find(world, slot);
    struct path_hop hop = *tier_hop(path);
    tier_hop(path)->sent = false;
    tier_count_off(world, path->tier, &hop, slot, false);
    tier_go_back(world, slot);
}

/* -- the way inwards -- */

static void tier_send_on(struct world *world, uint32_t slot, backend_id backend)
{
    struct path *path = path_find(world, slot);
    struct path_hop *hop = tier_hop(path);
    uint32_t index = path->tier++;
    hops_of(world, slot)->inside[index] = world->now - hop->since;
    path->inside += world->now - hop->since;
    *hop = (struct path_hop){hop->instance, backend, world->now, true};
    tier_hop(path)->instance = backend;
    if (world->outer[index].config->per == PER_REQUEST)
        backends_sent(&tier_instance(world, index, hop->instance)->backends, backend);
    if (tier_way_travel(world, index, slot, TIER_WAY_INWARDS))
        tier_arrive(world, slot);
}

static backend_id tier_pick(struct world *world, struct tier_instance *instance, uint32_t slot)
{
    const struct path *path = path_find(world, slot);
    const struct tier *tier = &world->outer[path->tier];
    struct request request;
    describe_request(world, &world_attempt(world, slot)->row,
                     (instance->backends.ops->traits & POLICY_KEYLESS) != 0, &request);
    if (tier->config->per == PER_REQUEST)
        return follow_sticky(instance->sticky, &instance->backends, world->now, &request);
    backend_id pick = connection_pin(world, path, path->tier);
    if (pick != NO_BACKEND)
        return pick;
    pick = follow_sticky(instance->sticky, &instance->backends, world->now, &request);
    if (pick != NO_BACKEND)
        connection_note(world, path, path->tier, path->hops[path->tier].instance, pick);
    return pick;
}

static void tier_hold(struct world *world, struct tier_instance *instance, uint32_t slot)
{
    struct path *path = path_find(world, slot);
    const struct tier *tier = &world->outer[path->tier];
    const struct scenario_queue *limits = &tier->config->queue;
    if (instance->held >= limits->limit) {
        tier_refuse(world, slot, OUTCOME_OVERFLOW);
        return;
    }
    if (limits->order == ORDER_LIFO)
        attempt_queue_prepend(&instance->queue, &world->pool, slot);
    else
        attempt_queue_append(&instance->queue, &world->pool, slot);
    instance->held++;
    path->held = true;
    if (limits->timeout != SIM_NEVER)
        event_lane_push(world->queue, tier->queue_timeout_lane, world->now + limits->timeout,
                        EVENT_TIER_TIMEOUT, slot, world_attempt(world, slot)->ticket,
                        path->tier);
}

static void tier_unhold(struct world *world, struct path *path, uint32_t slot)
{
    struct tier_instance *instance =
        tier_instance(world, path->tier, tier_hop(path)->instance);
    attempt_queue_remove(&instance->queue, &world->pool, slot);
    instance->held--;
    path->held = false;
}

static void tier_release(struct world *world, uint32_t index, uint32_t number)
{
    struct tier_instance *instance = tier_instance(world, index, number);
    if (instance->releasing)
        return;
    instance->releasing = true;
    while (instance->held > 0) {
        uint32_t slot = instance->queue.first;
        backend_id backend = tier_pick(world, instance, slot);
        bool refused = backend == NO_BACKEND && backends_is_refused(&instance->backends);
        if (backend == NO_BACKEND && !refused)
            break;
        tier_unhold(world, path_find(world, slot), slot);
        if (refused)
            tier_refuse(world, slot, OUTCOME_NO_BACKEND);
        else
            tier_send_on(world, slot, backend);
    }
    instance->releasing = false;
}

void tier_hear(struct world *world, uint32_t tier, uint32_t backend, bool up)
{
    for (uint32_t i = 0; i < world->outer[tier].count; i++) {
        struct backends *backends = &world->outer[tier].instances[i].backends;
        if (backends->ops == NULL)
            continue; /* will see when it is first asked */
        backends_set_up(backends, backend, up);
        backends->view.now = world->now;
        backends_update(backends);
        tier_release(world, tier, i);
    }
}

void tier_decide(struct world *world, uint32_t slot)
{
    if (world_attempt(world, slot)->answered) {
        tier_refuse(world, slot, OUTCOME_TIMEOUT);
        return;
    }
    struct path *path = path_find(world, slot);
    struct tier_instance *instance =
        tier_instance(world, path->tier, tier_hop(path)->instance);
    /* Who waits already goes first. */
    backend_id backend =
        instance->held > 0 ? NO_BACKEND : tier_pick(world, instance, slot);
    if (backend != NO_BACKEND)
        tier_send_on(world, slot, backend);
    else if (instance->held == 0 && backends_is_refused(&instance->backends))
        tier_refuse(world, slot, OUTCOME_NO_BACKEND);
    else
        tier_hold(world, instance, slot);
}

static void tier_think(struct world *world, uint32_t slot)
{
    const struct path *path = path_find(world, slot);
    const struct tier *tier = &world->outer[path->tier];
    uint32_t ticket = world_attempt(world, slot)->ticket;
    if (!tier->serial) {
        event_lane_push(world->queue, tier->decision_lane, world->now + tier->pick,
                        EVENT_TIER_DECIDED, slot, ticket, 0);
        return;
    }
    struct tier_instance *instance = &tier->instances[path->hops[path->tier].instance];
    if (instance->thinks_until < world->now)
        instance->thinks_until = world->now;
    instance->thinks_until += tier->pick;
    event_push(world->queue, instance->thinks_until, EVENT_TIER_DECIDED, slot, ticket, 0);
}

void tier_arrive(struct world *world, uint32_t slot)
{
    if (world_attempt(world, slot)->answered) {
        tier_refuse(world, slot, OUTCOME_TIMEOUT);
        return;
    }
    struct path *path = path_find(world, slot);
    struct trace_hops *hops = hops_of(world, slot);
    hops->reached = (uint8_t)(path->tier + 1);
    if (path->tier == world->outer_count) {
        world_attempt(world, slot)->row.balancer = (uint16_t)tier_hop(path)->instance;
        balancer_receive(world, slot);
        return;
    }
    tier_hop(path)->since = world->now;
    hops->instances[path->tier] = (uint16_t)tier_hop(path)->instance;
    if (world->outer[path->tier].pick > 0 && !follow_is_led(world, slot))
        tier_think(world, slot);
    else
        tier_decide(world, slot);
}

/* -- the client's side -- */

static void tier_depart(struct world *world, uint32_t slot)
{
    const struct path *path = path_find(world, slot);
    struct trace_row *row = &world_attempt(world, slot)->row;
    hops_of(world, slot)->connect = world->now - row->sent;
    row->sent = world->now;
    row->balancer = world->outer_count > 0 ? 0 : (uint16_t)path->hops[0].instance;
    hops_of(world, slot)->reached = world->outer_count > 0 ? 0 : 1;
    sim_time more = tier_way_entry(world, path, slot, NETWORK_TO_BALANCER);
    hops_leg(world, slot, NETWORK_TO_BALANCER, more);
    if (network_pass(world, NETWORK_TO_BALANCER, slot, more))
        tier_arrive(world, slot);
}

void tier_send(struct world *world, uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct path *path = path_begin(world, slot);
    hops_begin(world, slot);
    path->hops[0].instance = row->balancer;
    sim_time ready = world->now;
    if (connection_is_used(world, row->client))
        ready = connection_take(world, path, slot);
    else if (world->dns != NULL)
        ready = dns_direct(world, path, row);
    if (ready == SIM_NEVER)
        return;
    if (ready > world->now)
        event_push(world->queue, ready, EVENT_CONNECTED, slot,
                   world_attempt(world, slot)->ticket, 0);
    else
        tier_depart(world, slot);
}

void tier_connected(struct world *world, uint32_t slot)
{
    const struct attempt *attempt = world_attempt(world, slot);
    if (!attempt->answered) {
        tier_depart(world, slot);
        return;
    }
    hops_of(world, slot)->connect = world->now - attempt->row.sent;
    tier_refuse(world, slot, OUTCOME_TIMEOUT);
}

void tier_queue_expire(struct world *world, uint32_t slot, uint32_t tier)
{
    struct path *path = path_find(world, slot);
    if (path == NULL || !path->held || path->tier != tier)
        return;
    tier_unhold(world, path, slot);
    tier_refuse(world, slot, OUTCOME_QUEUE_TIMEOUT);
}

void tier_settle(struct world *world, uint32_t slot)
{
    struct path *path = path_find(world, slot);
    struct trace_row *row = &world_attempt(world, slot)->row;
    if (path == NULL || row->attempt > 0)
        return;
    row->received -= path->inside;
    path->inside = 0;
}

/* Counting off lets others go, who may move the records: so it works on a copy. */
void tier_abandon(struct world *world, uint32_t slot, bool client_gone)
{
    struct path *found = path_find(world, slot);
    if (found == NULL)
        return;
    bool held = found->held, waits = found->waits;
    if (held) {
        hops_of(world, slot)->inside[found->tier] = world->now - tier_hop(found)->since;
        tier_unhold(world, found, slot);
    }
    if (waits) {
        connection_leave(world, slot);
        struct trace_row *row = &world_attempt(world, slot)->row;
        hops_of(world, slot)->connect = world->now - row->sent;
        row->sent = world->now;
    }
    struct path path = *found;
    path_end(world, found);
    for (uint32_t tier = world->outer_count; tier-- > 0;)
        if (path.hops[tier].sent)
            tier_count_off(world, tier, &path.hops[tier], slot, client_gone);
    if (held || waits)
        tier_refuse(world, slot, OUTCOME_TIMEOUT);
}

/* -- who is there -- */

void tier_resize(struct world *world, uint32_t count)
{
    uint32_t index = world->outer_count - 1;
    const struct tier *tier = &world->outer[index];
    for (uint32_t i = 0; i < tier->count; i++) {
        struct backends *backends = &tier->instances[i].backends;
        if (backends->ops == NULL)
            continue;
        for (backend_id backend = 0; backend < tier->backend_count; backend++)
            backends_set_member(backends, backend, backend < count);
        backends->view.now = world->now;
        backends_update(backends);
        tier_release(world, index, i);
    }
}

/* -- connections -- */

static struct backends *tier_backends(struct world *world, uint32_t tier, uint32_t instance)
{
    struct backends *backends = tier < world->outer_count
                                    ? &tier_instance(world, tier, instance)->backends
                                    : &world->balancers[instance].backends;
    backends->view.now = world->now;
    return backends;
}

void tier_connect(struct world *world, uint32_t tier, uint32_t instance, backend_id backend)
{
    backends_sent(tier_backends(world, tier, instance), backend);
}

void tier_disconnect(struct world *world, uint32_t tier, uint32_t instance, backend_id backend)
{
    backends_done(tier_backends(world, tier, instance), backend);
}
