/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS overflow: all to the greatest weight until it has more active connections than its
   weight, then to the next.  When all have more, the request is refused.
   Linux, net/netfilter/ipvs/ip_vs_ovf.c. */
#include "models/blocks/ipvs.h"

static void ipvs_ovf_init(void *memory, const void *config, const struct view *view,
                          struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    ipvs_init(memory, view, 0, arena);
}

static void ipvs_ovf_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(memory, view, NULL, NULL);
}

static backend_id ipvs_ovf_pick(void *memory, const struct view *view,
                                const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    const struct ipvs *ipvs = memory;
    backend_id best = NO_BACKEND;
    int32_t greatest = 0;
    for (uint32_t i = 0; i < ipvs->count; i++) {
        backend_id candidate = ipvs->list[i];
        int32_t weight = ipvs->weight[candidate];
        if (view->is_eligible[candidate] && weight > greatest &&
            view->outstanding[candidate] <= (uint32_t)weight) {
            best = candidate;
            greatest = weight;
        }
    }
    return best;
}

const struct policy_ops policy_ipvs_ovf = {
    .kind = {.name = "ipvs.ovf",
             .summary = "IPVS: to the greatest weight, and over to the next when it has more "
                        "requests than its weight"},
    .traits = POLICY_REFUSES,
    .tie_rule = "the newest",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_ovf.c",
    .state_size = sizeof(struct ipvs),
    .init = ipvs_ovf_init,
    .update = ipvs_ovf_update,
    .pick = ipvs_ovf_pick,
};
