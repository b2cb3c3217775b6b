/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx's default: smooth weighted round robin over the servers that have not failed lately
   nor been tried by this request.  State is a worker's own.
   nginx: src/http/ngx_http_upstream_round_robin.c */
#include "models/blocks/nginx_peers.h"

struct nginx_round_robin_config {
    struct nginx_peers_config peers;
};

struct nginx_round_robin_state {
    struct nginx_peers peers;
};

static const struct param nginx_round_robin_params[] = {
    NGINX_PEERS_PARAMS(struct nginx_round_robin_config),
    PARAM_END,
};

static void nginx_round_robin_init(void *memory, const void *config, const struct view *view,
                                   struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct nginx_round_robin_state *state = memory;
    const struct nginx_round_robin_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
}

static void nginx_round_robin_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct nginx_round_robin_state *state = memory;
    nginx_peers_update(&state->peers, view);
}

static backend_id nginx_round_robin_pick(void *memory, const struct view *view,
                                         const struct request *request, struct rng *rng)
{
    (void)rng;
    struct nginx_round_robin_state *state = memory;
    return nginx_peers_round_robin(&state->peers, view, request);
}

static void nginx_round_robin_learn(void *memory, const struct view *view,
                                    const struct outcome_report *outcome)
{
    struct nginx_round_robin_state *state = memory;
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_round_robin = {
    .kind = {.name = "nginx.round_robin",
             .summary = "Smooth weighted round robin with passive failure detection",
             .params = nginx_round_robin_params,
             .config_size = sizeof(struct nginx_round_robin_config)},
    .traits = POLICY_WEIGHTED | POLICY_REFUSES,
    .tie_rule = "the first of the list among equal current weights",
    .cost = "O(k + log n) a pick, k different weights, O(n) while a pod fails or is "
            "full; O(n log n) a change",
    .source = "nginx src/http/ngx_http_upstream_round_robin.c",
    .state_size = sizeof(struct nginx_round_robin_state),
    .init = nginx_round_robin_init,
    .update = nginx_round_robin_update,
    .pick = nginx_round_robin_pick,
    .learn = nginx_round_robin_learn,
};
