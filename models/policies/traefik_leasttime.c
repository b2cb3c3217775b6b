/* SPDX-License-Identifier: GPL-3.0-or-later
   Least mean time to first byte of the last 100 replies, in whole milliseconds, times (1
   + in flight) over the weight.  Without samples the score is 0, so a cold server takes
   everything until it answers.  Ties go by earliest deadline. traefik/traefik
   pkg/server/service/loadbalancer/leasttime/leasttime.go. */
#include "models/policy.h"

enum { TRAEFIK_LEASTTIME_SAMPLES = 100 };

struct traefik_leasttime_server {
    double weight;   /* as when added; 0: not there */
    double deadline;
    int64_t sum;     /* ms */
    uint32_t next, count;
    int64_t samples[TRAEFIK_LEASTTIME_SAMPLES];
};

struct traefik_leasttime_state {
    struct traefik_leasttime_server *servers; /* by backend_id */
    uint8_t *is_known;
    double latest; /* the last deadline given */
};

static void traefik_leasttime_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct traefik_leasttime_state *state = memory;
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
    state->is_known = arena_take(arena, view->capacity, sizeof *state->is_known);
}

/* First deadlines are staggered: each server begins where the one before it ended. */
static void traefik_leasttime_add(struct traefik_leasttime_state *state,
                                  const struct view *view, backend_id backend)
{
    double weight = view->backends[backend].weight;
    state->is_known[backend] = true;
    struct traefik_leasttime_server *server = &state->servers[backend];
    *server = (struct traefik_leasttime_server){.weight = weight};
    if (weight > 0)
        state->latest = server->deadline = state->latest + 1 / weight;
}

/* As in traefik.wrr: other weights build the balancer anew, its samples included. */
static void traefik_leasttime_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct traefik_leasttime_state *state = memory;
    bool rebuild = false;
    for (backend_id i = 0; i < view->count; i++)
        rebuild |=
            state->is_known[i] && state->servers[i].weight != view->backends[i].weight;
    if (rebuild)
        state->latest = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (rebuild ? state->is_known[i] || view->is_up[i]
                    : view->is_up[i] && !state->is_known[i])
            traefik_leasttime_add(state, view, i);
}

static double traefik_leasttime_score(const struct traefik_leasttime_server *server,
                                      uint32_t in_flight)
{
    double mean = server->count > 0 ? (double)server->sum / server->count : 0;
    return mean * (1 + (double)in_flight) / server->weight;
}

/* Of those with the least score the one with the earliest deadline, the first of equals.
   */
static backend_id traefik_leasttime_of_tied(struct traefik_leasttime_state *state,
                                            const struct view *view, double least)
{
    backend_id best = NO_BACKEND;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        const struct traefik_leasttime_server *server = &state->servers[backend];
        if (server->weight > 0 &&
            traefik_leasttime_score(server, view->outstanding[backend]) == least &&
            (best == NO_BACKEND || server->deadline < state->servers[best].deadline))
            best = backend;
    }
    struct traefik_leasttime_server *server = &state->servers[best];
    server->deadline += 1 / server->weight;
    if (server->deadline > state->latest)
        state->latest = server->deadline;
    return best;
}

static backend_id traefik_leasttime_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct traefik_leasttime_state *state = memory;
    backend_id best = NO_BACKEND;
    double least = 0;
    uint32_t servers = 0, ties = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (!(state->servers[backend].weight > 0))
            continue;
        servers++;
        double score =
            traefik_leasttime_score(&state->servers[backend], view->outstanding[backend]);
        if (best == NO_BACKEND || score < least) {
            best = backend;
            least = score;
            ties = 1;
        } else if (score == least) {
            ties++;
        }
    }
    return servers <= 1 || ties == 1 ? best : traefik_leasttime_of_tied(state, view, least);
}

/* Any reply counts, whatever its status; without one there is no first byte. */
static void traefik_leasttime_learn(void *memory, const struct view *view,
                                    const struct outcome_report *outcome)
{
    (void)view;
    struct traefik_leasttime_state *state = memory;
    struct traefik_leasttime_server *server = &state->servers[outcome->backend];
    if (!outcome->success && outcome->status == 0)
        return;
    int64_t *sample = &server->samples[server->next];
    if (server->count < TRAEFIK_LEASTTIME_SAMPLES)
        server->count++;
    server->sum -= *sample;
    *sample = outcome->first_byte / SIM_MILLISECOND;
    server->sum += *sample;
    server->next = (server->next + 1) % TRAEFIK_LEASTTIME_SAMPLES;
}

const struct policy_ops policy_traefik_leasttime = {
    .kind = {.name = "traefik.leasttime",
             .summary = "Least mean time to first byte times in flight, over weight"},
    .tie_rule = "earliest deadline (1 / weight apart), then the first in the list",
    .cost = "O(n) a pick; O(n) a change",
    .source = "traefik/traefik pkg/server/service/loadbalancer/leasttime/leasttime.go",
    .state_size = sizeof(struct traefik_leasttime_state),
    .init = traefik_leasttime_init,
    .update = traefik_leasttime_update,
    .pick = traefik_leasttime_pick,
    .learn = traefik_leasttime_learn,
};
