/* SPDX-License-Identifier: GPL-3.0-or-later
   Requests at pods under faults.  A pod's speed may change while it serves, so the work left
   of each attempt in service is kept, and its end is timed anew whenever the speed changes. */
#include "models/fault_pod.h"

#include "models/state.h"
#include "sim/engine/dist.h"

#include <stdlib.h>

void fault_pod_open(struct world *world)
{
    world->faulty = arena_take(&world->arena, world->pod_count, sizeof *world->faulty);
    for (uint32_t slot = 0; slot < world->pod_count; slot++)
        world->faulty[slot] = (struct fault_pod){
            .condition = fault_condition_well,
            .speed = world->pods[slot].speed,
            .broke = -1,
            .serving = {ATTEMPT_NONE, ATTEMPT_NONE},
        };
    world->fault_key = rng_key(world->key, "fault", 0);
}

void fault_pod_close(struct world *world)
{
    free(world->services);
}

static struct fault_service *fault_pod_service(struct world *world, uint32_t attempt)
{
    if (world->pool.room > world->service_room) {
        world->service_room = world->pool.room;
        world->services =
            memory_grow(world->services, world->service_room, sizeof *world->services);
    }
    return &world->services[attempt];
}

uint16_t fault_pod_status(const struct world *world, uint32_t attempt)
{
    return world->services[attempt].status;
}

/* What chance means for an attempt: the same whatever the policy and whoever else is there. */
static bool fault_pod_happens(const struct world *world, const struct trace_row *row,
                              uint64_t salt, double share)
{
    if (share <= 0)
        return false;
    struct rng rng;
    attempt_stream(&rng, world->fault_key + salt, row);
    return rng_uniform(&rng) < share;
}

enum fault_pod_salt { SALT_ERROR = 1, SALT_SLOW, SALT_WAY };

/* -- service -- */

static void fault_pod_time(struct world *world, const struct pod *pod, uint32_t attempt)
{
    struct fault_service *service = &world->services[attempt];
    service->due = SIM_NEVER;
    if (pod->speed == 0)
        return;
    service->due = world->now + sim_time_of(service->left / pod->speed);
    event_push(world->queue, service->due, EVENT_SERVED, attempt,
               world_attempt(world, attempt)->ticket, world_attempt(world, attempt)->row.pod);
}

sim_time fault_pod_work(struct world *world, const struct trace_row *row, sim_time work)
{
    const struct fault_condition *condition = &world->faulty[row->pod].condition;
    if (!fault_pod_happens(world, row, SALT_SLOW, condition->slow_share))
        return work;
    return sim_time_of((double)work * condition->slow_factor);
}

void fault_pod_start(struct world *world, struct pod *pod, uint32_t attempt, sim_time work)
{
    struct fault_service *service = fault_pod_service(world, attempt);
    service->left = (double)work;
    service->since = world->now;
    uint32_t slot = (uint32_t)(pod - world->pods);
    attempt_queue_append(&world->faulty[slot].serving, &world->pool, attempt);
    world->faulty[slot].serving_count++;
    fault_pod_time(world, pod, attempt);
    fault_quota_follow(world, slot);
}

static void fault_pod_take_out(struct world *world, uint32_t attempt)
{
    uint32_t pod = world_attempt(world, attempt)->row.pod;
    attempt_queue_remove(&world->faulty[pod].serving, &world->pool, attempt);
    world->faulty[pod].serving_count--;
    fault_quota_follow(world, pod);
}

bool fault_pod_is_served(struct world *world, uint32_t attempt)
{
    const struct attempt *served = world_attempt(world, attempt);
    if (served->stage != STAGE_STARTED || world->services[attempt].due != world->now)
        return false;
    fault_pod_take_out(world, attempt);
    return true;
}

void fault_pod_stop(struct world *world, uint32_t attempt)
{
    world->services[attempt].due = world->now;
}

static void fault_pod_change_speed(struct world *world, uint32_t slot, double speed)
{
    struct pod *pod = &world->pods[slot];
    double before = pod->speed;
    if (speed == before)
        return;
    pod_set_speed(world, pod, speed);
    uint32_t attempt = world->faulty[slot].serving.first;
    for (; attempt != ATTEMPT_NONE; attempt = world_attempt(world, attempt)->next) {
        struct fault_service *service = &world->services[attempt];
        double left = service->left - (double)(world->now - service->since) * before;
        service->left = left > 0 ? left : 0;
        service->since = world->now;
        fault_pod_time(world, pod, attempt);
    }
}

void fault_pod_set(struct world *world, uint32_t slot, const struct fault_condition *condition)
{
    struct fault_pod *faulty = &world->faulty[slot];
    faulty->condition = *condition;
    fault_pod_pace(world, slot);
    fault_quota_set(world, slot);
}

void fault_pod_pace(struct world *world, uint32_t slot)
{
    const struct fault_pod *faulty = &world->faulty[slot];
    double pace = faulty->quota.throttled ? 0 : faulty->condition.pace;
    fault_pod_change_speed(world, slot, faulty->speed * pace);
}

/* -- what breaks -- */

/* Its connection is gone: the balancer is told at once, but for the way. */
static void fault_pod_reset(struct world *world, uint32_t attempt)
{
    struct attempt *reset = world_attempt(world, attempt);
    bool started = reset->stage == STAGE_STARTED;
    sim_time since = started ? reset->row.started : SIM_NEVER;
    if (!started)
        reset->row.started = world->now;
    if (!reset->answered)
        reset->row.outcome = OUTCOME_RESET;
    pod_release(world, attempt, since);
}

static void fault_pod_reset_all(struct world *world, struct attempt_queue list)
{
    for (uint32_t attempt = list.first; attempt != ATTEMPT_NONE;) {
        uint32_t next = world_attempt(world, attempt)->next;
        fault_pod_reset(world, attempt);
        attempt = next;
    }
}

/* The pod is empty before anybody hears of it, because who does may send there at once. */
void fault_pod_break(struct world *world, uint32_t slot)
{
    struct fault_pod *faulty = &world->faulty[slot];
    struct attempt_queue serving = faulty->serving, waiting;
    faulty->broke = world->now;
    faulty->serving = (struct attempt_queue){ATTEMPT_NONE, ATTEMPT_NONE};
    faulty->serving_count = 0;
    pod_clear(world, &world->pods[slot], &serving, &waiting);
    fault_quota_follow(world, slot);
    fault_pod_reset_all(world, serving);
    fault_pod_reset_all(world, waiting);
}

void fault_pod_forget(struct world *world, uint32_t slot)
{
    if (world->caches != NULL && world->caches[slot].miss != NULL)
        cache_clear(&world->caches[slot].cache);
}

/* -- arrival -- */

static void fault_pod_refuse(struct world *world, uint32_t attempt, enum outcome outcome)
{
    struct attempt *refused = world_attempt(world, attempt);
    refused->row.started = world->now;
    if (!refused->answered)
        refused->row.outcome = (uint8_t)outcome;
    pod_release(world, attempt, SIM_NEVER);
}

bool fault_pod_receive(struct world *world, uint32_t attempt)
{
    const struct trace_row *row = &world_attempt(world, attempt)->row;
    uint32_t slot = row->pod;
    const struct fault_condition *condition = &world->faulty[slot].condition;
    const struct pod *pod = &world->pods[slot];
    if (world->faulty[slot].is_closed) {
        fault_pod_refuse(world, attempt, OUTCOME_REFUSED);
        return true;
    }
    if (!condition->is_down &&
        (uint64_t)pod->busy + pod->queued >= condition->in_flight_limit) {
        fault_plan_overload(world, slot);
        fault_pod_refuse(world, attempt, OUTCOME_RESET);
        return true;
    }
    if (condition->is_down) {
        fault_pod_refuse(world, attempt, OUTCOME_REFUSED);
        return true;
    }
    if (!fault_pod_happens(world, row, SALT_ERROR, condition->error_share))
        return false;
    fault_pod_service(world, attempt)->status = condition->status;
    world_attempt(world, attempt)->previous = attempt; /* it is in no queue */
    event_push(world->queue, world->now + condition->error_after, EVENT_FAILED, attempt,
               world_attempt(world, attempt)->ticket, slot);
    return true;
}

void fault_pod_fail(struct world *world, uint32_t attempt)
{
    fault_pod_refuse(world, attempt, OUTCOME_ERROR);
}

/* -- the way -- */

/* Nothing further will be heard of it at this end. */
static void fault_pod_lose(struct world *world, uint32_t attempt)
{
    struct attempt *lost = world_attempt(world, attempt);
    if (lost->stage != STAGE_SERVED) {
        lost->row.arrived = lost->row.started = lost->row.served = world->now;
        if (world->meters != NULL) {
            meter_lost(world, &lost->row);
            balancer_tell_load(world, lost->row.pod);
        }
    }
    lost->stage = STAGE_LOST;
    if (lost->answered)
        world_close_attempt(world, attempt);
}

sim_time fault_pod_delay(const struct fault_condition *condition, struct rng *rng)
{
    sim_time delay = 0, wait = condition->loss_wait;
    while (condition->loss > 0 && delay < SIM_LONGEST / 4 &&
           rng_uniform(rng) < condition->loss) {
        delay += wait;
        wait *= 2;
    }
    if (condition->latency != NULL)
        delay += sim_time_of(dist_draw(condition->latency, rng));
    return delay;
}

void fault_pod_carry(struct world *world, enum network_way way, uint32_t attempt,
                     sim_time delay)
{
    const struct trace_row *row = &world_attempt(world, attempt)->row;
    const struct fault_condition *condition = &world->faulty[row->pod].condition;
    bool out = way == NETWORK_TO_POD;
    if (row->balancer < (out ? condition->cut_to : condition->cut_from)) {
        fault_pod_lose(world, attempt);
        return;
    }
    struct rng rng;
    attempt_stream(&rng, world->fault_key + SALT_WAY + way, row);
    event_push(world->queue, world->now + delay + fault_pod_delay(condition, &rng),
               out ? EVENT_AT_POD : EVENT_BACK_AT_BALANCER, attempt,
               world_attempt(world, attempt)->ticket, row->pod);
}
