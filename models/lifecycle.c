/* SPDX-License-Identifier: GPL-3.0-or-later
   Starts and stops pods (Kubernetes documentation, Pod Lifecycle):

     created -> scheduled -> image there -> started -> probes pass -> ready, a member
     deleted -> preStop over: SIGTERM, no new connections -> all done, or grace over -> gone

   Meanwhile the news of either travels to the balancers (endpoints.h), who go on sending to a
   pod that refuses until they know. */
#include "models/lifecycle.h"

#include "models/state.h"
#include "sim/engine/dist.h"

#define LIFECYCLE_LONGEST (86400 * 1e9)

enum life_verb { LIFE_READY, LIFE_CLOSE, LIFE_LOOK, LIFE_KILL };

static const sim_time lifecycle_look_period = SIM_SECOND; /* the kubelet looks who has exited */

static const struct param lifecycle_readiness_params[] = {
    {.key = "initial_delay", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct lifecycle_readiness, initial_delay, sim_time),
     .fallback = "0s", .max = LIFECYCLE_LONGEST,
     .help = "from the start of the container to its first probe"},
    {.key = "period", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct lifecycle_readiness, period, sim_time), .fallback = "10s",
     .min = 1e6, .max = LIFECYCLE_LONGEST, .help = "from probe to probe"},
    {.key = "success_threshold", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct lifecycle_readiness, successes, uint64_t), .fallback = "1",
     .min = 1, .max = 1000, .help = "probes in a row that a new pod has to pass"},
    PARAM_END,
};

const struct param lifecycle_start_params[] = {
    {.key = "schedule", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct lifecycle_start, schedule, struct param_kind),
     .fallback = "0s", .of.kinds = &dist_kinds,
     .help = "until a node is found for it, or powered on"},
    {.key = "image", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct lifecycle_start, image, struct param_kind), .fallback = "0s",
     .of.kinds = &dist_kinds, .help = "then, until its image is there"},
    {.key = "start", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct lifecycle_start, start, struct param_kind), .fallback = "0s",
     .of.kinds = &dist_kinds, .help = "then, until the process can serve"},
    {.key = "readiness", .type = PARAM_MAP,
     .offset = offsetof(struct lifecycle_start, readiness), .fallback = "",
     .of.fields = lifecycle_readiness_params, .size = sizeof(struct lifecycle_readiness),
     .help = "probes that find out; absent: known at once"},
    PARAM_END,
};

const struct param lifecycle_stop_params[] = {
    {.key = "pre_stop", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct lifecycle_stop, pre_stop, sim_time), .fallback = "0s",
     .max = LIFECYCLE_LONGEST,
     .help = "the preStop hook sleeps so long, then SIGTERM: new connections are refused"},
    {.key = "grace", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct lifecycle_stop, grace, sim_time), .fallback = "30s",
     .also = "none", .min = 1, .max = LIFECYCLE_LONGEST,
     .help = "terminationGracePeriodSeconds, preStop included: what is still open then is "
             "reset"},
    {.key = "drain", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct lifecycle_stop, drain, bool), .fallback = "true",
     .help = "at SIGTERM the process finishes what it has; false: it exits at once"},
    PARAM_END,
};

/* -- times -- */

static sim_time lifecycle_draw(const struct param_kind *dist, struct rng *rng)
{
    return dist->kind == NULL ? 0 : sim_time_of(dist_draw(dist, rng));
}

sim_time lifecycle_ready_after(const struct lifecycle_start *start, uint64_t key,
                               const char *name)
{
    struct rng rng;
    rng_open(&rng, rng_key(key, "start", 0), name, 0);
    sim_time container = lifecycle_draw(&start->schedule, &rng);
    container += lifecycle_draw(&start->image, &rng);
    sim_time serves = container + lifecycle_draw(&start->start, &rng);
    const struct lifecycle_readiness *readiness = &start->readiness;
    if (readiness->period == 0)
        return serves;
    sim_time probe = container + readiness->initial_delay;
    if (probe < serves)
        probe += (serves - probe + readiness->period - 1) / readiness->period *
                 readiness->period;
    return probe + (sim_time)(readiness->successes - 1) * readiness->period;
}

/* -- in a run -- */

bool lifecycle_is_used(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->pods.count; i++)
        if (PARAM_ITEM(scenario->pods, struct scenario_pods, i)->stop.grace > 0)
            return true;
    for (size_t i = 0; i < scenario->membership.count; i++) {
        const struct scenario_change *change =
            PARAM_ITEM(scenario->membership, struct scenario_change, i);
        if (change->evict.pods != NULL ||
            (change->remove.pods != NULL && change->remove.grace != SIM_NEVER))
            return true;
    }
    return false;
}

void lifecycle_open(struct world *world)
{
    world->lives = arena_take(&world->arena, world->pod_count, sizeof *world->lives);
    for (uint32_t slot = 0; slot < world->pod_count; slot++)
        world->lives[slot].group = PARAM_ITEM(world->scenario->pods, struct scenario_pods,
                                              world->membership.pods[slot].group);
}

static void lifecycle_push(struct world *world, uint32_t slot, sim_time at,
                           enum life_verb verb)
{
    event_push(world->queue, at, EVENT_LIFE, slot, 0, verb);
}

static void lifecycle_end(struct world *world, uint32_t slot)
{
    world->lives[slot].is_over = true;
    roster_own_life(&world->roster, slot)->ended = world->now;
}

static void lifecycle_kill(struct world *world, uint32_t slot)
{
    if (world->faulty != NULL) {
        world->faulty[slot].is_closed = true;
        fault_pod_break(world, slot);
    }
    lifecycle_end(world, slot);
}

/* Gone once it has nothing left to do. */
static void lifecycle_look(struct world *world, uint32_t slot)
{
    const struct pod *pod = &world->pods[slot];
    if (pod->busy + pod->queued == 0)
        lifecycle_end(world, slot);
    else
        lifecycle_push(world, slot, world->now + lifecycle_look_period, LIFE_LOOK);
}

static void lifecycle_close(struct world *world, uint32_t slot)
{
    world->faulty[slot].is_closed = true;
    if (world->lives[slot].group->stop.drain)
        lifecycle_look(world, slot);
    else
        lifecycle_kill(world, slot);
}

void lifecycle_stop(struct world *world, uint32_t slot, sim_time grace)
{
    if (world->lives == NULL)
        return;
    const struct lifecycle_stop *stop = &world->lives[slot].group->stop;
    bool says = stop->grace > 0;
    if (grace == SIM_NEVER)
        grace = says ? stop->grace : SIM_NEVER;
    if (grace != SIM_NEVER) {
        roster_own_life(&world->roster, slot)->ended = world->now + grace;
        lifecycle_push(world, slot, world->now + grace, LIFE_KILL);
    }
    if (says && stop->pre_stop < grace)
        lifecycle_push(world, slot, world->now + stop->pre_stop, LIFE_CLOSE);
}

void lifecycle_start(struct world *world, uint32_t slot)
{
    const struct lifecycle_start *start = &world->lives[slot].group->start;
    sim_time takes = lifecycle_ready_after(start, world->key, world->roster.pods[slot].name);
    lifecycle_push(world, slot, world->now + takes, LIFE_READY);
}

void lifecycle_step(struct world *world, uint32_t slot, uint32_t what)
{
    if (world->lives[slot].is_over)
        return;
    switch ((enum life_verb)what) {
    case LIFE_READY:
        scaler_ready(world, slot);
        return;
    case LIFE_CLOSE:
        lifecycle_close(world, slot);
        return;
    case LIFE_LOOK:
        lifecycle_look(world, slot);
        return;
    case LIFE_KILL:
        lifecycle_kill(world, slot);
        return;
    }
}
