/* SPDX-License-Identifier: GPL-3.0-or-later
   One queue for everybody: the balancer holds every request until a worker is free, and the
   fastest free one takes it.  The bound for all policies that serve in order of arrival: with
   equal pods and no delays it is M/G/c.  An oracle, and one for all balancer instances. */
#include "models/policy.h"

struct central_queue_state {
    backend_id *free;      /* pods with a free worker, fastest class first, unordered in it */
    uint32_t *place;       /* by backend_id: where in free; UINT32_MAX: not there */
    uint32_t *class_of;    /* by backend_id */
    uint32_t *class_begin; /* by class: where its part of `free` begins */
    uint32_t *class_free;  /* by class: how many of it are free */
    double *class_speed;   /* by class, falling */
    uint32_t classes;
    double *speed;          /* by backend_id, as heard */
    uint32_t *free_workers; /* by backend_id, as heard */
    bool stale;             /* a speed changed: classes are to be made anew */
};

static void central_queue_init(void *memory, const void *config, const struct view *view,
                               struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct central_queue_state *state = memory;
    uint32_t capacity = view->capacity;
    state->free = arena_take(arena, capacity, sizeof *state->free);
    state->place = arena_take(arena, capacity, sizeof *state->place);
    state->class_of = arena_take(arena, capacity, sizeof *state->class_of);
    state->class_begin = arena_take(arena, capacity + 1, sizeof *state->class_begin);
    state->class_free = arena_take(arena, capacity, sizeof *state->class_free);
    state->class_speed = arena_take(arena, capacity, sizeof *state->class_speed);
    state->speed = arena_take(arena, capacity, sizeof *state->speed);
    state->free_workers = arena_take(arena, capacity, sizeof *state->free_workers);
}

static void central_queue_set(struct central_queue_state *state, backend_id backend, bool free)
{
    uint32_t class = state->class_of[backend], place = state->place[backend];
    if ((place != UINT32_MAX) == free)
        return;
    backend_id *members = state->free + state->class_begin[class];
    if (free) {
        state->place[backend] = state->class_free[class];
        members[state->class_free[class]++] = backend;
        return;
    }
    backend_id last = members[--state->class_free[class]];
    members[place] = last;
    state->place[last] = place;
    state->place[backend] = UINT32_MAX;
}

/* The class of a speed, in falling order, added if it is new. */
static uint32_t central_queue_class(struct central_queue_state *state, double speed)
{
    uint32_t class = 0;
    while (class < state->classes && state->class_speed[class] > speed)
        class++;
    if (class < state->classes && state->class_speed[class] == speed)
        return class;
    for (uint32_t i = state->classes++; i > class; i--)
        state->class_speed[i] = state->class_speed[i - 1];
    state->class_speed[class] = speed;
    return class;
}

static void central_queue_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct central_queue_state *state = memory;
    state->classes = 0;
    state->stale = false;
    for (backend_id i = 0; i < view->count; i++)
        central_queue_class(state, state->speed[i]);
    for (uint32_t class = 0; class <= state->classes; class++)
        state->class_begin[class] = 0;
    for (backend_id i = 0; i < view->count; i++) {
        state->class_of[i] = central_queue_class(state, state->speed[i]);
        state->class_begin[state->class_of[i] + 1]++;
    }
    for (uint32_t class = 0; class < state->classes; class++) {
        state->class_begin[class + 1] += state->class_begin[class];
        state->class_free[class] = 0;
    }
    for (backend_id i = 0; i < view->count; i++) {
        state->place[i] = UINT32_MAX;
        central_queue_set(state, i, view->is_up[i] && state->free_workers[i] > 0);
    }
}

/* Any free pod of a class that may be picked; the first after a random one where that one may
   not. */
static backend_id central_queue_of_class(const struct central_queue_state *state,
                                         uint32_t class, const struct view *view,
                                         struct rng *rng)
{
    uint32_t count = state->class_free[class];
    if (count == 0)
        return NO_BACKEND;
    const backend_id *members = state->free + state->class_begin[class];
    uint32_t from = (uint32_t)rng_below(rng, count);
    for (uint32_t i = 0; i < count; i++) {
        backend_id pick = members[(from + i) % count];
        if (view->is_eligible[pick])
            return pick;
    }
    return NO_BACKEND;
}

static backend_id central_queue_pick(void *memory, const struct view *view,
                                     const struct request *request, struct rng *rng)
{
    (void)request;
    struct central_queue_state *state = memory;
    if (state->stale)
        central_queue_update(state, view, rng);
    for (uint32_t class = 0; class < state->classes; class++) {
        backend_id pick = central_queue_of_class(state, class, view, rng);
        if (pick != NO_BACKEND)
            return pick;
    }
    return NO_BACKEND;
}

static void central_queue_hear(void *memory, const struct view *view,
                               const struct load_report *report)
{
    struct central_queue_state *state = memory;
    backend_id backend = report->backend;
    state->free_workers[backend] = report->free_workers;
    if (state->speed[backend] != report->speed)
        state->stale = true;
    state->speed[backend] = report->speed;
    if (!state->stale)
        central_queue_set(state, backend,
                          view->is_up[backend] && report->free_workers > 0);
}

const struct policy_ops policy_central_queue = {
    .kind = {.name = "central_queue",
             .summary = "One queue for all, a free worker takes the next: an oracle"},
    .traits = POLICY_ORACLE | POLICY_TOLD | POLICY_SHARED | POLICY_HOLDS | POLICY_UNWEIGHTED,
    .tie_rule = "the fastest free pod, among equals any at random",
    .cost = "O(s) a pick, s different speeds; O(n s) a change",
    .source = "M/G/c; A. K. Erlang 1917",
    .state_size = sizeof(struct central_queue_state),
    .init = central_queue_init,
    .update = central_queue_update,
    .pick = central_queue_pick,
    .hear = central_queue_hear,
};
