/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx least_conn: the fewest connections for the weight.  Where several are equal, smooth
   round robin among these; a pick without a tie moves no weights.  Idle servers are equal
   whatever their weights.
   nginx: src/http/modules/ngx_http_upstream_least_conn_module.c */
#include "models/blocks/nginx_peers.h"

struct nginx_least_conn_config {
    struct nginx_peers_config peers;
};

struct nginx_least_conn_state {
    struct nginx_peers peers;
};

static const struct param nginx_least_conn_params[] = {
    NGINX_PEERS_PARAMS(struct nginx_least_conn_config),
    PARAM_END,
};

static void nginx_least_conn_init(void *memory, const void *config, const struct view *view,
                                  struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct nginx_least_conn_state *state = memory;
    const struct nginx_least_conn_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
}

static void nginx_least_conn_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct nginx_least_conn_state *state = memory;
    nginx_peers_update(&state->peers, view);
}

/* connections / weight of a less those of b, times both weights. */
static int64_t nginx_least_conn_compare(const struct nginx_least_conn_state *state,
                                        const struct view *view, backend_id a, backend_id b)
{
    const int64_t *weight = state->peers.smooth.weight;
    return view->outstanding[a] * weight[b] - view->outstanding[b] * weight[a];
}

static backend_id nginx_least_conn_pick(void *memory, const struct view *view,
                                        const struct request *request, struct rng *rng)
{
    (void)rng;
    struct nginx_least_conn_state *state = memory;
    struct nginx_peers *peers = &state->peers;
    backend_id best = NO_BACKEND;
    uint32_t from = 0;
    bool many = false;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (!nginx_peers_is_usable(peers, view, request, backend))
            continue;
        int64_t difference =
            best == NO_BACKEND ? -1 : nginx_least_conn_compare(state, view, backend, best);
        if (difference < 0) {
            best = backend;
            from = i;
        }
        many = difference >= 0 && (many || difference == 0);
    }
    struct smooth_turn turn = SMOOTH_TURN;
    for (uint32_t i = from; many && i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (nginx_least_conn_compare(state, view, backend, best) == 0 &&
            nginx_peers_is_usable(peers, view, request, backend))
            smooth_visit(&peers->smooth, &turn, backend);
    }
    if (many)
        best = smooth_take(&peers->smooth, &turn);
    if (best != NO_BACKEND)
        nginx_peers_chosen(peers, view, best);
    return best;
}

static void nginx_least_conn_learn(void *memory, const struct view *view,
                                   const struct outcome_report *outcome)
{
    struct nginx_least_conn_state *state = memory;
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_least_conn = {
    .kind = {.name = "nginx.least_conn",
             .summary = "Fewest outstanding for the weight, ties by smooth round robin",
             .params = nginx_least_conn_params,
             .config_size = sizeof(struct nginx_least_conn_config)},
    .traits = POLICY_REFUSES,
    .differs = NGINX_PEERS_DIFFERS,
    .tie_rule = "smooth weighted round robin among the equal ones",
    .cost = "O(n) a pick; O(n) a change",
    .source = "nginx src/http/modules/ngx_http_upstream_least_conn_module.c",
    .state_size = sizeof(struct nginx_least_conn_state),
    .init = nginx_least_conn_init,
    .update = nginx_least_conn_update,
    .pick = nginx_least_conn_pick,
    .learn = nginx_least_conn_learn,
};
