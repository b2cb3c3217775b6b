/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx random: a server drawn by weight.  A draw of one that failed lately, is full or was
   tried by this request is in vain; after 20 of those smooth round robin decides.
   nginx: src/http/modules/ngx_http_upstream_random_module.c */
#include "models/blocks/nginx_draw.h"

struct nginx_random_config {
    struct nginx_peers_config peers;
};

struct nginx_random_state {
    struct nginx_peers peers;
    struct nginx_draw draw;
};

static const struct param nginx_random_params[] = {
    NGINX_PEERS_PARAMS(struct nginx_random_config),
    PARAM_END,
};

static void nginx_random_init(void *memory, const void *config, const struct view *view,
                              struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct nginx_random_state *state = memory;
    const struct nginx_random_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
    nginx_draw_init(&state->draw, view->capacity, arena);
}

static void nginx_random_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct nginx_random_state *state = memory;
    nginx_peers_update(&state->peers, view);
    nginx_draw_update(&state->draw, &state->peers, view);
}

static backend_id nginx_random_pick(void *memory, const struct view *view,
                                    const struct request *request, struct rng *rng)
{
    struct nginx_random_state *state = memory;
    uint32_t tries = state->draw.count < 2 ? NGINX_DRAW_TRIES + 1 : 0;
    while (tries++ <= NGINX_DRAW_TRIES) {
        backend_id pick = nginx_draw_one(&state->draw, rng);
        if (!nginx_peers_is_usable(&state->peers, view, request, pick))
            continue;
        nginx_peers_chosen(&state->peers, view, pick);
        return pick;
    }
    return nginx_peers_round_robin(&state->peers, view, request);
}

static void nginx_random_learn(void *memory, const struct view *view,
                               const struct outcome_report *outcome)
{
    struct nginx_random_state *state = memory;
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_random = {
    .kind = {.name = "nginx.random",
             .summary = "One server drawn by weight",
             .params = nginx_random_params,
             .config_size = sizeof(struct nginx_random_config)},
    .traits = POLICY_WEIGHTED | POLICY_REFUSES,
    .cost = "O(log n) a pick; O(n) a change",
    .source = "nginx src/http/modules/ngx_http_upstream_random_module.c",
    .state_size = sizeof(struct nginx_random_state),
    .init = nginx_random_init,
    .update = nginx_random_update,
    .pick = nginx_random_pick,
    .learn = nginx_random_learn,
};
