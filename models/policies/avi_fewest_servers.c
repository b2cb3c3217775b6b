/* SPDX-License-Identifier: GPL-3.0-or-later
   The first server of the list until its time to first byte says that it is at capacity,
   then the next: the rest may be switched off.  NSX ALB (Avi) documentation, Load
   Balancing Algorithms; how it estimates capacity is not documented: here requests in
   flight, by additive increase and multiplicative decrease, as in TCP. */
#include "models/policy.h"

#define AVI_FEWEST_SERVERS_DECREASE 0.9
#define AVI_FEWEST_SERVERS_AUTO 2.0 /* automatic threshold: so many times the least seen */
#define AVI_FEWEST_SERVERS_FORGET (1.0 / 1024)

struct avi_fewest_servers_config {
    sim_time capacity_estimation_ttfb_thresh;
};

struct avi_fewest_servers_server {
    double capacity;  /* requests in flight; 0: not known, which is as much as you like */
    double base;      /* about the least time to first byte, ns; 0: none seen */
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
        double capacity = state->servers[backend].capacity;
        double fill = capacity > 0 ? view->outstanding[backend] / capacity : 0;
        if (fill < 1)
            return backend;
        if (best == NO_BACKEND || fill < least) {
            best = backend;
            least = fill;
        }
    }
    return best;
}

/* One decrease a round: replies to requests sent before the last one say nothing new. */
static void avi_fewest_servers_learn(void *memory, const struct view *view,
                                     const struct outcome_report *outcome)
{
    struct avi_fewest_servers_state *state = memory;
    struct avi_fewest_servers_server *server = &state->servers[outcome->backend];
    double time = (double)outcome->first_byte;
    double in_flight = view->outstanding[outcome->backend] + 1.0;
    if (server->base == 0 || time < server->base)
        server->base = time;
    else
        server->base += (time - server->base) * AVI_FEWEST_SERVERS_FORGET;
    double threshold = state->threshold == SIM_NEVER ? server->base * AVI_FEWEST_SERVERS_AUTO
                                                     : (double)state->threshold;
    if (time <= threshold) {
        if (server->capacity > 0 && in_flight >= server->capacity)
            server->capacity += 1 / server->capacity;
        return;
    }
    if (server->capacity > 0 && view->now - outcome->latency < server->cut_at)
        return;
    if (server->capacity == 0 || in_flight < server->capacity)
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
    .tie_rule = "the first in the list",
    .source = "NSX ALB documentation, Load Balancing Algorithms",
    .state_size = sizeof(struct avi_fewest_servers_state),
    .init = avi_fewest_servers_init,
    .pick = avi_fewest_servers_pick,
    .learn = avi_fewest_servers_learn,
};
