/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy random: so many random keys are looked up on the consistent-hash ring, which has 16
   points per unit of weight, and the least loaded for its weight wins; then the one with the
   lower rate of requests over the last second.  One that is full is not replaced by another:
   the request waits in the backend's queue, which the next server with a free place serves.
   HAProxy: src/backend.c get_server_rnd, src/lb_chash.c, src/freq_ctr.c */
#include "models/blocks/haproxy_tree.h"
#include "models/blocks/haproxy_weight.h"

enum { HAPROXY_RANDOM_PERIOD = 1000 }; /* milliseconds */

struct haproxy_random_config {
    uint64_t draws;
};

/* Requests in this period and the one before. */
struct haproxy_random_rate {
    int64_t begin; /* millisecond */
    uint64_t now, before;
};

struct haproxy_random_state {
    uint64_t draws;
    struct haproxy_tree tree;
    struct haproxy_random_rate *rates;
    bool stale, waits; /* somebody was left to the backend's queue */
    backend_id freed;  /* meanwhile, or NO_BACKEND */
};

static const struct param haproxy_random_params[] = {
    {.key = "draws", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct haproxy_random_config, draws, uint64_t), .fallback = "2",
     .min = 1, .max = 256, .help = "how many keys are drawn; two may lead to one server"},
    PARAM_END,
};

static void haproxy_random_init(void *memory, const void *config, const struct view *view,
                                struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct haproxy_random_state *state = memory;
    state->draws = ((const struct haproxy_random_config *)config)->draws;
    state->freed = NO_BACKEND;
    haproxy_tree_init(&state->tree, HAPROXY_TREE_ID, view, arena);
    state->rates = arena_take(arena, view->capacity, sizeof *state->rates);
}

static void haproxy_random_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct haproxy_random_state *state = memory;
    haproxy_tree_update(&state->tree, view);
    state->stale = true;
}

/* The nearest point on either side, then on past the one to be avoided. */
static backend_id haproxy_random_draw(const struct haproxy_random_state *state,
                                      backend_id avoid, struct rng *rng)
{
    const struct ring *ring = &state->tree.ring;
    uint32_t key = (uint32_t)(rng_next(rng) >> 32);
    uint32_t next = ring_find(ring, key), previous = ring_previous(ring, next);
    uint32_t behind = key - (uint32_t)ring->points[previous].hash;
    uint32_t ahead = (uint32_t)ring->points[next].hash - key;
    uint32_t place = behind <= ahead ? previous : next;
    for (uint32_t i = 0; i < ring->count && ring_owner(ring, place) == avoid; i++)
        place = ring_next(ring, place);
    return ring_owner(ring, place);
}

/* Requests per second, the period before fading out linearly. */
static uint64_t haproxy_random_rate(const struct haproxy_random_state *state,
                                    const struct view *view, backend_id backend)
{
    const struct haproxy_random_rate *rate = &state->rates[backend];
    int64_t period = HAPROXY_RANDOM_PERIOD;
    int64_t left = rate->begin + period - view->now / SIM_MILLISECOND;
    uint64_t now = rate->now, before = rate->before;
    if (left < 0) {
        left += period;
        before = left >= 0 ? now : 0;
        now = 0;
    }
    if (now == 0 && before <= 1)
        return before;
    return (before * (uint64_t)left + now * (uint64_t)period) / (uint64_t)period;
}

/* Whether the one drawn before is to be preferred. */
static bool haproxy_random_before(const struct haproxy_random_state *state,
                                  const struct view *view, backend_id before,
                                  backend_id drawn)
{
    const uint32_t *weights = state->tree.weights;
    uint64_t weight = weights[drawn], weight_before = weights[before];
    uint64_t load = view->outstanding[drawn] * weight_before;
    uint64_t load_before = view->outstanding[before] * weight;
    if (load != load_before)
        return load > load_before;
    return haproxy_random_rate(state, view, before) * weight <
           haproxy_random_rate(state, view, drawn) * weight_before;
}

static backend_id haproxy_random_pick(void *memory, const struct view *view,
                                      const struct request *request, struct rng *rng)
{
    struct haproxy_random_state *state = memory;
    backend_id pick = state->freed, avoid = haproxy_avoided(request);
    state->freed = NO_BACKEND;
    if (pick != NO_BACKEND && view->is_eligible[pick]) {
        state->waits = false;
        return pick;
    }
    if (state->stale)
        haproxy_tree_build(&state->tree, view);
    state->stale = false;
    if (state->tree.ring.count == 0)
        return haproxy_drained(view, avoid);
    pick = haproxy_random_draw(state, avoid, rng);
    for (uint64_t i = 1; i < state->draws; i++) {
        backend_id drawn = haproxy_random_draw(state, avoid, rng);
        if (drawn != pick && !haproxy_random_before(state, view, pick, drawn))
            pick = drawn;
    }
    state->waits = !view->is_eligible[pick];
    return state->waits ? NO_BACKEND : pick;
}

static void haproxy_random_sent(void *memory, const struct view *view, backend_id backend)
{
    struct haproxy_random_state *state = memory;
    struct haproxy_random_rate *rate = &state->rates[backend];
    int64_t now = view->now / SIM_MILLISECOND, period = HAPROXY_RANDOM_PERIOD;
    if (now - rate->begin < period) {
        rate->now++;
        return;
    }
    bool missed = now - rate->begin >= 2 * period;
    rate->before = missed ? 0 : rate->now;
    rate->begin = missed ? now : rate->begin + period;
    rate->now = 1;
}

static void haproxy_random_done(void *memory, const struct view *view, backend_id backend)
{
    struct haproxy_random_state *state = memory;
    if (state->waits && view->is_eligible[backend])
        state->freed = backend;
}

const struct policy_ops policy_haproxy_random = {
    .kind = {.name = "haproxy.random",
             .summary = "Least loaded for its weight of two drawn on a hash ring",
             .params = haproxy_random_params,
             .config_size = sizeof(struct haproxy_random_config)},
    .traits = POLICY_HOLDS,
    .tie_rule = "the lower rate over the last second, then the last drawn",
    .differs = HAPROXY_DRAINED_DIFFERS,
    .cost = "O(d) a pick, d draws; "
            "O(n + w) a change, 16 points for each of the sum w of weights",
    .source = "HAProxy src/backend.c, src/lb_chash.c",
    .state_size = sizeof(struct haproxy_random_state),
    .init = haproxy_random_init,
    .update = haproxy_random_update,
    .pick = haproxy_random_pick,
    .sent = haproxy_random_sent,
    .done = haproxy_random_done,
};
