/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx `hash KEY`, as Cache::Memcached does it: 15 bits of the CRC-32 of the key, modulo the
   total weight.  Where that server cannot take it, the hash of "1KEY", "2KEY" and so on is
   added, up to 20 times; then it is smooth round robin.
   nginx src/http/modules/ngx_http_upstream_hash_module.c */
#include "models/blocks/nginx_slots.h"

#include "sim/engine/hash.h"
#include "sim/engine/output.h"

enum { NGINX_HASH_DIGITS = 20 };

struct nginx_hash_config {
    struct nginx_peers_config peers;
};

struct nginx_hash_state {
    struct nginx_peers peers;
    struct nginx_slots slots;
};

static const struct param nginx_hash_params[] = {
    NGINX_PEERS_PARAMS(struct nginx_hash_config),
    PARAM_END,
};

static void nginx_hash_init(void *memory, const void *config, const struct view *view,
                            struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct nginx_hash_state *state = memory;
    const struct nginx_hash_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
    nginx_slots_init(&state->slots, view, arena);
}

static void nginx_hash_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct nginx_hash_state *state = memory;
    nginx_peers_update(&state->peers, view);
    nginx_slots_update(&state->slots, &state->peers, view);
}

/* The key's CRC-32, with the count of rehashes before it from the first on. */
static uint32_t nginx_hash_crc(const char *key, size_t size, uint32_t rehash)
{
    uint32_t crc = HASH_CRC32_BEGIN;
    if (rehash > 0) {
        char digits[NGINX_HASH_DIGITS];
        crc = hash_crc32_more(crc, digits, (size_t)(text_unsigned(digits, rehash) - digits));
    }
    return ~hash_crc32_more(crc, key, size);
}

static backend_id nginx_hash_pick(void *memory, const struct view *view,
                                  const struct request *request, struct rng *rng)
{
    (void)rng;
    struct nginx_hash_state *state = memory;
    char digits[NGINX_HASH_DIGITS];
    size_t size;
    const char *key = policy_key(request, digits, &size);
    enum nginx_step step = NGINX_STEP_MISS;
    struct nginx_walk walk = {0};
    if (!nginx_slots_has_choice(&state->slots) || (size == 0 && !request->has_hash))
        step = NGINX_STEP_GIVE_UP;
    uint32_t hash = 0;
    backend_id pick = NO_BACKEND;
    for (uint32_t rehash = 0; step == NGINX_STEP_MISS; rehash++) {
        uint32_t crc = rehash == 0 && request->has_hash ? (uint32_t)request->hash
                                                        : nginx_hash_crc(key, size, rehash);
        hash += crc >> 16 & 0x7fff;
        pick = nginx_slots_at(&state->slots, hash);
        step = nginx_slots_step(&walk, &state->peers, view, request, pick);
    }
    if (step == NGINX_STEP_GIVE_UP)
        return nginx_peers_round_robin(&state->peers, view, request);
    nginx_peers_chosen(&state->peers, view, pick);
    return pick;
}

static void nginx_hash_learn(void *memory, const struct view *view,
                             const struct outcome_report *outcome)
{
    struct nginx_hash_state *state = memory;
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_hash = {
    .kind = {.name = "nginx.hash",
             .summary = "nginx hash KEY: CRC-32 of the key modulo the total weight",
             .params = nginx_hash_params,
             .config_size = sizeof(struct nginx_hash_config)},
    .traits = POLICY_WEIGHTED | POLICY_REFUSES,
    .cost = "O(log n) a pick, O(n) after 20 tries; O(n) a change",
    .source = "nginx src/http/modules/ngx_http_upstream_hash_module.c",
    .state_size = sizeof(struct nginx_hash_state),
    .init = nginx_hash_init,
    .update = nginx_hash_update,
    .pick = nginx_hash_pick,
    .learn = nginx_hash_learn,
};
