/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS never queue: the first destination without active connections whatever its weight,
   else the shortest expected delay.  Linux, net/netfilter/ipvs/ip_vs_nq.c. */
#include "models/blocks/ipvs.h"

static void ipvs_nq_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    ipvs_init(memory, view, 0, arena);
}

static void ipvs_nq_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(memory, view, NULL, NULL);
}

static backend_id ipvs_nq_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    const struct ipvs *ipvs = memory;
    for (uint32_t i = 0; i < ipvs->count; i++)
        if (view->outstanding[ipvs->list[i]] == 0 && ipvs_is_usable(ipvs, view, ipvs->list[i]))
            return ipvs->list[i];
    return ipvs_least(ipvs, view, ipvs_delay);
}

const struct policy_ops policy_ipvs_nq = {
    .kind = {.name = "ipvs.nq",
             .summary = "IPVS: an idle one first, else the shortest expected delay"},
    .traits = POLICY_REFUSES,
    .tie_rule = "the newest",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_nq.c",
    .state_size = sizeof(struct ipvs),
    .init = ipvs_nq_init,
    .update = ipvs_nq_update,
    .pick = ipvs_nq_pick,
};
