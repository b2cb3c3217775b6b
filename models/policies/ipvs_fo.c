/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS fail over: all to the greatest weight; the next takes over when it is gone.
   Linux, net/netfilter/ipvs/ip_vs_fo.c. */
#include "models/blocks/ipvs.h"

static void ipvs_fo_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    ipvs_init(memory, view, 0, arena);
}

static void ipvs_fo_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(memory, view, NULL, NULL);
}

static backend_id ipvs_fo_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    const struct ipvs *ipvs = memory;
    backend_id best = NO_BACKEND;
    int32_t greatest = 0;
    for (uint32_t i = 0; i < ipvs->count; i++) {
        backend_id candidate = ipvs->list[i];
        if (view->is_eligible[candidate] && ipvs->weight[candidate] > greatest) {
            best = candidate;
            greatest = ipvs->weight[candidate];
        }
    }
    return best;
}

const struct policy_ops policy_ipvs_fo = {
    .kind = {.name = "ipvs.fo", .summary = "IPVS: all to the greatest weight, for fail over"},
    .traits = POLICY_REFUSES,
    .tie_rule = "the newest",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_fo.c",
    .state_size = sizeof(struct ipvs),
    .init = ipvs_fo_init,
    .update = ipvs_fo_update,
    .pick = ipvs_fo_pick,
};
