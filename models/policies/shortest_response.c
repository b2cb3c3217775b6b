/* SPDX-License-Identifier: GPL-3.0-or-later
   Shortest response: the least average response time, as this balancer saw it for successes,
   times the requests it has outstanding there and one more.  A pod without samples has 0 and
   is tried first. */
#include "models/blocks/ewma.h"
#include "models/policy.h"

struct shortest_response_config {
    sim_time decay;
    bool in_flight;
};

struct shortest_response_pod {
    struct ewma time; /* ns */
    bool known;
    uint64_t owner; /* complement of the identity of whose it is; 0: nobody's */
};

struct shortest_response_state {
    struct shortest_response_config config;
    struct shortest_response_pod *pods; /* by backend_id */
};

static const struct param shortest_response_params[] = {
    {.key = "decay", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct shortest_response_config, decay, sim_time),
     .fallback = "10s", .min = 1, .max = 1e18,
     .help = "after so long a response counts 1/e of a new one"},
    {.key = "in_flight", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct shortest_response_config, in_flight, bool),
     .fallback = "true", .help = "multiply by the requests outstanding, and one more"},
    PARAM_END,
};

static void shortest_response_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct shortest_response_state *state = memory;
    state->config = *(const struct shortest_response_config *)config;
    state->pods = arena_take(arena, view->capacity, sizeof *state->pods);
}

/* Who joins has no history. */
static void shortest_response_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct shortest_response_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        uint64_t owner = view->is_member[i] ? ~view->backends[i].identity : 0;
        if (state->pods[i].owner != owner)
            state->pods[i] = (struct shortest_response_pod){.owner = owner};
    }
}

static backend_id shortest_response_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)request;
    const struct shortest_response_state *state = memory;
    backend_id best = NO_BACKEND;
    double least = 0;
    uint64_t ties = 1;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double score = state->pods[backend].time.value;
        if (state->config.in_flight)
            score *= (double)view->outstanding[backend] + 1;
        if (best == NO_BACKEND || score < least) {
            best = backend;
            least = score;
            ties = 1;
        } else if (score == least && rng_below(rng, ++ties) == 0) {
            best = backend;
        }
    }
    return best;
}

static void shortest_response_learn(void *memory, const struct view *view,
                                    const struct outcome_report *outcome)
{
    struct shortest_response_state *state = memory;
    struct shortest_response_pod *pod = &state->pods[outcome->backend];
    if (!outcome->success)
        return;
    if (pod->known)
        ewma_feed(&pod->time, (double)outcome->latency, view->now, state->config.decay);
    else
        pod->time = (struct ewma){(double)outcome->latency, view->now};
    pod->known = true;
}

const struct policy_ops policy_shortest_response = {
    .kind = {.name = "shortest_response",
             .summary = "Least average response time times requests outstanding",
             .params = shortest_response_params,
             .config_size = sizeof(struct shortest_response_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "any at random",
    .cost = "O(n) a pick; O(n) a change",
    .source = "textbook",
    .state_size = sizeof(struct shortest_response_state),
    .init = shortest_response_init,
    .update = shortest_response_update,
    .pick = shortest_response_pick,
    .learn = shortest_response_learn,
};
