/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS locality-based least connections with replication: a destination, here the key, has a
   set of servers and goes to the least loaded of them; when that one is overloaded the least
   loaded of all joins the set.  A set that did not change for a day loses its most loaded.
   Linux, net/netfilter/ipvs/ip_vs_lblcr.c. */
#include "models/blocks/ipvs.h"
#include "models/blocks/ipvs_cache.h"

struct ipvs_lblcr_config {
    sim_time expiration, inactive;
};

struct ipvs_lblcr_state {
    struct ipvs ipvs;
    struct ipvs_cache cache;
};

static const struct param ipvs_lblcr_params[] = {
    {.key = "lblcr_expiration", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct ipvs_lblcr_config, expiration, sim_time), .fallback = "24h",
     .min = 1, .max = (double)SIM_LONGEST,
     .help = "idle entries are dropped and sets that did not change trimmed after this"},
    IPVS_PARAM_INACTIVE(struct ipvs_lblcr_config),
    PARAM_END,
};

static void ipvs_lblcr_init(void *memory, const void *config, const struct view *view,
                            struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct ipvs_lblcr_state *state = memory;
    const struct ipvs_lblcr_config *given = config;
    ipvs_init(&state->ipvs, view, given->inactive, arena);
    ipvs_cache_init(&state->cache, given->expiration, view->now, arena);
}

static void ipvs_lblcr_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(&((struct ipvs_lblcr_state *)memory)->ipvs, view, NULL, NULL);
}

/* Is a's load over weight below b's? */
static bool ipvs_lblcr_is_less(const struct ipvs *ipvs, const struct view *view, backend_id a,
                               backend_id b)
{
    return ipvs_overhead(ipvs, view, b) * ipvs->weight[a] >
           ipvs_overhead(ipvs, view, a) * ipvs->weight[b];
}

/* The least loaded usable server of an entry, or the most loaded of those with a weight. */
static backend_id ipvs_lblcr_of_set(const struct ipvs_lblcr_state *state,
                                    const struct view *view, uint32_t entry, bool most)
{
    const struct ipvs *ipvs = &state->ipvs;
    const struct ipvs_cache *cache = &state->cache;
    backend_id best = NO_BACKEND;
    uint32_t i = cache->entries[entry].first;
    for (; i != IPVS_CACHE_NONE; i = cache->servers[i].next) {
        backend_id server = cache->servers[i].backend;
        if (most ? ipvs->weight[server] == 0 : !ipvs_is_usable(ipvs, view, server))
            continue;
        if (best == NO_BACKEND || (most ? ipvs_lblcr_is_less(ipvs, view, best, server)
                                        : ipvs_lblcr_is_less(ipvs, view, server, best)))
            best = server;
    }
    return best;
}

/* As the kernel, chooses before it trims the set. */
static backend_id ipvs_lblcr_of_entry(struct ipvs_lblcr_state *state, const struct view *view,
                                      uint32_t entry)
{
    struct ipvs_cache *cache = &state->cache;
    backend_id least = ipvs_lblcr_of_set(state, view, entry, false);
    if (cache->entries[entry].size > 1 &&
        view->now > cache->entries[entry].changed + cache->expiration) {
        backend_id most = ipvs_lblcr_of_set(state, view, entry, true);
        if (most != NO_BACKEND)
            ipvs_cache_remove(cache, entry, most, view->now);
    }
    bool good = least != NO_BACKEND && !ipvs_is_overloaded(&state->ipvs, view, least);
    return good ? least : NO_BACKEND;
}

static backend_id ipvs_lblcr_pick(void *memory, const struct view *view,
                                  const struct request *request, struct rng *rng)
{
    (void)rng;
    struct ipvs_lblcr_state *state = memory;
    uint32_t address = ipvs_destination(request);
    uint32_t entry = ipvs_cache_find(&state->cache, address, view->now);
    ipvs_pass_time(&state->ipvs, view->now);
    backend_id pick = NO_BACKEND;
    if (entry != IPVS_CACHE_NONE)
        pick = ipvs_lblcr_of_entry(state, view, entry);
    if (pick != NO_BACKEND)
        return pick;
    pick = ipvs_least(&state->ipvs, view, ipvs_overhead);
    if (pick != NO_BACKEND && entry == IPVS_CACHE_NONE)
        ipvs_cache_new(&state->cache, address, pick, view->now);
    else if (pick != NO_BACKEND)
        ipvs_cache_add(&state->cache, entry, pick, view->now);
    return pick;
}

static void ipvs_lblcr_done(void *memory, const struct view *view, backend_id backend)
{
    ipvs_done(&((struct ipvs_lblcr_state *)memory)->ipvs, view, backend);
}

const struct policy_ops policy_ipvs_lblcr = {
    .kind = {.name = "ipvs.lblcr",
             .summary = "IPVS: a key stays within a set of pods that grows under load",
             .params = ipvs_lblcr_params,
             .config_size = sizeof(struct ipvs_lblcr_config)},
    .traits = POLICY_REFUSES,
    .tie_rule = "within a set who joined last, else the newest",
    .cost = "O(s) a pick, s pods of the destination, O(n) for a new one or under "
            "overload; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_lblcr.c",
    .state_size = sizeof(struct ipvs_lblcr_state),
    .init = ipvs_lblcr_init,
    .update = ipvs_lblcr_update,
    .pick = ipvs_lblcr_pick,
    .done = ipvs_lblcr_done,
};
