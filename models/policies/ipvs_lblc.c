/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS locality-based least connections, for farms of caches: a destination, here the key,
   stays with its server until that is gone, drained or overloaded (more active connections
   than its weight while some server has less than half of its); then the one with the least
   connections over weight takes it.  Linux, net/netfilter/ipvs/ip_vs_lblc.c. */
#include "models/blocks/ipvs.h"
#include "models/blocks/ipvs_cache.h"

struct ipvs_lblc_config {
    sim_time expiration, inactive;
};

struct ipvs_lblc_state {
    struct ipvs ipvs;
    struct ipvs_cache cache;
};

static const struct param ipvs_lblc_params[] = {
    {.key = "lblc_expiration", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct ipvs_lblc_config, expiration, sim_time), .fallback = "24h",
     .min = 1, .max = (double)SIM_LONGEST, .help = "idle entries are dropped after this"},
    IPVS_PARAM_INACTIVE(struct ipvs_lblc_config),
    PARAM_END,
};

static void ipvs_lblc_init(void *memory, const void *config, const struct view *view,
                           struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct ipvs_lblc_state *state = memory;
    const struct ipvs_lblc_config *given = config;
    ipvs_init(&state->ipvs, view, given->inactive, arena);
    ipvs_cache_init(&state->cache, given->expiration, view->now, arena);
}

static void ipvs_lblc_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(&((struct ipvs_lblc_state *)memory)->ipvs, view, NULL, NULL);
}

static backend_id ipvs_lblc_pick(void *memory, const struct view *view,
                                 const struct request *request, struct rng *rng)
{
    (void)rng;
    struct ipvs_lblc_state *state = memory;
    struct ipvs *ipvs = &state->ipvs;
    struct ipvs_cache *cache = &state->cache;
    uint32_t address = ipvs_destination(request);
    uint32_t entry = ipvs_cache_find(cache, address, view->now);
    ipvs_pass_time(ipvs, view->now);
    if (entry != IPVS_CACHE_NONE) {
        backend_id known = cache->servers[cache->entries[entry].first].backend;
        if (ipvs_is_usable(ipvs, view, known) && !ipvs_is_overloaded(ipvs, view, known))
            return known;
    }
    backend_id least = ipvs_least(ipvs, view, ipvs_overhead);
    if (least == NO_BACKEND)
        return NO_BACKEND;
    if (entry == IPVS_CACHE_NONE)
        ipvs_cache_new(cache, address, least, view->now);
    else
        cache->servers[cache->entries[entry].first].backend = least;
    return least;
}

static void ipvs_lblc_done(void *memory, const struct view *view, backend_id backend)
{
    ipvs_done(&((struct ipvs_lblc_state *)memory)->ipvs, view, backend);
}

const struct policy_ops policy_ipvs_lblc = {
    .kind = {.name = "ipvs.lblc",
             .summary = "IPVS: a key stays with its pod until that is overloaded",
             .params = ipvs_lblc_params,
             .config_size = sizeof(struct ipvs_lblc_config)},
    .traits = POLICY_REFUSES,
    .tie_rule = "the newest",
    .differs = "a key whose server is full moves, which the kernel looks at for new keys only",
    .cost = "O(1) a pick, O(n) for a new destination or an overloaded pod; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_lblc.c",
    .state_size = sizeof(struct ipvs_lblc_state),
    .init = ipvs_lblc_init,
    .update = ipvs_lblc_update,
    .pick = ipvs_lblc_pick,
    .done = ipvs_lblc_done,
};
