/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS least connections: the least of 256 * active + inactive connections, weights ignored
   but for 0.  Linux, net/netfilter/ipvs/ip_vs_lc.c. */
#include "models/blocks/ipvs.h"

static void ipvs_lc_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)rng;
    ipvs_init(memory, view, ((const struct ipvs_inactive_config *)config)->inactive, arena);
}

static void ipvs_lc_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(memory, view, NULL, NULL);
}

static backend_id ipvs_lc_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct ipvs *ipvs = memory;
    ipvs_pass_time(ipvs, view->now);
    backend_id least = NO_BACKEND;
    for (uint32_t i = 0; i < ipvs->count; i++) {
        backend_id candidate = ipvs->list[i];
        if (ipvs_is_usable(ipvs, view, candidate) &&
            (least == NO_BACKEND ||
             ipvs_overhead(ipvs, view, candidate) < ipvs_overhead(ipvs, view, least)))
            least = candidate;
    }
    return least;
}

static void ipvs_lc_done(void *memory, const struct view *view, backend_id backend)
{
    ipvs_done(memory, view, backend);
}

const struct policy_ops policy_ipvs_lc = {
    .kind = {.name = "ipvs.lc",
             .summary = "IPVS: least connections",
             .params = ipvs_inactive_params,
             .config_size = sizeof(struct ipvs_inactive_config)},
    .traits = POLICY_UNWEIGHTED | POLICY_REFUSES,
    .tie_rule = "the newest",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_lc.c",
    .state_size = sizeof(struct ipvs),
    .init = ipvs_lc_init,
    .update = ipvs_lc_update,
    .pick = ipvs_lc_pick,
    .done = ipvs_lc_done,
};
