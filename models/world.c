/* SPDX-License-Identifier: GPL-3.0-or-later
   One run: what is built when, and the one switch that lists everything that can happen. */
#include "models/world.h"

#include "models/cancel.h"
#include "models/host_sets_plan.h"
#include "models/race.h"
#include "models/reach.h"
#include "models/scenario_tiers.h"
#include "models/state.h"
#include "models/tier.h"
#include "models/tiers.h"
#include "models/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORLD_LOOK_PERIOD = 4096, /* events between two looks at the stop flag */
    WORLD_COOLDOWN_MAX = 1    /* durations that a run may last beyond its own, for what is
                                 still under way at its end */
};

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

/* -- building -- */

static void world_build_pod(struct world *world, uint32_t slot)
{
    const struct membership_pod *planned = &world->membership.pods[slot];
    const struct scenario_pods *group =
        PARAM_ITEM(world->scenario->pods, struct scenario_pods, planned->group);
    pod_build(&world->pods[slot], group);
    char name[96];
    snprintf(name, sizeof name, "%s-%u", group->name, planned->number);
    CHECK(roster_new_pod(&world->roster, name) == slot);
    roster_set_kind(&world->roster, slot,
                    &(struct roster_kind){.group = group->name,
                                          .zone = group->zone != NULL ? group->zone : "",
                                          .speed = group->speed,
                                          .weight = group->weight,
                                          .workers = (uint32_t)group->workers});
    if (planned->created != 0 || planned->joined != 0 || planned->left != SIM_NEVER) {
        struct roster_life *life = roster_own_life(&world->roster, slot);
        life->created = planned->created;
        life->joined = planned->joined;
        life->left = planned->left;
    }
    const char *known = world->roster.pods[slot].name;
    world->backends[slot] = (struct backend){
        .name = known,
        .address = known,
        .zone = roster_kind(&world->roster, slot)->zone,
        .identity = rng_key(0, known, 0),
        .weight = group->weight,
    };
}

/* The caches of pods whose group has them. */
static void world_build_caches(struct world *world)
{
    world->cache_key = rng_key(world->key, "cache", 0);
    for (uint32_t slot = 0; slot < world->pod_count; slot++) {
        const struct scenario_cache *config =
            &PARAM_ITEM(world->scenario->pods, struct scenario_pods,
                        world->membership.pods[slot].group)
                 ->cache;
        if (config->capacity == 0)
            continue;
        if (world->caches == NULL)
            world->caches =
                arena_take(&world->arena, world->pod_count, sizeof *world->caches);
        world->caches[slot].miss = &config->miss;
        cache_open(&world->caches[slot].cache, (uint32_t)config->capacity);
    }
}

static void world_build_pods(struct world *world)
{
    struct arena brief = {0};
    membership_plan(&world->membership, &(struct membership_order){.scenario = world->scenario,
                                                                   .key = world->key,
                                                                   .arena = &world->arena,
                                                                   .brief = &brief});
    world->pod_count = world->membership.pod_count;
    world->pods = arena_take(&world->arena, world->pod_count, sizeof *world->pods);
    world->backends = arena_take(&world->arena, world->pod_count, sizeof *world->backends);
    for (uint32_t slot = 0; slot < world->pod_count; slot++)
        world_build_pod(world, slot);
    world_build_caches(world);
    place_open(world);
    fault_plan_open(world);
    if (lifecycle_is_used(world->scenario) || world->scenario->autoscale.count > 0)
        lifecycle_open(world);
    if (world->plan.site_count > 0 || lifecycle_is_used(world->scenario))
        fault_pod_open(world);
    arena_free(&brief);
    world->membership.pods = NULL;
}

/* Pods in the list from the beginning; their slots come first. */
static uint32_t world_first_members(const struct world *world)
{
    uint32_t count = 0;
    while (count < world->pod_count && roster_life(&world->roster, count)->joined == 0)
        count++;
    return count;
}

static void world_build_stickies(struct world *world)
{
    const struct param_kind *sticky = &world->tier->sticky;
    if (sticky->kind == NULL)
        return;
    bool carried = sticky_is_carried(sticky);
    world->sticky_count = carried ? 1 : world->balancer_count;
    world->stickies = arena_take(&world->arena, world->sticky_count, sizeof *world->stickies);
    for (uint32_t i = 0; i < world->sticky_count; i++)
        sticky_open(&world->stickies[i], sticky);
    for (uint32_t i = 0; i < world->balancer_count; i++)
        world->balancers[i].sticky = &world->stickies[carried ? 0 : i];
}

static bool world_takes_ejected(const struct scenario_balancer *tier)
{
    const struct param_kind *outlier = &tier->outlier_detection;
    return outlier->kind != NULL && outlier_ops(outlier)->takes_any;
}

/* What the path of a request has to look at, once all is built. */
static void world_build_flags(struct world *world, const struct policy_ops *policy)
{
    world->follows = world->sticky_count > 0 || world->counts_connections;
    world->draws_hashes = (policy->traits & POLICY_KEYLESS) != 0;
    world->picks_apart = world->follows || world->tries;
    world->minds_requests = world->tries || world->admissions || world->takes_time;
    world->tells_sent =
        world->guards || world->admissions || world->tries || world->meters ||
        world->outer_count > 0 || world->counts_connections || world->upstreams;
    world->tells_ended = world->guards || world->admissions || policy->learn ||
                         world->counts_connections || world->upstreams;
    world->bends_arrival = world->faulty || world->meters || cancel_is_used(world->tier);
    world->bends_service = world->faulty || world->meters || world->caches;
}

static void world_build_balancers(struct world *world, const struct param_kind *policy)
{
    const struct scenario_balancer *tier = world->tier;
    unsigned traits = policy_ops(policy)->traits;
    world->balancer_count = traits & POLICY_SHARED ? 1 : (uint32_t)tier->count;
    meter_open(world, policy_ops(policy));
    world->probe_free = PROBE_NONE;
    if (tier->queue.timeout != SIM_NEVER)
        world->queue_timeout_lane =
            event_lane_open(world->queue, world_tickets(world));
    world->takes_time = !decision_is_free(&tier->decision_cost);
    world->takes_even = decision_is_even(&tier->decision_cost);
    if (world->takes_time && world->takes_even)
        world->decision_lane = event_lane_open(world->queue, (struct event_tickets){0});
    uint32_t limit = tier->max_in_flight < UINT32_MAX ? (uint32_t)tier->max_in_flight
                                                      : UINT32_MAX;
    world->balancers =
        arena_take(&world->arena, world->balancer_count, sizeof *world->balancers);
    guard_open(world);
    tries_open(world);
    admission_open(world);
    upstream_open(world);
    struct backends_place place = {.limit = limit,
                                   .peers = world->balancer_count,
                                   .panic = (uint32_t)(100 * tier->panic + 0.5),
                                   .overprovisioning =
                                       (uint32_t)(100 * tier->overprovisioning + 0.5),
                                   .takes_ejected = world_takes_ejected(tier),
                                   .members = world_first_members(world)};
    const struct param_kind *picker = host_sets_plan(world, policy, &place);
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        struct balancer *balancer = &world->balancers[i];
        bool own = world->guards != NULL && world->guards[i].backends != NULL;
        balancer->guard = world->guards != NULL ? &world->guards[i] : NULL;
        balancer->queue = (struct attempt_queue){ATTEMPT_NONE, ATTEMPT_NONE};
        balancer->room = admission_room(tier);
        balancer->place = place_of_instance(world, world->outer_count, i);
        if (balancer->place.zone[0] != '\0')
            roster_place(&world->roster, i, balancer->place.zone);
        balancer->reached =
            topology_reach(world, world->outer_count, i, world_first_members(world));
        place.peer = i;
        place.key = rng_key(world->key, "policy", i);
        place.reached = balancer->reached;
        backends_open(&balancer->backends, picker,
                      own ? world->guards[i].backends : world->backends, world->pod_count,
                      place, &world->arena);
        rng_open(&balancer->probe_rng, world->key, "probe", i);
        balancer_reckon(world, balancer);
    }
    world_build_stickies(world);
    world_build_flags(world, policy_ops(policy));
    for (uint32_t pod = 0; world->meters != NULL && pod < world->pod_count; pod++)
        balancer_tell_oracle(world, pod);
}

static sim_time world_expected_gap(const struct scenario *scenario)
{
    double rate = 0;
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        const struct arrival_ops *arrivals = arrival_ops(&client->arrivals);
        if (arrivals->rate != NULL && arrivals->rate(client->arrivals.config) > 0)
            rate += arrivals->rate(client->arrivals.config);
    }
    return rate > 0 ? sim_time_of(1e9 / rate) : SIM_MICROSECOND;
}

struct world *world_build(const struct world_order *order)
{
    const struct scenario *scenario = order->scenario;
    struct world *world = memory_zeroed(1, sizeof *world);
    world->scenario = scenario;
    world->outer_count = (uint32_t)scenario->balancers.count - 1;
    world->tier = scenario_tier(scenario, world->outer_count);
    world->counts_connections = world->tier->per == PER_CONNECTION;
    world->sink = order->sink;
    world->block_limit = TRACE_BLOCK_ROWS;
    world->stop = order->stop;
    world->progress = order->progress;
    world->key = rng_key(scenario->run.seed, "replication", order->replication);
    bool capped;
    world->measure_begin = scenario_warmup(scenario, &capped);
    world->measure_end = scenario->run.duration;
    world->queue = event_queue_open(world_expected_gap(scenario));
    attempt_pool_open(&world->pool);
    event_queue_fetch(world->queue, (struct event_records){
                                        .subjects = (const void *const *)&world->pool.attempts,
                                        .subject_size = sizeof *world->pool.attempts,
                                        .details = (const void *const *)&world->pods,
                                        .detail_size = sizeof *world->pods,
                                        .detail_count = &world->pod_count,
                                        .follower_offset = offsetof(struct pod, queue.first),
                                    });
    roster_init(&world->roster);
    world->roster.measure_begin = world->measure_begin;
    world->roster.measure_end = world->measure_end;
    world_build_pods(world);
    connection_open(world);
    world->keeps_paths = world->outer_count > 0 || world->connections.groups != NULL ||
                         scenario_dns_is_used(&scenario->dns);
    network_open(world);
    world_build_balancers(world, tiers_policy(scenario, world->outer_count, order->policy));
    tiers_open(world, order->policy);
    dns_open(world);
    reach_open(world);
    hops_open(world, order->hopped);
    hops_name_tiers(world);
    engines_open(world);
    world->client_count = (uint32_t)scenario->clients.count;
    world->clients = arena_take(&world->arena, world->client_count, sizeof *world->clients);
    for (uint32_t i = 0; i < world->client_count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        roster_client(&world->roster, client->name);
        if (client->zone != NULL)
            roster_home(&world->roster, i, client->zone);
        client_open(world, &world->clients[i], i);
    }
    endpoints_open(world);
    scaler_open(world);
    membership_schedule(world);
    guard_start(world);
    event_push(world->queue, (WORLD_COOLDOWN_MAX + 1) * scenario->run.duration, EVENT_END, 0, 0, 0);
    return world;
}

const struct roster *world_roster(const struct world *world)
{
    return &world->roster;
}

void world_free(struct world *world)
{
    for (uint32_t i = 0; i < world->client_count; i++)
        client_close(&world->clients[i]);
    for (uint32_t i = 0; i < world->pod_count; i++)
        pod_free(&world->pods[i]);
    for (uint32_t i = 0; world->caches != NULL && i < world->pod_count; i++)
        cache_close(&world->caches[i].cache);
    meter_close(world);
    endpoints_close(world);
    fault_pod_close(world);
    tries_close(world);
    tiers_close(world);
    connection_close(world);
    dns_close(world);
    hops_close(world);
    slot_book_close(&world->paths.book);
    admission_close(world);
    upstream_close(world);
    for (uint32_t i = 0; i < world->sticky_count; i++)
        sticky_close(&world->stickies[i]);
    free(world->probes);
    event_queue_close(world->queue);
    attempt_pool_close(&world->pool);
    roster_free(&world->roster);
    arena_free(&world->arena);
    free(world);
}
