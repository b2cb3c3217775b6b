/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx least_time: the least (average response time, in steps of 20 ms) * (connections + 1)
   for the weight; smooth round robin among the equal ones.  A server without samples is at
   the 20 ms floor.  With inflight, requests that already take longer than the average count.
   nginx: src/http/modules/ngx_http_upstream_least_time_module.c */
#include "models/blocks/nginx_times.h"

struct nginx_least_time_config {
    struct nginx_peers_config peers;
    uint32_t mode;
    bool inflight;
};

struct nginx_least_time_state {
    struct nginx_peers peers;
    struct nginx_times times;
};

static const char *const nginx_least_time_modes[] = {"header", "last_byte", NULL};

static const struct param nginx_least_time_params[] = {
    {.key = "mode", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct nginx_least_time_config, mode, uint32_t),
     .fallback = "header", .of.words = nginx_least_time_modes,
     .help = "up to where a response is timed"},
    {.key = "inflight", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct nginx_least_time_config, inflight, bool),
     .fallback = "false", .help = "do requests still in flight count too"},
    NGINX_PEERS_PARAMS(struct nginx_least_time_config),
    PARAM_END,
};

static void nginx_least_time_init(void *memory, const void *config, const struct view *view,
                                  struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct nginx_least_time_state *state = memory;
    const struct nginx_least_time_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
    nginx_times_init(&state->times, view->capacity, arena);
    state->times.mode = given->mode == 0 ? NGINX_TIMES_HEADER : NGINX_TIMES_LAST_BYTE;
    state->times.use_inflight = given->inflight;
}

static void nginx_least_time_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct nginx_least_time_state *state = memory;
    if (nginx_peers_update(&state->peers, view))
        nginx_times_reset(&state->times, view->count);
}

/* Among those as good as the first best, at `from`, with its score.  As in nginx, who leads
   the turn lends his weight to the comparison but not his score. */
static backend_id nginx_least_time_turn(struct nginx_least_time_state *state,
                                        const struct view *view,
                                        const struct request *request, uint32_t from,
                                        uint64_t best_score)
{
    struct nginx_peers *peers = &state->peers;
    const int64_t *weight = peers->smooth.weight;
    struct smooth_turn turn = SMOOTH_TURN;
    for (uint32_t i = from; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        uint64_t score = nginx_times_score(&state->times, peers, view, backend);
        uint64_t lead = (uint64_t)weight[turn.best == NO_BACKEND ? backend : turn.best];
        if (score * lead == best_score * (uint64_t)weight[backend] &&
            nginx_peers_is_usable(peers, view, request, backend))
            smooth_visit(&peers->smooth, &turn, backend);
    }
    return smooth_take(&peers->smooth, &turn);
}

static backend_id nginx_least_time_pick(void *memory, const struct view *view,
                                        const struct request *request, struct rng *rng)
{
    (void)rng;
    struct nginx_least_time_state *state = memory;
    struct nginx_peers *peers = &state->peers;
    backend_id best = NO_BACKEND;
    uint64_t best_score = 0, best_weight = 0;
    uint32_t from = 0;
    bool many = false;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (!nginx_peers_is_usable(peers, view, request, backend))
            continue;
        nginx_times_age(&state->times, view, backend);
        uint64_t score = nginx_times_score(&state->times, peers, view, backend);
        uint64_t weight = (uint64_t)peers->smooth.weight[backend];
        if (best == NO_BACKEND || score * best_weight < best_score * weight) {
            best = backend;
            best_score = score;
            best_weight = weight;
            from = i;
            many = false;
        } else if (score * best_weight == best_score * weight) {
            many = true;
        }
    }
    if (many)
        best = nginx_least_time_turn(state, view, request, from, best_score);
    if (best != NO_BACKEND)
        nginx_peers_chosen(peers, view, best);
    return best;
}

static void nginx_least_time_sent(void *memory, const struct view *view, backend_id backend)
{
    nginx_times_sent(&((struct nginx_least_time_state *)memory)->times, view, backend);
}

static void nginx_least_time_learn(void *memory, const struct view *view,
                                   const struct outcome_report *outcome)
{
    struct nginx_least_time_state *state = memory;
    nginx_times_learn(&state->times, view, outcome);
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_least_time = {
    .kind = {.name = "nginx.least_time",
             .summary = "Least response time times connections for the weight",
             .params = nginx_least_time_params,
             .config_size = sizeof(struct nginx_least_time_config)},
    .traits = POLICY_REFUSES,
    .tie_rule = "smooth weighted round robin among the equal ones",
    .differs = "a request is in flight until it ends, in nginx in mode header until its header; "
               NGINX_PEERS_DIFFERS,
    .cost = "O(n) a pick; O(n) a change",
    .source = "nginx src/http/modules/ngx_http_upstream_least_time_module.c",
    .state_size = sizeof(struct nginx_least_time_state),
    .init = nginx_least_time_init,
    .update = nginx_least_time_update,
    .pick = nginx_least_time_pick,
    .sent = nginx_least_time_sent,
    .learn = nginx_least_time_learn,
};
