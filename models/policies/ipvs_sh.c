/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS source hashing: 256 buckets dealt in turn over the list, `weight` consecutive ones to
   each; the client's address picks the bucket.  A drained destination still gets one, and its
   clients are refused unless sh-fallback looks further; that search also serves the clients of
   a full one.  Linux, net/netfilter/ipvs/ip_vs_sh.c. */
#include "models/blocks/ipvs.h"

#include "sim/engine/hash.h"

enum { IPVS_SH_BITS = 8, IPVS_SH_BUCKETS = 1 << IPVS_SH_BITS };

struct ipvs_sh_config {
    bool port, fallback;
};

struct ipvs_sh_state {
    struct ipvs ipvs;
    bool port, fallback;
    backend_id buckets[IPVS_SH_BUCKETS];
};

static const struct param ipvs_sh_params[] = {
    {.key = "sh-port", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct ipvs_sh_config, port, bool), .fallback = "false",
     .help = "adds the client's port, where the key is an address with one"},
    {.key = "sh-fallback", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct ipvs_sh_config, fallback, bool), .fallback = "false",
     .help = "looks for another when the bucket's destination has weight 0"},
    PARAM_END,
};

static void ipvs_sh_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct ipvs_sh_state *state = memory;
    const struct ipvs_sh_config *given = config;
    ipvs_init(&state->ipvs, view, 0, arena);
    state->port = given->port;
    state->fallback = given->fallback;
}

static void ipvs_sh_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ipvs_sh_state *state = memory;
    const struct ipvs *ipvs = &state->ipvs;
    ipvs_update(&state->ipvs, view, NULL, NULL);
    uint32_t place = 0;
    int32_t dealt = 0;
    for (uint32_t i = 0; i < IPVS_SH_BUCKETS && ipvs->count > 0; i++) {
        state->buckets[i] = ipvs->list[place];
        if (++dealt < ipvs->weight[ipvs->list[place]])
            continue;
        place = place + 1 < ipvs->count ? place + 1 : 0;
        dealt = 0;
    }
}

/* The kernel's second look begins at the bucket's number, added to the hash. */
static backend_id ipvs_sh_search(const struct ipvs_sh_state *state, const struct view *view,
                                 uint32_t hash)
{
    for (uint32_t i = 0; i < IPVS_SH_BUCKETS; i++) {
        backend_id candidate = state->buckets[(hash + hash + i) % IPVS_SH_BUCKETS];
        if (ipvs_is_usable(&state->ipvs, view, candidate))
            return candidate;
    }
    return ipvs_least(&state->ipvs, view, ipvs_delay);
}

static backend_id ipvs_sh_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)rng;
    const struct ipvs_sh_state *state = memory;
    uint16_t port;
    uint32_t address = ipvs_source(request, &port);
    uint32_t hash = request->has_hash
                        ? (uint32_t)(request->hash % IPVS_SH_BUCKETS)
                        : hash_kernel_32((state->port ? port : 0) + address, IPVS_SH_BITS);
    backend_id pick = state->buckets[hash];
    if (ipvs_is_usable(&state->ipvs, view, pick))
        return pick;
    if (state->ipvs.weight[pick] == 0 && !state->fallback)
        return NO_BACKEND;
    return ipvs_sh_search(state, view, hash);
}

const struct policy_ops policy_ipvs_sh = {
    .kind = {.name = "ipvs.sh",
             .summary = "IPVS: 256 buckets by a hash of the client's address",
             .params = ipvs_sh_params,
             .config_size = sizeof(struct ipvs_sh_config)},
    .traits = POLICY_WEIGHTED | POLICY_REFUSES,
    .differs = "a bucket whose server is full passes its requests on, where the kernel refuses "
               "them without sh-fallback",
    .cost = "O(1) a pick, O(n) where no bucket helps; O(n) a change, 256 buckets",
    .source = "Linux, net/netfilter/ipvs/ip_vs_sh.c",
    .state_size = sizeof(struct ipvs_sh_state),
    .init = ipvs_sh_init,
    .update = ipvs_sh_update,
    .pick = ipvs_sh_pick,
};
