/* SPDX-License-Identifier: GPL-3.0-or-later
   The first server of the list until its time to first byte says that it is at capacity,
   then the next: the rest may be switched off.  NSX ALB (Avi) documentation, Load
   Balancing Algorithms; how it estimates capacity is not documented: here requests in
   flight from one on, by additive increase and multiplicative decrease, as in TCP. */
#include "models/policy.h"

#define AVI_FEWEST_SERVERS_DECREASE 0.9
#define AVI_FEWEST_SERVERS_AUTO 2.0 /* automatic threshold: so many times the best */

enum { AVI_FEWEST_SERVERS_REPLIES = 32 }; /* that make an average: one alone says little */

struct avi_fewest_servers_config {
    sim_time capacity_estimation_ttfb_thresh;
};

struct avi_fewest_servers_server {
    double capacity;  /* requests in flight, at least 1 */
    double time;      /* average time to first byte of late, ns */
    double base;      /* the least that was; 0: not yet known */
    uint32_t replies; /* in the average, as far as that is still filling */
    sim_time cut_at;  /* when capacity last decreased */
};

struct avi_fewest_servers_state {
    struct avi_fewest_servers_server *servers; /* by backend_id */
    sim_time threshold;                        /* SIM_NEVER: automatic */
};

static const struct param avi_fewest_servers_params[] = {
    {.key = "capacity_estimation_ttfb_thresh", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct avi_fewest_servers_config, capacity_estimation_ttfb_thresh,
                           sim_time),
     .fallback = "auto", .min = 1, .max = 5e9, .also = "auto",
     .help = "a server slower to the first byte is at capacity; auto: twice its best"},
    PARAM_END,
};

static void avi_fewest_servers_init(void *memory, const void *config,
                                    const struct view *view, struct rng *rng,
                                    struct arena *arena)
{
    (void)rng;
    struct avi_fewest_servers_state *state = memory;
    state->threshold = ((const struct avi_fewest_servers_config *)config)
                           ->capacity_estimation_ttfb_thresh;
    state->servers = arena_take(arena, view->capacity, sizeof *state->servers);
    for (backend_id i = 0; i < view->capacity; i++)
        state->servers[i].capacity = 1;
}

/* With all at capacity the one that is least above it. */
static backend_id avi_fewest_servers_pick(void *memory, const struct view *view,
                                          const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    const struct avi_fewest_servers_state *state = memory;
    backend_id best = NO_BACKEND;
    double least = 0;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        double fill = view->outstanding[backend] / state->servers[backend].capacity;
        if (fill < 1)
            return backend;
        if (best == NO_BACKEND || fill < least) {
            best = backend;
            least = fill;
        }
    }
    return best;
}

/* The average of the first replies is plain, and only a whole one is a base.  That rises again
   where a request that has the server for itself takes longer than it used to. */
static void avi_fewest_servers_measure(struct avi_fewest_servers_server *server, double time,
                                       double in_flight)
{
    if (server->replies < AVI_FEWEST_SERVERS_REPLIES)
        server->replies++;
    server->time += (time - server->time) / server->replies;
    if (server->replies < AVI_FEWEST_SERVERS_REPLIES)
        return;
    if (server->base == 0 || server->time < server->base)
        server->base = server->time;
    else if (server->capacity <= 1 && in_flight <= 1)
        server->base += (server->time - server->base) / AVI_FEWEST_SERVERS_REPLIES;
}

/* Capacity grows by one in the time of a request while it is made use of, and shrinks at most
   once in that time: replies to requests sent before a cut do not know of it. */
static void avi_fewest_servers_learn(void *memory, const struct view *view,
                                     const struct outcome_report *outcome)
{
    struct avi_fewest_servers_state *state = memory;
    struct avi_fewest_servers_server *server = &state->servers[outcome->backend];
    double in_flight = view->outstanding[outcome->backend] + 1.0;
    avi_fewest_servers_measure(server, (double)outcome->first_byte, in_flight);
    double threshold = state->threshold == SIM_NEVER ? server->base * AVI_FEWEST_SERVERS_AUTO
                                                     : (double)state->threshold;
    if (threshold > 0 && server->time <= threshold) {
        if (in_flight >= server->capacity)
            server->capacity += 1 / server->capacity;
        return;
    }
    if (threshold == 0 || view->now - outcome->latency < server->cut_at)
        return;
    if (in_flight < server->capacity)
        server->capacity = in_flight;
    server->capacity *= AVI_FEWEST_SERVERS_DECREASE;
    if (server->capacity < 1)
        server->capacity = 1;
    server->cut_at = view->now;
}

const struct policy_ops policy_avi_fewest_servers = {
    .kind = {.name = "avi.fewest_servers",
             .summary = "The first server until latency says it is full, then the next",
             .params = avi_fewest_servers_params,
             .config_size = sizeof(struct avi_fewest_servers_config)},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the first in the list",
    .cost = "O(k) a pick, k pods in use; nothing a change",
    .source = "NSX ALB documentation, Load Balancing Algorithms",
    .state_size = sizeof(struct avi_fewest_servers_state),
    .init = avi_fewest_servers_init,
    .pick = avi_fewest_servers_pick,
    .learn = avi_fewest_servers_learn,
};
