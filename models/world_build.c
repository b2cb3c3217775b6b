/* SPDX-License-Identifier: GPL-3.0-or-later
   What of a world is built when, from its scenario, and freed. */
#include "models/world.h"

#include "models/cancel.h"
#include "models/host_sets_plan.h"
#include "models/reach.h"
#include "models/scenario_tiers.h"
#include "models/state.h"
#include "models/tiers.h"
#include "models/topology.h"

#include <stdio.h>
#include <stdlib.h>

/* Durations that a run may last beyond its own, for what is still under way at its end. */
enum { WORLD_COOLDOWN_MAX = 1 };

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
        balancer->backends.view.records =
            (const uint8_t (*)[sizeof *world->pods])world->pods;
        rng_open(&balancer->probe_rng, world->key, "probe", i);
        balancer_reckon(world, balancer);
    }
    world_build_stickies(world);
    world_build_flags(world, policy_ops(policy));
    for (uint32_t pod = 0; world->meters != NULL && pod < world->pod_count; pod++)
        balancer_tell_load(world, pod);
}

/* Tells the event queue what handling an event touches: most are ends of service. */
static void world_build_fetch(struct world *world)
{
    bool lone = world->balancer_count == 1 && world->outer_count == 0;
    event_queue_fetch(world->queue,
                      (struct event_records){
                          .subjects = (const void *const *)&world->pool.attempts,
                          .subject_size = sizeof *world->pool.attempts,
                          .details = world->pods,
                          .detail_size = sizeof *world->pods,
                          .detail_count = world->pod_count,
                          .follower_offset = offsetof(struct pod, queue.first),
                          .counts = lone ? world->balancers[0].backends.outstanding : NULL,
                      });
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
    roster_init(&world->roster);
    world->roster.measure_begin = world->measure_begin;
    world->roster.measure_end = world->measure_end;
    world_build_pods(world);
    connection_open(world);
    world->keeps_paths = scenario_tiers_hopped(scenario) > 0;
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
    world_build_fetch(world);
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
