/* SPDX-License-Identifier: GPL-3.0-or-later
   Runs health checks and outlier detection for each balancer instance:

     check begins -> (its way, the pod) -> passed, denied or silent -> up or down
                  -> … the gap that the product leaves … -> check begins

   A check is answered beside the requests: it takes the time of its cost at the pod, no
   worker, and waits for nobody. */
#include "models/guard.h"

#include "models/slow_start.h"
#include "models/state.h"
#include "sim/engine/dist.h"

#include <string.h>

/* What an event of a check is about; after CHECK_ENDS its result. */
enum guard_step { CHECK_BEGINS, CHECK_WAITS, CHECK_ENDS };

static const struct health_config *guard_health_config(const struct world *world)
{
    return world->tier->health_check.preset.config;
}

static uint32_t guard_members(const struct world *world, const struct guard *guard)
{
    uint32_t members = 0;
    for (uint32_t slot = 0; slot < world->pod_count; slot++)
        members += guard->watched[slot];
    return members;
}

/* -- building -- */

static void guard_detected(void *context, backend_id backend, bool out)
{
    struct balancer *balancer = context;
    struct guard *guard = balancer->guard;
    backends_mark(&balancer->backends, backend, BACKENDS_EJECTED, out);
    guard->changed = true;
    if (out || !guard->ramps || !guard->watched[backend])
        return;
    guard->came_up[backend] = guard->host.now;
    guard->starts = true;
}

static void guard_open_detector(struct world *world, uint32_t index)
{
    struct guard *guard = &world->guards[index];
    const struct param_kind *outlier = &world->tier->outlier_detection;
    guard->due = SIM_NEVER;
    if (outlier->kind == NULL)
        return;
    size_t size = outlier_ops(outlier)->state_size;
    guard->detector = arena_take(&world->arena, 1, size > 0 ? size : 1);
    guard->host.is_out = arena_take(&world->arena, world->pod_count, 1);
}

void guard_open(struct world *world)
{
    const struct scenario_balancer *tier = world->tier;
    bool checks = tier->health_check.preset.kind != NULL, slow = tier->slow_start.kind != NULL;
    if (!checks && !slow && tier->outlier_detection.kind == NULL)
        return;
    world->guards = arena_take(&world->arena, world->balancer_count, sizeof *world->guards);
    world->roster.guards = checks || tier->outlier_detection.kind != NULL
                               ? world->balancer_count
                               : 0;
    for (uint32_t i = 0; i < world->balancer_count; i++) {
        struct guard *guard = &world->guards[i];
        rng_open(&guard->rng, world->key, "guard", i);
        rng_open(&guard->detector_rng, world->key, "detector", i);
        guard_open_detector(world, i);
        guard->avoided = arena_take(&world->arena, world->pod_count, 1);
        if (checks) {
            guard->health = arena_take(&world->arena, world->pod_count, sizeof *guard->health);
            guard->checked =
                arena_take(&world->arena, world->pod_count, sizeof *guard->checked);
        }
        if (slow) {
            size_t count = world->pod_count;
            guard->backends = arena_take(&world->arena, count, sizeof *guard->backends);
            memcpy(guard->backends, world->backends, count * sizeof *guard->backends);
            guard->came_up = arena_take(&world->arena, count, sizeof *guard->came_up);
            for (size_t slot = 0; slot < count; slot++)
                guard->came_up[slot] = SIM_NEVER;
            guard->ramps = slow_start_at_admit(&tier->slow_start);
        }
    }
}

/* -- what the policy is told -- */

static void guard_schedule(struct world *world, uint32_t index)
{
    struct guard *guard = &world->guards[index];
    sim_time due = outlier_ops(&world->tier->outlier_detection)->due(guard->detector);
    if (due == guard->due)
        return;
    guard->due = due;
    if (due != SIM_NEVER)
        event_push(world->queue, due, EVENT_DETECT, index, 0, 0);
}

/* In a panic nobody is avoided, whatever the marks. */
void guard_note(struct world *world, uint32_t index)
{
    uint8_t *avoided = world->guards[index].avoided;
    const struct backends *backends = &world->balancers[index].backends;
    for (backend_id i = 0; i < world->pod_count; i++) {
        bool marked = (backends->marks[i] & (BACKENDS_UNHEALTHY | BACKENDS_EJECTED)) != 0;
        bool avoids = marked && !backends->is_up[i];
        if (!world->guards[index].watched[i] || avoids == avoided[i])
            continue;
        avoided[i] = avoids;
        roster_moment(&world->roster,
                      (struct roster_moment){world->now,
                                             avoids ? ROSTER_AVOIDED : ROSTER_TRUSTED, i,
                                             index});
    }
}

/* The weight that slow start leaves a pod now. */
static void guard_set_weight(struct world *world, uint32_t index, backend_id backend)
{
    struct guard *guard = &world->guards[index];
    const struct param_kind *slow_start = &world->tier->slow_start;
    double factor = 1;
    if (guard->came_up[backend] != SIM_NEVER) {
        sim_time age = world->now - guard->came_up[backend];
        sim_time next = slow_start_step(slow_start, age);
        factor = slow_start_factor(slow_start, age);
        if (next == SIM_NEVER)
            guard->came_up[backend] = SIM_NEVER;
        else
            event_push(world->queue, guard->came_up[backend] + next, EVENT_SLOW_START, index,
                       0, backend);
    }
    double weight = world->backends[backend].weight * factor;
    guard->changed |= guard->backends[backend].weight != weight;
    guard->backends[backend].weight = weight;
}

/* Those that the detector has just admitted. */
static void guard_start_admitted(struct world *world, uint32_t index)
{
    struct guard *guard = &world->guards[index];
    guard->starts = false;
    for (backend_id i = 0; i < world->pod_count; i++)
        if (guard->came_up[i] == world->now)
            guard_set_weight(world, index, i);
}

/* After anything that may have changed who is up. */
static void guard_settle(struct world *world, uint32_t index)
{
    struct guard *guard = &world->guards[index];
    if (guard->detector != NULL)
        guard_schedule(world, index);
    if (guard->starts)
        guard_start_admitted(world, index);
    if (!guard->changed)
        return;
    guard->changed = false;
    balancer_rebuild(world, index);
    guard_note(world, index);
}

/* -- slow start -- */

static void guard_weigh_anew(struct world *world, uint32_t index, backend_id backend)
{
    guard_set_weight(world, index, backend);
    guard_settle(world, index);
    balancer_wake(world);
}

/* Envoy's hosts are not put in order anew as a weight grows: each has its next turn by the weight
   that it has at its turn (EdfLoadBalancerBase::chooseHostOnce). */
void guard_weigh(struct world *world, uint32_t index, backend_id backend)
{
    struct guard *guard = &world->guards[index];
    bool changed = guard->changed;
    guard_set_weight(world, index, backend);
    if (world->balancers[index].backends.ops->traits & POLICY_LIVE)
        guard->changed = changed;
    guard_settle(world, index);
    balancer_wake(world);
}

static void guard_start_slowly(struct world *world, uint32_t index, backend_id backend)
{
    struct guard *guard = &world->guards[index];
    if (guard->backends == NULL)
        return;
    guard->came_up[backend] = world->now;
    guard_weigh_anew(world, index, backend);
}

/* -- health checks -- */

static void guard_push_check(struct world *world, uint32_t index, backend_id backend,
                             sim_time at, uint32_t step)
{
    event_push(world->queue, at, EVENT_CHECK, index, step, backend);
}

/* What a pod under no fault answers, and when. */
static enum health_result guard_answer(struct world *world, struct guard *guard,
                                       uint32_t index, backend_id backend, sim_time *takes)
{
    const struct health_config *config = guard_health_config(world);
    const struct pod *pod = &world->pods[backend];
    const struct param_kind *way = &world->scenario->network.to_pod;
    *takes = sim_time_of(dist_draw(way, &guard->rng) + dist_draw(way, &guard->rng));
    *takes += place_draw_to_pod(world, index, backend, &guard->rng) +
              place_draw_to_pod(world, index, backend, &guard->rng);
    if (world->faulty != NULL) {
        const struct fault_condition *condition = &world->faulty[backend].condition;
        *takes += fault_pod_delay(condition, &guard->rng) +
                  fault_pod_delay(condition, &guard->rng);
        if (index < condition->cut_to || index < condition->cut_from)
            *takes = SIM_LONGEST;
        if (condition->is_down || world->faulty[backend].is_closed)
            return HEALTH_SILENT;
        if (rng_uniform(&guard->rng) < condition->error_share) {
            *takes += condition->error_after;
            return HEALTH_DENIED;
        }
        if (pod->speed == 0)
            return HEALTH_PASSED; /* as soon as it goes on */
    }
    *takes += sim_time_of((double)config->cost / pod->speed);
    return HEALTH_PASSED;
}

static void guard_begin_check(struct world *world, uint32_t index, backend_id backend)
{
    struct guard *guard = &world->guards[index];
    if (!guard->watched[backend])
        return;
    sim_time takes, timeout = health_timeout(guard_health_config(world));
    enum health_result result = guard_answer(world, guard, index, backend, &takes);
    guard->checked[backend] = world->now;
    if (takes >= timeout)
        guard_push_check(world, index, backend, world->now + timeout,
                         CHECK_ENDS + HEALTH_SILENT);
    else if (result == HEALTH_PASSED && world->pods[backend].speed == 0)
        guard_push_check(world, index, backend, world->now + timeout, CHECK_WAITS);
    else
        guard_push_check(world, index, backend, world->now + takes, CHECK_ENDS + result);
}

/* Some products end an ejection then. */
static void guard_tell_passed(struct world *world, uint32_t index, backend_id backend)
{
    struct guard *guard = &world->guards[index];
    const struct outlier_ops *ops = outlier_ops(&world->tier->outlier_detection);
    if (guard->detector == NULL || ops->passed == NULL || !guard->host.is_out[backend])
        return;
    guard->host.now = world->now;
    ops->passed(guard->detector, &guard->host, backend);
}

static void guard_end_check(struct world *world, uint32_t index, backend_id backend,
                            enum health_result result)
{
    struct guard *guard = &world->guards[index];
    const struct health_config *config = guard_health_config(world);
    struct health *health = &guard->health[backend];
    struct backends *backends = &world->balancers[index].backends;
    if (!guard->watched[backend])
        return;
    bool changed = health_take(health, config, result);
    sim_time took = world->now - guard->checked[backend];
    guard_push_check(world, index, backend,
                     guard->checked[backend] + health_next(config, health, took, &guard->rng),
                     CHECK_BEGINS);
    if (result == HEALTH_PASSED && health->is_up)
        guard_tell_passed(world, index, backend);
    if (!changed && !guard->changed)
        return;
    if (changed) {
        backends_mark(backends, backend, BACKENDS_UNHEALTHY, !health->is_up);
        guard->changed = true;
    }
    if (changed && health->is_up)
        guard_start_slowly(world, index, backend);
    guard_settle(world, index);
    balancer_wake(world);
}

void guard_check(struct world *world, uint32_t index, backend_id backend, uint32_t step)
{
    if (step == CHECK_BEGINS) {
        guard_begin_check(world, index, backend);
        return;
    }
    const struct fault_pod *faulty = world->faulty != NULL ? &world->faulty[backend] : NULL;
    bool broke = faulty != NULL && faulty->broke >= world->guards[index].checked[backend];
    bool goes = world->pods[backend].speed > 0 && !broke;
    enum health_result waited = goes ? HEALTH_PASSED : HEALTH_SILENT;
    guard_end_check(world, index, backend,
                    step == CHECK_WAITS ? waited : (enum health_result)(step - CHECK_ENDS));
}

/* Who is there from the beginning has been found well before. */
static void guard_start_check(struct world *world, uint32_t index, backend_id backend,
                              sim_time phase)
{
    struct guard *guard = &world->guards[index];
    const struct health_config *config = guard_health_config(world);
    health_open(&guard->health[backend], config);
    if (world->now == 0)
        guard->health[backend] = (struct health){.is_up = true, .is_known = true};
    backends_mark(&world->balancers[index].backends, backend, BACKENDS_UNHEALTHY,
                  !guard->health[backend].is_up);
    guard->changed = true;
    guard_push_check(world, index, backend, world->now + phase, CHECK_BEGINS);
}

static void guard_start_checks(struct world *world, uint32_t index)
{
    struct guard *guard = &world->guards[index];
    const struct health_config *config = guard_health_config(world);
    sim_time first = config->even ? health_phase(config, &guard->rng) : 0;
    uint32_t position = 0, count = guard_members(world, guard);
    for (uint32_t slot = 0; slot < world->pod_count; slot++) {
        if (!guard->watched[slot])
            continue;
        sim_time phase = config->even ? health_even_phase(config, first, position++, count)
                                      : health_phase(config, &guard->rng);
        guard_start_check(world, index, slot, phase);
    }
}

/* -- outlier detection -- */

static void guard_start_detector(struct world *world, uint32_t index)
{
    struct guard *guard = &world->guards[index];
    struct balancer *balancer = &world->balancers[index];
    guard->host.now = world->now;
    guard->host.count = world->pod_count;
    guard->host.is_member = guard->watched;
    guard->host.member_count = guard_members(world, guard);
    guard->host.rng = &guard->detector_rng;
    guard->host.changed = guard_detected;
    guard->host.context = balancer;
    outlier_ops(&world->tier->outlier_detection)
        ->open(guard->detector, world->tier->outlier_detection.config, &guard->host,
               &world->arena);
}

void guard_sent(struct world *world, uint32_t index, backend_id backend)
{
    struct guard *guard = &world->guards[index];
    const struct outlier_ops *ops = outlier_ops(&world->tier->outlier_detection);
    if (guard->detector == NULL || ops->sent == NULL || !guard->host.is_member[backend])
        return;
    guard->host.now = world->now;
    ops->sent(guard->detector, &guard->host, backend);
    guard_settle(world, index);
}

void guard_learn(struct world *world, uint32_t index, const struct outcome_report *outcome)
{
    struct guard *guard = &world->guards[index];
    const struct outlier_ops *ops = outlier_ops(&world->tier->outlier_detection);
    if (guard->detector == NULL || !guard->host.is_member[outcome->backend])
        return;
    /* A client that goes says nothing of the pod; but a single request that was to find out
       whether the pod is back must end in some way. */
    if (outcome->abandoned && ops->sent == NULL)
        return;
    guard->host.now = world->now;
    ops->learn(guard->detector, &guard->host, outcome);
    guard_settle(world, index);
}

void guard_wake(struct world *world, uint32_t index)
{
    struct guard *guard = &world->guards[index];
    if (guard->due != world->now)
        return; /* it has thought better of it */
    guard->due = SIM_NEVER;
    guard->host.now = world->now;
    outlier_ops(&world->tier->outlier_detection)->wake(guard->detector, &guard->host);
    guard_settle(world, index);
    balancer_wake(world);
}

/* -- membership -- */

/* Who is out of reach is avoided from the beginning, and no fault there is ever detected.  Where
   that would be too many moments, it is not noted. */
static void guard_note_reach(struct world *world)
{
    uint64_t pairs = (uint64_t)world->balancer_count * world->pod_count;
    if (world->tier->reach == REACH_ALL || world->roster.guards == 0 ||
        pairs > ROSTER_MOMENTS_MAX / 2)
        return;
    for (uint32_t i = 0; i < world->balancer_count; i++)
        for (uint32_t slot = 0; slot < world->pod_count; slot++)
            if (!backends_is_reached(&world->balancers[i].backends, slot))
                roster_moment(&world->roster,
                              (struct roster_moment){0, ROSTER_AVOIDED, slot, i});
}

void guard_start(struct world *world)
{
    if (world->guards != NULL)
        guard_note_reach(world);
    for (uint32_t i = 0; world->guards != NULL && i < world->balancer_count; i++) {
        struct guard *guard = &world->guards[i];
        const struct backends *backends = &world->balancers[i].backends;
        /* What topology takes in and leaves out again is well or not all the same. */
        guard->watched = world->tier->topology != TOPOLOGY_NONE ? backends->is_listed
                                                                : backends->is_member;
        if (guard->health != NULL)
            guard_start_checks(world, i);
        if (guard->detector != NULL)
            guard_start_detector(world, i);
        guard_settle(world, i);
    }
}

static void guard_join_checks(struct world *world, uint32_t index, backend_id backend)
{
    const struct health_config *config = guard_health_config(world);
    struct rng *rng = &world->guards[index].rng;
    guard_start_check(world, index, backend,
                      config->even ? health_even_phase(config, 0, 1, 1)
                                   : health_phase(config, rng));
}

static void guard_join(struct world *world, uint32_t index, backend_id backend)
{
    struct guard *guard = &world->guards[index];
    guard->host.member_count++;
    if (guard->health != NULL)
        guard_join_checks(world, index, backend);
    else if (guard->backends != NULL && slow_start_at_join(&world->tier->slow_start))
        guard_start_slowly(world, index, backend);
}

void guard_follow(struct world *world, uint32_t index, backend_id backend,
                  enum membership_change change)
{
    struct guard *guard = &world->guards[index];
    guard->host.now = world->now;
    if (change == MEMBERSHIP_ADD) {
        guard_join(world, index, backend);
    } else if (change == MEMBERSHIP_REMOVE) {
        guard->host.member_count--;
        if (guard->detector != NULL)
            outlier_ops(&world->tier->outlier_detection)
                ->left(guard->detector, &guard->host, backend);
    } else if (guard->backends != NULL) {
        guard_weigh_anew(world, index, backend);
    }
    guard_settle(world, index);
}
