/* SPDX-License-Identifier: GPL-3.0-or-later
   Least mean time to first byte of the last 100 replies, in whole milliseconds, times (1
   + in flight) over the weight.  Without samples the score is 0, so a cold server takes
   everything until it answers.  Ties go by earliest deadline. traefik/traefik
   pkg/server/service/loadbalancer/leasttime/leasttime.go. */
#include "models/blocks/traefik_servers.h"

enum { TRAEFIK_LEASTTIME_SAMPLES = 100 };

struct traefik_leasttime_config {
    uint32_t order;
};

struct traefik_leasttime_server {
    double weight;
    double deadline;
    int64_t sum;     /* ms */
    uint32_t next, count;
    int64_t samples[TRAEFIK_LEASTTIME_SAMPLES];
};

struct traefik_leasttime_state {
    struct traefik_servers list;
    struct traefik_leasttime_server *servers; /* by backend_id */
};

static const struct param traefik_leasttime_params[] = {
    TRAEFIK_SERVERS_PARAM(struct traefik_leasttime_config),
    PARAM_END,
};

static void traefik_leasttime_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct traefik_leasttime_state *state = memory;
    const struct traefik_leasttime_config *given = config;
    traefik_servers_init(&state->list, (enum traefik_servers_order)given->order, view, arena);
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
}

/* First deadlines are staggered: each server begins where the one before it ended.  Of a new
   configuration nothing has been sampled. */
static void traefik_leasttime_update(void *memory, const struct view *view, struct rng *rng)
{
    struct traefik_leasttime_state *state = memory;
    if (!traefik_servers_update(&state->list, view, rng))
        return;
    double latest = 0;
    for (uint32_t i = 0; i < state->list.count; i++) {
        backend_id server = state->list.list[i];
        double weight = state->list.weights[server];
        latest += 1 / weight;
        state->servers[server] =
            (struct traefik_leasttime_server){.weight = weight, .deadline = latest};
    }
}

static double traefik_leasttime_score(const struct traefik_leasttime_server *server,
                                      uint32_t in_flight)
{
    double mean = server->count > 0 ? (double)server->sum / server->count : 0;
    return mean * (1 + (double)in_flight) / server->weight;
}

static bool traefik_leasttime_is_usable(const struct traefik_leasttime_state *state,
                                        const struct view *view, uint32_t place)
{
    return view->is_eligible[state->list.list[place]];
}

/* Of those with the least score the one with the earliest deadline, the first of equals. */
static backend_id traefik_leasttime_of_tied(struct traefik_leasttime_state *state,
                                            const struct view *view, double least)
{
    struct traefik_leasttime_server *best = NULL;
    backend_id pick = NO_BACKEND;
    for (uint32_t i = 0; i < state->list.count; i++) {
        backend_id backend = state->list.list[i];
        struct traefik_leasttime_server *server = &state->servers[backend];
        if (traefik_leasttime_is_usable(state, view, i) &&
            traefik_leasttime_score(server, view->outstanding[backend]) == least &&
            (best == NULL || server->deadline < best->deadline)) {
            best = server;
            pick = backend;
        }
    }
    best->deadline += 1 / best->weight;
    return pick;
}

static backend_id traefik_leasttime_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct traefik_leasttime_state *state = memory;
    backend_id best = NO_BACKEND;
    double least = 0;
    uint32_t servers = 0, ties = 0;
    for (uint32_t i = 0; i < state->list.count; i++) {
        if (!traefik_leasttime_is_usable(state, view, i))
            continue;
        backend_id backend = state->list.list[i];
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
             .summary = "Least mean time to first byte times in flight, over weight",
             .params = traefik_leasttime_params,
             .config_size = sizeof(struct traefik_leasttime_config)},
    .traits = POLICY_REFUSES | POLICY_WAITS,
    .tie_rule = "earliest deadline (1 / weight apart), then the first in the list",
    .differs = "requests under way when members or weights change still count and still teach",
    .cost = "O(n) a pick; O(n) a change",
    .source = "traefik/traefik pkg/server/service/loadbalancer/leasttime/leasttime.go",
    .state_size = sizeof(struct traefik_leasttime_state),
    .init = traefik_leasttime_init,
    .update = traefik_leasttime_update,
    .pick = traefik_leasttime_pick,
    .learn = traefik_leasttime_learn,
};
