/* SPDX-License-Identifier: GPL-3.0-or-later
   Tiers before the last at work:

     sent -> [connection set up] -> received -> [held] -> sent on -> … -> the last tier
     its end -> back through the same instances, each counts it off -> client

   A request that the last tier tries several times is one request here: its path is shared by
   its attempts.  When the client goes, all tiers count it off at once, as the last one does. */
#include "models/tier.h"

#include "models/follow.h"
#include "models/scenario_tiers.h"
#include "models/state.h"
#include "models/topology.h"
#include "sim/engine/dist.h"

/* Which way a delay is for: added to the key of its stream. */
enum { TIER_INWARDS, TIER_BACK };

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
    backends_open(&found->backends, tier->policy, tier->backends, tier->backend_count, place,
                  &world->arena);
    if (tier->sticky_count > 0)
        found->sticky = &tier->stickies[tier->sticky_count > 1 ? instance : 0];
    return found;
}

/* -- the way between two tiers -- */

static sim_time tier_delay(const struct tier *tier, const struct trace_row *row, uint64_t what)
{
    if (tier->constant)
        return tier->delay;
    struct rng rng;
    rng_seed(&rng, (tier->delay_key + what) ^ (row->request * UINT64_C(0xd1342543de82ef95) +
                                               row->attempt * UINT64_C(0xaef17502108ef2d9)));
    return sim_time_of(dist_draw(&tier->config->to_backend, &rng));
}

sim_time tier_delay_inwards(const struct world *world, const struct trace_row *row,
                            uint64_t what)
{
    sim_time delay = 0;
    for (uint32_t i = 0; i < world->outer_count; i++)
        delay += tier_delay(&world->outer[i], row, what);
    return delay;
}

/* What zones add between a tier and the next. */
static RARE sim_time tier_crossing(const struct world *world, uint32_t index, uint32_t slot,
                                   uint64_t way)
{
    const struct path_hop *hop = &path_find(world, slot)->hops[index];
    struct place from = place_of_instance(world, index, hop->instance);
    struct place to = place_of_instance(world, index + 1, hop->backend);
    return place_delay(world, from.zone_number, to.zone_number, PLACE_TIER_LEG(index, way),
                       &world->pool.attempts[slot].row, 0);
}

/* True when it takes no time: it has arrived. */
static bool tier_travel(struct world *world, uint32_t index, uint32_t slot, uint64_t way)
{
    const struct tier *tier = &world->outer[index];
    const struct attempt *attempt = world_attempt(world, slot);
    unsigned kind = way == TIER_BACK ? EVENT_BACK_AT_TIER : EVENT_AT_TIER;
    sim_time delay = tier_delay(tier, &attempt->row, way);
    sim_time more = world->places.far ? tier_crossing(world, index, slot, way) : 0;
    if (tier->constant && delay > 0 && more == 0)
        event_lane_push(world->queue, tier->delay_lane, world->now + delay, kind, slot,
                        attempt->ticket, 0);
    else if (delay + more > 0)
        event_push(world->queue, world->now + delay + more, kind, slot, attempt->ticket, 0);
    return delay + more == 0;
}

/* -- the way back -- */

/* `more`: what the zones of the client and of the first tier add. */
static void tier_leave(struct world *world, uint32_t slot, sim_time more)
{
    if (network_pass(world, NETWORK_TO_CLIENT, slot, more))
        client_answer(world, slot);
}

/* What zones add between the client and its instance of the first tier. */
static sim_time tier_entry_crossing(const struct world *world, const struct path *path,
                                    uint32_t slot, enum network_way way)
{
    if (!world->places.far)
        return 0;
    const struct trace_row *row = &world->pool.attempts[slot].row;
    struct place entry = place_of_instance(world, 0, path->hops[0].instance);
    return place_delay(world, world->places.clients[row->client], entry.zone_number, way, row,
                       0);
}

/* From the tier that the path says to the one before, or to the client. */
static void tier_go_back(struct world *world, uint32_t slot)
{
    struct path *path = path_find(world, slot);
    if (path->tier > 0) {
        path->tier--;
        if (tier_travel(world, path->tier, slot, TIER_BACK))
            tier_answer(world, slot);
        return;
    }
    sim_time more = tier_entry_crossing(world, path, slot, NETWORK_TO_CLIENT);
    path_end(world, path);
    tier_leave(world, slot, more);
}

/* It goes back from an outer tier without having been sent on. */
static void tier_refuse(struct world *world, uint32_t slot, enum outcome outcome)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct trace_row *row = &attempt->row;
    struct path *path = path_find(world, slot);
    row->received = world->now;
    row->dispatched = row->arrived = row->started = row->served = world->now;
    attempt->stage = STAGE_SERVED;
    if (attempt->answered) {
        world_close_attempt(world, slot);
        return;
    }
    row->received -= path->inside + world->now - tier_hop(path)->since;
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
    path->inside += world->now - hop->since;
    *hop = (struct path_hop){hop->instance, backend, world->now, true};
    tier_hop(path)->instance = backend;
    if (world->outer[index].config->per == PER_REQUEST)
        backends_sent(&tier_instance(world, index, hop->instance)->backends, backend);
    if (tier_travel(world, index, slot, TIER_INWARDS))
        tier_arrive(world, slot);
}

static backend_id tier_pick(struct world *world, struct tier_instance *instance, uint32_t slot)
{
    const struct path *path = path_find(world, slot);
    const struct tier *tier = &world->outer[path->tier];
    struct request request;
    world_describe(world, &world_attempt(world, slot)->row,
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

/* Nobody is in reach, or the policy refuses though it had a choice. */
static bool tier_is_refused(const struct tier_instance *instance)
{
    const struct backends *backends = &instance->backends;
    return backends->up_count == 0 || (backends->view.eligible_count > 0 &&
                                       backends->ops->traits & POLICY_REFUSES);
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
        bool refused = backend == NO_BACKEND && tier_is_refused(instance);
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
    else if (instance->held == 0 && tier_is_refused(instance))
        tier_refuse(world, slot, OUTCOME_NO_BACKEND);
    else
        tier_hold(world, instance, slot);
}

void tier_arrive(struct world *world, uint32_t slot)
{
    if (world_attempt(world, slot)->answered) {
        tier_refuse(world, slot, OUTCOME_TIMEOUT);
        return;
    }
    struct path *path = path_find(world, slot);
    if (path->tier == world->outer_count) {
        world_attempt(world, slot)->row.balancer = (uint16_t)tier_hop(path)->instance;
        balancer_receive(world, slot);
        return;
    }
    tier_hop(path)->since = world->now;
    const struct tier *tier = &world->outer[path->tier];
    if (tier->pick > 0 && !follow_is_led(world, slot))
        event_lane_push(world->queue, tier->decision_lane, world->now + tier->pick,
                        EVENT_TIER_DECIDED, slot, world_attempt(world, slot)->ticket, 0);
    else
        tier_decide(world, slot);
}

/* -- the client's side -- */

static void tier_depart(struct world *world, uint32_t slot)
{
    const struct path *path = path_find(world, slot);
    struct trace_row *row = &world_attempt(world, slot)->row;
    row->sent = world->now;
    row->balancer = world->outer_count > 0 ? 0 : (uint16_t)path->hops[0].instance;
    if (network_pass(world, NETWORK_TO_BALANCER, slot,
                     tier_entry_crossing(world, path, slot, NETWORK_TO_BALANCER)))
        tier_arrive(world, slot);
}

void tier_send(struct world *world, uint32_t slot)
{
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct path *path = path_begin(world, slot);
    path->hops[0].instance = row->balancer;
    sim_time ready = world->now;
    if (connection_is_used(world, row->client))
        ready = connection_take(world, path, slot);
    if (ready > world->now)
        event_push(world->queue, ready, EVENT_CONNECTED, slot,
                   world_attempt(world, slot)->ticket, 0);
    else
        tier_depart(world, slot);
}

void tier_connected(struct world *world, uint32_t slot)
{
    if (world_attempt(world, slot)->answered)
        tier_refuse(world, slot, OUTCOME_TIMEOUT);
    else
        tier_depart(world, slot);
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
    bool held = found->held;
    if (held)
        tier_unhold(world, found, slot);
    struct path path = *found;
    path_end(world, found);
    for (uint32_t tier = world->outer_count; tier-- > 0;)
        if (path.hops[tier].sent)
            tier_count_off(world, tier, &path.hops[tier], slot, client_gone);
    if (held)
        tier_refuse(world, slot, OUTCOME_TIMEOUT);
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
