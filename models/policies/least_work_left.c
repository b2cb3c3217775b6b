/* SPDX-License-Identifier: GPL-3.0-or-later
   Least work left: the pod that would be done first with what it has, by its true unfinished
   work over its speed and workers.  Needs the sizes of requests, so it is an oracle.  Between
   two reports the work is taken to shrink as fast as the busy workers do it. */
#include "models/policy.h"

struct least_work_left_pod {
    double work;         /* ns at speed 1, at measured_at */
    double speed;
    uint32_t workers;    /* the most that were seen at once */
    uint32_t busy;
    sim_time measured_at;
};

struct least_work_left_state {
    struct least_work_left_pod *pods; /* by backend_id */
};

static void least_work_left_init(void *memory, const void *config, const struct view *view,
                                 struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct least_work_left_state *state = memory;
    state->pods = arena_take(arena, view->capacity, sizeof *state->pods);
    for (uint32_t i = 0; i < view->capacity; i++)
        state->pods[i] = (struct least_work_left_pod){.speed = 1, .workers = 1};
}

/* Nanoseconds until the pod is idle, all its workers at it. */
static double least_work_left_of(const struct least_work_left_pod *pod, sim_time now)
{
    double done = (double)(now - pod->measured_at) * pod->speed * pod->busy;
    double left = pod->work > done ? pod->work - done : 0;
    return left / (pod->speed * pod->workers);
}

static backend_id least_work_left_pick(void *memory, const struct view *view,
                                       const struct request *request, struct rng *rng)
{
    (void)request;
    const struct least_work_left_state *state = memory;
    backend_id best = NO_BACKEND;
    double least = 0;
    uint64_t ties = 1;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double left = least_work_left_of(&state->pods[backend], view->now);
        if (best == NO_BACKEND || left < least) {
            best = backend;
            least = left;
            ties = 1;
        } else if (left == least && rng_below(rng, ++ties) == 0) {
            best = backend;
        }
    }
    return best;
}

static void least_work_left_hear(void *memory, const struct view *view,
                                 const struct load_report *report)
{
    (void)view;
    struct least_work_left_state *state = memory;
    struct least_work_left_pod *pod = &state->pods[report->backend];
    uint32_t seen = report->in_flight + report->free_workers;
    if (report->free_workers > 0 && seen > pod->workers)
        pod->workers = seen;
    pod->busy = report->in_flight < pod->workers ? report->in_flight : pod->workers;
    pod->work = report->work;
    pod->speed = report->speed > 0 ? report->speed : 1;
    pod->measured_at = report->measured_at;
}

const struct policy_ops policy_least_work_left = {
    .kind = {.name = "least_work_left",
             .summary = "The pod that would be idle first: an oracle"},
    .traits = POLICY_ORACLE | POLICY_TOLD | POLICY_UNWEIGHTED,
    .tie_rule = "any at random",
    .cost = "O(n) a pick; nothing a change",
    .source = "textbook",
    .state_size = sizeof(struct least_work_left_state),
    .init = least_work_left_init,
    .pick = least_work_left_pick,
    .hear = least_work_left_hear,
};
