/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx `hash KEY consistent`: 160 points for each unit of weight, chained CRC-32s of host,
   zero byte, port; a key goes to the first point not below its own CRC-32.  A server that
   cannot take it keeps its points, and the search goes on along the ring, up to 20 points;
   then it is smooth round robin.
   nginx src/http/modules/ngx_http_upstream_hash_module.c */
#include "models/blocks/crc_ring.h"
#include "models/blocks/nginx_peers.h"

#include "sim/engine/hash.h"

#include <string.h>
#include <strings.h>

enum { NGINX_HASH_CONSISTENT_TRIES = 20, NGINX_HASH_CONSISTENT_DIGITS = 20 };

struct nginx_hash_consistent_config {
    struct nginx_peers_config peers;
};

struct nginx_hash_consistent_state {
    struct nginx_peers peers;
    struct ring ring;
    uint32_t members;
    bool stale;
};

static const struct param nginx_hash_consistent_params[] = {
    NGINX_PEERS_PARAMS(struct nginx_hash_consistent_config),
    PARAM_END,
};

static void nginx_hash_consistent_init(void *memory, const void *config,
                                       const struct view *view, struct rng *rng,
                                       struct arena *arena)
{
    (void)rng;
    struct nginx_hash_consistent_state *state = memory;
    const struct nginx_hash_consistent_config *given = config;
    nginx_peers_init(&state->peers, &given->peers, view, arena);
    ring_init(&state->ring, 32, arena);
}

static void nginx_hash_consistent_update(void *memory, const struct view *view,
                                         struct rng *rng)
{
    (void)rng;
    struct nginx_hash_consistent_state *state = memory;
    nginx_peers_update(&state->peers, view);
    uint64_t weight = 0;
    state->members = 0;
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_member[i]) {
            state->members++;
            weight += (uint64_t)state->peers.smooth.weight[i];
        }
    ring_reserve(&state->ring, weight * CRC_RING_POINTS);
    state->stale = true;
}

/* The unfinished CRC of HOST \0 PORT.  The port is what digits follow the last colon; of
   "unix:PATH" only the path counts. */
static uint32_t nginx_hash_consistent_base(const char *server)
{
    size_t size = strlen(server), host = size, port = size;
    if (strncasecmp(server, "unix:", 5) == 0) {
        server += 5;
        host = port = size -= 5;
    } else {
        size_t digits = size;
        while (digits > 0 && server[digits - 1] >= '0' && server[digits - 1] <= '9')
            digits--;
        if (digits > 0 && server[digits - 1] == ':') {
            host = digits - 1;
            port = digits;
        }
    }
    uint32_t crc = hash_crc32_more(HASH_CRC32_BEGIN, server, host);
    crc = hash_crc32_more(crc, "", 1);
    return hash_crc32_more(crc, server + port, size - port);
}

static void nginx_hash_consistent_build(struct nginx_hash_consistent_state *state,
                                        const struct view *view)
{
    ring_clear(&state->ring);
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_member[i])
            crc_ring_add(&state->ring, nginx_hash_consistent_base(view->backends[i].address),
                         (uint64_t)state->peers.smooth.weight[i] * CRC_RING_POINTS, i);
    ring_sort(&state->ring);
    ring_unique(&state->ring);
    state->stale = false;
}

/* A retry passes the points up to that of the last attempt, whatever their servers are now. */
static backend_id nginx_hash_consistent_pick(void *memory, const struct view *view,
                                             const struct request *request, struct rng *rng)
{
    (void)rng;
    struct nginx_hash_consistent_state *state = memory;
    if (state->stale)
        nginx_hash_consistent_build(state, view);
    char digits[NGINX_HASH_CONSISTENT_DIGITS];
    size_t size;
    const char *key = policy_key(request, digits, &size);
    if (state->members < 2 || state->ring.count == 0 || (size == 0 && !request->has_hash))
        return nginx_peers_round_robin(&state->peers, view, request);
    uint32_t hash = request->has_hash ? (uint32_t)request->hash : hash_crc32(key, size);
    uint32_t place = ring_find(&state->ring, hash), replayed = 0;
    for (int i = 0; i <= NGINX_HASH_CONSISTENT_TRIES; i++) {
        backend_id pick = ring_owner(&state->ring, place);
        if (replayed < request->tried_count) {
            replayed += request->tried[replayed] == pick;
        } else if (nginx_peers_is_usable(&state->peers, view, request, pick)) {
            nginx_peers_turn_of_one(&state->peers, view, pick);
            return pick;
        }
        place = ring_next(&state->ring, place);
    }
    return nginx_peers_round_robin(&state->peers, view, request);
}

static void nginx_hash_consistent_learn(void *memory, const struct view *view,
                                        const struct outcome_report *outcome)
{
    struct nginx_hash_consistent_state *state = memory;
    nginx_peers_learn(&state->peers, view, outcome);
}

const struct policy_ops policy_nginx_hash_consistent = {
    .kind = {.name = "nginx.hash_consistent",
             .summary = "nginx hash KEY consistent: a ring of chained CRC-32 points",
             .params = nginx_hash_consistent_params,
             .config_size = sizeof(struct nginx_hash_consistent_config)},
    .traits = POLICY_WEIGHTED | POLICY_CONSISTENT | POLICY_REFUSES,
    .tie_rule = "the first of the list among points with the same hash",
    .differs = "the second of two pods with one address gets no keys",
    .cost = "O(1) a pick, O(n) after 20 tries; "
            "O(w) a change, 160 points for each of the sum w of weights",
    .source = "nginx src/http/modules/ngx_http_upstream_hash_module.c",
    .state_size = sizeof(struct nginx_hash_consistent_state),
    .init = nginx_hash_consistent_init,
    .update = nginx_hash_consistent_update,
    .pick = nginx_hash_consistent_pick,
    .learn = nginx_hash_consistent_learn,
};
