/* SPDX-License-Identifier: GPL-3.0-or-later
   Most new requests to the server that is fastest to the first byte; requests in flight
   do not count and errors count like any reply, so a pod that fails fast attracts.  NSX
   ALB (Avi) documentation, Load Balancing Algorithms; it does not say how many are "most"
   nor how times are averaged: here shares go by ratio over time, and times fade over 1 s.
   */
#include "models/blocks/ewma.h"
#include "models/policy.h"

#define AVI_FASTEST_RESPONSE_TAU SIM_SECOND

struct avi_fastest_response_state {
    struct ewma *times;  /* by backend_id, ns */
    uint8_t *is_measured;
    uint8_t *was_up;
    double *credit;      /* by backend_id: smooth turns */
};

static void avi_fastest_response_init(void *memory, const void *config,
                                      const struct view *view, struct rng *rng,
                                      struct arena *arena)
{
    (void)config, (void)rng;
    struct avi_fastest_response_state *state = memory;
    state->times = arena_take(arena, view->capacity, sizeof *state->times);
    state->is_measured = arena_take(arena, view->capacity, sizeof *state->is_measured);
    state->was_up = arena_take(arena, view->capacity, sizeof *state->was_up);
    state->credit = arena_take(arena, view->capacity, sizeof *state->credit);
}

static void avi_fastest_response_update(void *memory, const struct view *view,
                                        struct rng *rng)
{
    (void)rng;
    struct avi_fastest_response_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        if (view->is_up[i] && !state->was_up[i]) {
            state->is_measured[i] = false;
            state->credit[i] = 0;
        }
        state->was_up[i] = view->is_up[i];
    }
}

/* The least time measured; who has no measure yet is taken to be as fast. */
static double avi_fastest_response_least(const struct avi_fastest_response_state *state,
                                         const struct view *view)
{
    double least = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double time = state->times[backend].value;
        if (state->is_measured[backend] && (least == 0 || time < least))
            least = time;
    }
    return least > 0 ? least : 1;
}

/* All gain ratio / time, of 1 for the fastest; who has most pays what all gained. */
static backend_id avi_fastest_response_pick(void *memory, const struct view *view,
                                            const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct avi_fastest_response_state *state = memory;
    double least = avi_fastest_response_least(state, view), total = 0;
    backend_id best = NO_BACKEND;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double time = state->is_measured[backend] ? state->times[backend].value : least;
        double share = view->backends[backend].weight * (time > least ? least / time : 1);
        if (!(share > 0))
            continue;
        total += share;
        state->credit[backend] += share;
        if (best == NO_BACKEND || state->credit[backend] > state->credit[best])
            best = backend;
    }
    if (best != NO_BACKEND)
        state->credit[best] -= total;
    return best;
}

static void avi_fastest_response_learn(void *memory, const struct view *view,
                                       const struct outcome_report *outcome)
{
    struct avi_fastest_response_state *state = memory;
    struct ewma *time = &state->times[outcome->backend];
    if (state->is_measured[outcome->backend])
        ewma_feed(time, (double)outcome->first_byte, view->now, AVI_FASTEST_RESPONSE_TAU);
    else
        *time = (struct ewma){(double)outcome->first_byte, view->now};
    state->is_measured[outcome->backend] = true;
}

const struct policy_ops policy_avi_fastest_response = {
    .kind = {.name = "avi.fastest_response",
             .summary = "Shares in inverse proportion to the time to first byte"},
    .tie_rule = "the first in the list",
    .cost = "O(n) a pick; O(n) a change",
    .source = "NSX ALB documentation, Load Balancing Algorithms",
    .state_size = sizeof(struct avi_fastest_response_state),
    .init = avi_fastest_response_init,
    .update = avi_fastest_response_update,
    .pick = avi_fastest_response_pick,
    .learn = avi_fastest_response_learn,
};
