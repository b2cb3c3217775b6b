/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx `ip_hash`: the first three bytes of the client's IPv4 address, so that a /24 sticks
   together, folded into a number below 6271, modulo the total weight.  Where that server
   cannot take it the same bytes are folded in again, up to 20 times; then it is smooth round
   robin.  nginx src/http/modules/ngx_http_upstream_ip_hash_module.c */
#include "models/blocks/nginx_slots.h"

enum { NGINX_IP_HASH_BEGIN = 89, NGINX_IP_HASH_FACTOR = 113, NGINX_IP_HASH_PRIME = 6271 };

struct nginx_ip_hash_config {
    struct nginx_peers_config peers;
};

struct nginx_ip_hash_state {
    struct nginx_peers peers;
    struct nginx_slots slots;
};

static const struct param nginx_ip_hash_params[] = {
    NGINX_PEERS_PARAMS(struct nginx_ip_hash_config),
    PARAM_END,
};

static void nginx_ip_hash_init(void *memory, const void *config, const struct view *view,
                               struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct nginx_ip_hash_state *state = memory;
    const struct nginx_ip_hash_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
    nginx_slots_init(&state->slots, view, arena);
}

static void nginx_ip_hash_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct nginx_ip_hash_state *state = memory;
    nginx_peers_update(&state->peers, view);
    nginx_slots_update(&state->slots, &state->peers, view);
}

static uint64_t nginx_ip_hash_fold(uint64_t hash, uint32_t address)
{
    for (int shift = 24; shift >= 8; shift -= 8)
        hash = (hash * NGINX_IP_HASH_FACTOR + (address >> shift & 0xff)) % NGINX_IP_HASH_PRIME;
    return hash;
}

static backend_id nginx_ip_hash_pick(void *memory, const struct view *view,
                                     const struct request *request, struct rng *rng)
{
    (void)rng;
    struct nginx_ip_hash_state *state = memory;
    uint32_t address = policy_client_address(request);
    enum nginx_step step =
        nginx_slots_has_choice(&state->slots) ? NGINX_STEP_MISS : NGINX_STEP_GIVE_UP;
    struct nginx_walk walk = {0};
    uint64_t hash = request->has_hash ? request->hash
                                      : nginx_ip_hash_fold(NGINX_IP_HASH_BEGIN, address);
    backend_id pick = NO_BACKEND;
    while (step == NGINX_STEP_MISS) {
        pick = nginx_slots_at(&state->slots, hash);
        step = nginx_slots_step(&walk, &state->peers, view, request, pick);
        hash = nginx_ip_hash_fold(hash % NGINX_IP_HASH_PRIME, address);
    }
    if (step == NGINX_STEP_GIVE_UP)
        return nginx_peers_round_robin(&state->peers, view, request);
    nginx_peers_chosen(&state->peers, view, pick);
    return pick;
}

static void nginx_ip_hash_learn(void *memory, const struct view *view,
                                const struct outcome_report *outcome)
{
    struct nginx_ip_hash_state *state = memory;
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_ip_hash = {
    .kind = {.name = "nginx.ip_hash",
             .summary = "nginx ip_hash: the client's /24 modulo the total weight",
             .params = nginx_ip_hash_params,
             .config_size = sizeof(struct nginx_ip_hash_config)},
    .traits = POLICY_WEIGHTED | POLICY_REFUSES,
    .cost = "O(log n) a pick, O(n) after 20 tries; O(n) a change",
    .source = "nginx src/http/modules/ngx_http_upstream_ip_hash_module.c",
    .state_size = sizeof(struct nginx_ip_hash_state),
    .init = nginx_ip_hash_init,
    .update = nginx_ip_hash_update,
    .pick = nginx_ip_hash_pick,
    .learn = nginx_ip_hash_learn,
};
