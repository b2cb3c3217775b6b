/* SPDX-License-Identifier: GPL-3.0-or-later
   Pods.  An attempt that arrives takes a free worker or waits, if there is room:

     arrived -> (a worker is free) -> started -> served -> back to the balancer
             -> (none is free)     -> queued  -> started …
             -> (no room either)   -> rejected, back to the balancer

   Under processor sharing all start at once and divide the workers' speed.  The pod keeps
   one clock of the work that each has been given, and a heap of the values at which they
   leave: an arrival or a departure changes the pace of that clock, not the heap. */
#include "models/pod.h"

#include "models/state.h"
#include "sim/engine/dist.h"

#include <math.h>
#include <stdlib.h>

enum { POD_SHARE_BITS_MIN = 4 };

void pod_build(struct pod *pod, const struct scenario_pods *group)
{
    *pod = (struct pod){
        .queue = {ATTEMPT_NONE, ATTEMPT_NONE},
        .workers = (uint32_t)group->workers,
        .queue_limit = group->queue < UINT32_MAX ? (uint32_t)group->queue : UINT32_MAX,
        .speed = group->speed,
        .discipline = (uint8_t)group->discipline,
    };
}

void pod_free(struct pod *pod)
{
    free(pod->shares);
}

/* What the cache costs an attempt.  A miss is keyed by the request, so that it does not depend on
   who else is served. */
static sim_time pod_look_up(struct world *world, struct trace_row *row)
{
    struct pod_cache *cache = &world->caches[row->pod];
    if (cache->miss == NULL)
        return 0;
    bool hit = cache_use(&cache->cache, row->key);
    row->cache = hit ? LOOKUP_HIT : LOOKUP_MISS;
    if (hit)
        return 0;
    struct rng rng;
    attempt_stream(&rng, world->cache_key, row);
    return sim_time_of(dist_draw(cache->miss, &rng));
}

/* The work of an attempt whose service begins now; who meters the pod is told. */
static __attribute__((noinline)) sim_time pod_bent_work(struct world *world,
                                                        struct trace_row *row)
{
    if (world->meters != NULL)
        meter_started(world, row);
    sim_time work = world->caches == NULL ? row->demand : row->demand + pod_look_up(world, row);
    return world->faulty == NULL ? work : fault_pod_work(world, row, work);
}

static inline sim_time pod_work(struct world *world, struct trace_row *row)
{
    return world->bends_service ? pod_bent_work(world, row) : row->demand;
}

/* -- first come first served, last come first served -- */

static void pod_start(struct world *world, struct pod *pod, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.started = world->now;
    attempt->stage = STAGE_STARTED;
    sim_time work = attempt->row.demand;
    if (world->bends_service) {
        work = pod_bent_work(world, &attempt->row);
        if (world->faulty != NULL) {
            fault_pod_start(world, pod, slot, work);
            return;
        }
    }
    sim_time service = pod->speed == 1 ? work : sim_time_of((double)work / pod->speed);
    event_push(world->queue, world->now + service, EVENT_SERVED, slot,
               attempt->ticket, attempt->row.pod);
}

static void pod_enqueue(struct world *world, struct pod *pod, uint32_t slot)
{
    if (pod->discipline == POD_LIFO)
        attempt_queue_prepend(&pod->queue, &world->pool, slot);
    else
        attempt_queue_append(&pod->queue, &world->pool, slot);
    pod->queued++;
}

void pod_release(struct world *world, uint32_t slot, sim_time started)
{
    struct attempt *attempt = world_attempt(world, slot);
    if (world->meters != NULL) {
        meter_left(world, slot, started);
        balancer_hear(world, slot);
        attempt = world_attempt(world, slot);
    }
    attempt->row.served = world->now;
    attempt->stage = STAGE_SERVED;
    if (attempt->answered)
        world_close_attempt(world, slot);
    else
        world_travel(world, NETWORK_FROM_POD, slot, balancer_answer);
}

static void pod_reject(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.started = world->now;
    if (!attempt->answered)
        attempt->row.outcome = OUTCOME_REJECTED;
    pod_release(world, slot, SIM_NEVER);
}

void pod_serve(struct world *world, uint32_t slot)
{
    if (world->faulty != NULL && !fault_pod_is_served(world, slot))
        return;
    const struct trace_row *row = &world_attempt(world, slot)->row;
    struct pod *pod = &world->pods[row->pod];
    sim_time started = row->started;
    if (pod->queued > 0) {
        pod->queued--;
        pod_start(world, pod, attempt_queue_take(&pod->queue, &world->pool));
    } else {
        pod->busy--;
    }
    pod_release(world, slot, started);
}

/* -- processor sharing -- */

static bool pod_share_before(const struct pod_share *a, const struct pod_share *b)
{
    return a->finish < b->finish || (a->finish == b->finish && a->order < b->order);
}

static void pod_share_push(struct pod *pod, struct pod_share share)
{
    if (pod->share_bits == 0 || pod->busy == UINT32_C(1) << pod->share_bits) {
        pod->share_bits = (uint8_t)(pod->share_bits > 0 ? pod->share_bits + 1 : POD_SHARE_BITS_MIN);
        pod->shares =
            memory_grow(pod->shares, (size_t)1 << pod->share_bits, sizeof *pod->shares);
    }
    uint32_t i = pod->busy++;
    while (i > 0 && pod_share_before(&share, &pod->shares[(i - 1) / 2])) {
        pod->shares[i] = pod->shares[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    pod->shares[i] = share;
}

static struct pod_share pod_share_pop(struct pod *pod)
{
    struct pod_share *shares = pod->shares;
    uint32_t count = --pod->busy, i = 0;
    struct pod_share first = shares[0], last = shares[count];
    for (uint32_t child = 1; child < count; child = 2 * i + 1) {
        if (child + 1 < count && pod_share_before(&shares[child + 1], &shares[child]))
            child++;
        if (!pod_share_before(&shares[child], &last))
            break;
        shares[i] = shares[child];
        i = child;
    }
    shares[i] = last;
    return first;
}

/* Work per nanosecond that each attempt gets. */
static double pod_share_pace(const struct pod *pod)
{
    return pod->busy <= pod->workers ? pod->speed
                                     : pod->speed * (double)pod->workers / (double)pod->busy;
}

double pod_share_done(const struct world *world, const struct pod *pod)
{
    double attained = pod->attained, done = 0;
    if (pod->busy > 0)
        attained += (double)(world->now - pod->updated) * pod_share_pace(pod);
    for (uint32_t i = 0; i < pod->busy; i++)
        done += attained - (pod->shares[i].finish - pod->shares[i].work);
    return done;
}

static void pod_share_advance(struct world *world, struct pod *pod)
{
    if (pod->busy > 0)
        pod->attained += (double)(world->now - pod->updated) * pod_share_pace(pod);
    else
        pod->attained = 0;
    pod->updated = world->now;
}

/* Times the next departure anew; the one timed before is stale. */
static void pod_share_schedule(struct world *world, struct pod *pod)
{
    uint32_t index = (uint32_t)(pod - world->pods);
    pod->ticket++;
    if (pod->busy > 0 && pod->speed > 0) {
        double wait = (pod->shares[0].finish - pod->attained) / pod_share_pace(pod);
        sim_time at = world->now + (wait > 0 ? sim_time_of(ceil(wait)) : 0);
        event_push(world->queue, at, EVENT_SHARE_LEAVES, index, pod->ticket, 0);
    }
    if (world->faulty != NULL)
        fault_quota_follow(world, index);
}

static void pod_share_start(struct world *world, struct pod *pod, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    attempt->row.started = world->now;
    attempt->stage = STAGE_STARTED;
    pod_share_advance(world, pod);
    double work = (double)pod_work(world, &attempt->row);
    pod_share_push(pod, (struct pod_share){.finish = pod->attained + work,
                                           .order = attempt->row.request,
                                           .work = work,
                                           .slot = slot});
    pod_share_schedule(world, pod);
}

/* Of the time at the pod, service is what the work would have taken alone, the rest counts as
   queueing; so the busy times of attempts that overlap add up to the work done. */
static void pod_share_split(struct world *world, const struct pod *pod,
                            const struct pod_share *share)
{
    struct trace_row *row = &world_attempt(world, share->slot)->row;
    double speed = world->faulty == NULL ? pod->speed : world->faulty[row->pod].speed;
    sim_time alone = sim_time_of(share->work / speed);
    row->started = world->now - alone > row->arrived ? world->now - alone : row->arrived;
}

void pod_share_leave(struct world *world, uint32_t index)
{
    struct pod *pod = &world->pods[index];
    pod_share_advance(world, pod);
    /* The departure was timed to the next whole nanosecond: the clock is at most that much
       beyond, and is set back so that no attempt gets more than its work. */
    pod->attained = pod->shares[0].finish;
    struct pod_share share = pod_share_pop(pod);
    pod_share_schedule(world, pod);
    sim_time started = world_attempt(world, share.slot)->row.started;
    pod_share_split(world, pod, &share);
    pod_release(world, share.slot, started);
}

/* -- what is cancelled -- */

/* Takes the share at place `i` out of the heap. */
static struct pod_share pod_share_take(struct pod *pod, uint32_t i)
{
    struct pod_share *shares = pod->shares;
    struct pod_share taken = shares[i], above = shares[0];
    /* Up to the top, as if it were the next to leave. */
    for (; i > 0; i = (i - 1) / 2)
        shares[i] = shares[(i - 1) / 2];
    shares[0] = above;
    pod_share_pop(pod);
    return taken;
}

static void pod_share_cancel(struct world *world, struct pod *pod, uint32_t slot)
{
    uint32_t place = 0;
    while (pod->shares[place].slot != slot)
        place++;
    pod_share_advance(world, pod);
    struct pod_share share = pod_share_take(pod, place);
    share.work -= share.finish - pod->attained;
    sim_time started = world_attempt(world, slot)->row.started;
    pod_share_split(world, pod, &share);
    pod_share_schedule(world, pod);
    pod_release(world, slot, started);
}

void pod_cancel(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct pod *pod = &world->pods[attempt->row.pod];
    attempt->answered = ATTEMPT_CANCELLED;
    if (attempt->stage == STAGE_STARTED && pod->discipline == POD_PS) {
        pod_share_cancel(world, pod, slot);
    } else if (attempt->stage == STAGE_STARTED) {
        /* Its service ends now; the event that was to end it will be stale. */
        if (world->faulty != NULL)
            fault_pod_stop(world, slot);
        event_push(world->queue, world->now, EVENT_SERVED, slot, attempt->ticket,
                   attempt->row.pod);
    } else if (attempt->stage == STAGE_ARRIVED) {
        if (attempt->previous != slot) {
            attempt_queue_remove(&pod->queue, &world->pool, slot);
            pod->queued--;
        }
        attempt->row.started = world->now;
        pod_release(world, slot, SIM_NEVER);
    }
}

/* -- faults -- */

void pod_set_speed(struct world *world, struct pod *pod, double speed)
{
    bool shared = pod->discipline == POD_PS;
    if (shared)
        pod_share_advance(world, pod);
    pod->speed = speed;
    if (shared)
        pod_share_schedule(world, pod);
}

void pod_clear(struct world *world, struct pod *pod, struct attempt_queue *serving,
               struct attempt_queue *waiting)
{
    *waiting = pod->queue;
    pod->queue = (struct attempt_queue){ATTEMPT_NONE, ATTEMPT_NONE};
    for (uint32_t i = 0; pod->discipline == POD_PS && i < pod->busy; i++)
        attempt_queue_append(serving, &world->pool, pod->shares[i].slot);
    pod->queued = pod->busy = 0;
    pod->ticket++;
}

/* -- arrival -- */

/* How many attempts a processor-sharing pod holds at most: its workers' worth and its queue's. */
static bool pod_is_full(const struct pod *pod)
{
    if (pod->queue_limit == UINT32_MAX)
        return false;
    if (pod->discipline == POD_PS)
        return pod->busy >= (uint64_t)pod->workers + pod->queue_limit;
    return pod->queued >= pod->queue_limit;
}

static RARE bool pod_bend_arrival(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    if (world->meters != NULL)
        meter_arrived(world, slot);
    if (attempt->answered != ATTEMPT_CANCELLED)
        return world->faulty != NULL && fault_pod_receive(world, slot);
    attempt->row.started = world->now;
    pod_release(world, slot, SIM_NEVER);
    return true;
}

void pod_receive(struct world *world, uint32_t slot)
{
    struct attempt *attempt = world_attempt(world, slot);
    struct pod *pod = &world->pods[attempt->row.pod];
    attempt->row.arrived = world->now;
    attempt->stage = STAGE_ARRIVED;
    if (world->bends_arrival && pod_bend_arrival(world, slot))
        return;
    bool shared = pod->discipline == POD_PS;
    if (!shared && pod->busy < pod->workers) {
        pod->busy++;
        pod_start(world, pod, slot);
    } else if (pod_is_full(pod)) {
        pod_reject(world, slot);
    } else if (shared) {
        pod_share_start(world, pod, slot);
    } else {
        pod_enqueue(world, pod, slot);
    }
}
