/* SPDX-License-Identifier: GPL-3.0-or-later
   The better of two pods by a time-decayed average of response times, without a term for
   requests in flight.  Idle pods fade towards 0 and so become the best; new ones start at
   the mean of the others.  ingress-nginx, rootfs/etc/nginx/lua/balancer/ewma.lua. */
#include "models/blocks/ewma.h"
#include "models/blocks/milliseconds.h"
#include "models/policy.h"

#define INGRESS_NGINX_EWMA_DECAY (10 * SIM_SECOND)

struct ingress_nginx_ewma_state {
    struct ewma *scores;  /* by backend_id, in seconds */
    uint8_t *has_score;
    uint8_t *is_endpoint; /* as of the last update */
    backend_id *untried;  /* scratch */
};

static void ingress_nginx_ewma_init(void *memory, const void *config, const struct view *view,
                                    struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct ingress_nginx_ewma_state *state = memory;
    state->scores = arena_take(arena, view->capacity, sizeof *state->scores);
    state->has_score = arena_take(arena, view->capacity, sizeof *state->has_score);
    state->is_endpoint = arena_take(arena, view->capacity, sizeof *state->is_endpoint);
    state->untried = arena_take(arena, view->capacity, sizeof *state->untried);
}

/* nginx reads its clock in milliseconds. */
static sim_time ingress_nginx_ewma_now(const struct view *view)
{
    return milliseconds_at(view->now) * SIM_MILLISECOND;
}

/* Who left is forgotten; who came gets the mean of the stored, not decayed, scores. */
static void ingress_nginx_ewma_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ingress_nginx_ewma_state *state = memory;
    double sum = 0;
    uint32_t count = 0;
    for (backend_id i = 0; i < view->count; i++) {
        if (state->is_endpoint[i] && !view->is_up[i])
            state->has_score[i] = false;
        if (view->is_up[i] && state->has_score[i]) {
            sum += state->scores[i].value;
            count++;
        }
    }
    struct ewma mean = {count > 0 ? sum / count : 0, ingress_nginx_ewma_now(view)};
    for (backend_id i = 0; i < view->count; i++) {
        if (count > 0 && view->is_up[i] && !state->is_endpoint[i]) {
            state->scores[i] = mean;
            state->has_score[i] = true;
        }
        state->is_endpoint[i] = view->is_up[i];
    }
}

static double ingress_nginx_ewma_score(const struct ingress_nginx_ewma_state *state,
                                       const struct view *view, backend_id backend)
{
    return state->has_score[backend]
               ? ewma_faded(&state->scores[backend], ingress_nginx_ewma_now(view),
                            INGRESS_NGINX_EWMA_DECAY)
               : 0;
}

static bool ingress_nginx_ewma_tried(const struct request *request, backend_id backend)
{
    for (uint32_t i = 0; i < request->tried_count; i++)
        if (request->tried[i] == backend)
            return true;
    return false;
}

/* Those to draw from: not tried yet by this request, or all when all were. */
static uint32_t ingress_nginx_ewma_candidates(struct ingress_nginx_ewma_state *state,
                                              const struct view *view,
                                              const struct request *request)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (!ingress_nginx_ewma_tried(request, backend))
            state->untried[count++] = backend;
    }
    if (count > 0)
        return count;
    for (; count < view->eligible_count; count++)
        state->untried[count] = view_eligible(view, count);
    return count;
}

/* Two steps of a shuffle: the first draw swaps with place 0, the second is of what is
   behind it. */
static backend_id ingress_nginx_ewma_pick(void *memory, const struct view *view,
                                          const struct request *request, struct rng *rng)
{
    struct ingress_nginx_ewma_state *state = memory;
    uint32_t n = view->eligible_count;
    bool retry = n > 1 && request->tried_count > 0;
    if (retry)
        n = ingress_nginx_ewma_candidates(state, view, request);
    if (n == 1)
        return retry ? state->untried[0] : view_eligible(view, 0);
    uint32_t first = (uint32_t)rng_below(rng, n);
    uint32_t second = 1 + (uint32_t)rng_below(rng, n - 1);
    if (second == first)
        second = 0;
    backend_id a = retry ? state->untried[first] : view_eligible(view, first);
    backend_id b = retry ? state->untried[second] : view_eligible(view, second);
    double score_a = ingress_nginx_ewma_score(state, view, a);
    return ingress_nginx_ewma_score(state, view, b) < score_a ? b : a;
}

/* Every end counts, errors too.  A first sample meets an average last touched in 1970. */
static void ingress_nginx_ewma_learn(void *memory, const struct view *view,
                                     const struct outcome_report *outcome)
{
    struct ingress_nginx_ewma_state *state = memory;
    struct ewma *score = &state->scores[outcome->backend];
    sim_time now = ingress_nginx_ewma_now(view);
    double seconds = (double)milliseconds_of(outcome->latency, view->now) / 1000;
    if (state->has_score[outcome->backend])
        ewma_feed(score, seconds, now, INGRESS_NGINX_EWMA_DECAY);
    else
        *score = (struct ewma){seconds, now};
    state->has_score[outcome->backend] = true;
}

const struct policy_ops policy_ingress_nginx_ewma = {
    .kind = {.name = "ingress_nginx.ewma",
             .summary = "The faster of two by decayed response time, in flight ignored"},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the first drawn",
    .cost = "O(1) a pick, O(n) for a retry; O(n) a change",
    .source = "kubernetes/ingress-nginx rootfs/etc/nginx/lua/balancer/ewma.lua",
    .state_size = sizeof(struct ingress_nginx_ewma_state),
    .init = ingress_nginx_ewma_init,
    .update = ingress_nginx_ewma_update,
    .pick = ingress_nginx_ewma_pick,
    .learn = ingress_nginx_ewma_learn,
};
