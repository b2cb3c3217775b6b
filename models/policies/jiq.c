/* SPDX-License-Identifier: GPL-3.0-or-later
   Join idle queue: a pod that becomes idle enters the queue of one balancer instance, drawn at
   random; a request goes to the head of its balancer's queue, or to any pod at random where
   that is empty.  A pod that was given work by another instance stays in the queue.  Every
   instance hears of every pod and draws the same instance from a hash, so none must be told.
   Lu, Xie, Kliot, Geller, Larus, Greenberg, Join-Idle-Queue, Performance Evaluation 68
   (2011). */
#include "models/policy.h"

struct jiq_state {
    backend_id *queue; /* a ring of as many places as there are slots */
    uint32_t first, count, room;
    uint8_t *is_listed;     /* by backend_id: in this instance's queue */
    uint8_t *is_idle;       /* by backend_id, as heard last */
    uint64_t *times_idle;   /* by backend_id */
    uint8_t *was_up;
};

static void jiq_init(void *memory, const void *config, const struct view *view,
                     struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct jiq_state *state = memory;
    state->room = view->capacity;
    state->queue = arena_take(arena, view->capacity, sizeof *state->queue);
    state->is_listed = arena_take(arena, view->capacity, sizeof *state->is_listed);
    state->is_idle = arena_take(arena, view->capacity, sizeof *state->is_idle);
    state->times_idle = arena_take(arena, view->capacity, sizeof *state->times_idle);
    state->was_up = arena_take(arena, view->capacity, sizeof *state->was_up);
    for (uint32_t i = 0; i < view->capacity; i++)
        state->is_idle[i] = 1;
}

/* Which instance the pod reports to this time: a hash of who and how often. */
static uint32_t jiq_instance(const struct jiq_state *state, const struct view *view,
                             backend_id backend)
{
    struct rng draw;
    rng_seed(&draw, view->backends[backend].identity ^ state->times_idle[backend] << 32);
    return (uint32_t)rng_below(&draw, view->peers);
}

static void jiq_report_idle(struct jiq_state *state, const struct view *view,
                            backend_id backend)
{
    state->times_idle[backend]++;
    if (view->peers > 1 && jiq_instance(state, view, backend) != view->peer)
        return;
    if (state->is_listed[backend])
        return;
    uint32_t place = state->first + state->count++;
    state->queue[place < state->room ? place : place - state->room] = backend;
    state->is_listed[backend] = 1;
}

/* Who comes up idle says so. */
static void jiq_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct jiq_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        if (view->is_up[i] && !state->was_up[i] && state->is_idle[i])
            jiq_report_idle(state, view, i);
        state->was_up[i] = view->is_up[i];
    }
}

static backend_id jiq_pick(void *memory, const struct view *view,
                           const struct request *request, struct rng *rng)
{
    (void)request;
    struct jiq_state *state = memory;
    while (state->count > 0) {
        backend_id head = state->queue[state->first];
        state->first = state->first + 1 < state->room ? state->first + 1 : 0;
        state->count--;
        state->is_listed[head] = 0;
        if (view->is_eligible[head])
            return head;
    }
    return view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
}

static void jiq_hear(void *memory, const struct view *view, const struct load_report *report)
{
    struct jiq_state *state = memory;
    bool was_idle = state->is_idle[report->backend];
    state->is_idle[report->backend] = report->in_flight == 0;
    if (report->in_flight == 0 && !was_idle && view->is_up[report->backend])
        jiq_report_idle(state, view, report->backend);
}

const struct policy_ops policy_jiq = {
    .kind = {.name = "jiq",
             .summary = "Join idle queue: pods that become idle ask one balancer for work"},
    .traits = POLICY_TOLD | POLICY_UNWEIGHTED,
    .tie_rule = "the pod that has waited in the queue for longest",
    .cost = "O(1) a pick; O(n) a change",
    .source = "Lu et al. 2011",
    .state_size = sizeof(struct jiq_state),
    .init = jiq_init,
    .update = jiq_update,
    .pick = jiq_pick,
    .hear = jiq_hear,
};
