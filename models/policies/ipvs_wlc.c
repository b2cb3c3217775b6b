/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS weighted least connections: the least of 256 * active + inactive connections over
   weight.  The default of ipvsadm.  Linux, net/netfilter/ipvs/ip_vs_wlc.c. */
#include "models/blocks/ipvs.h"

static void ipvs_wlc_init(void *memory, const void *config, const struct view *view,
                          struct rng *rng, struct arena *arena)
{
    (void)rng;
    ipvs_init(memory, view, ((const struct ipvs_inactive_config *)config)->inactive, arena);
}

static void ipvs_wlc_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(memory, view, NULL, NULL);
}

static backend_id ipvs_wlc_pick(void *memory, const struct view *view,
                                const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    ipvs_pass_time(memory, view->now);
    return ipvs_least(memory, view, ipvs_overhead);
}

static void ipvs_wlc_done(void *memory, const struct view *view, backend_id backend)
{
    ipvs_done(memory, view, backend);
}

const struct policy_ops policy_ipvs_wlc = {
    .kind = {.name = "ipvs.wlc",
             .summary = "IPVS: least connections over weight",
             .params = ipvs_inactive_params,
             .config_size = sizeof(struct ipvs_inactive_config)},
    .traits = POLICY_REFUSES,
    .tie_rule = "the newest",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_wlc.c",
    .state_size = sizeof(struct ipvs),
    .init = ipvs_wlc_init,
    .update = ipvs_wlc_update,
    .pick = ipvs_wlc_pick,
    .done = ipvs_wlc_done,
};
