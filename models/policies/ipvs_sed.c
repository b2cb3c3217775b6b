/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS shortest expected delay: the least of (active + 1) / weight.
   Linux, net/netfilter/ipvs/ip_vs_sed.c. */
#include "models/blocks/ipvs.h"

static void ipvs_sed_init(void *memory, const void *config, const struct view *view,
                          struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    ipvs_init(memory, view, 0, arena);
}

static void ipvs_sed_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(memory, view, NULL, NULL);
}

static backend_id ipvs_sed_pick(void *memory, const struct view *view,
                                const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    return ipvs_least(memory, view, ipvs_delay);
}

const struct policy_ops policy_ipvs_sed = {
    .kind = {.name = "ipvs.sed", .summary = "IPVS: shortest expected delay"},
    .traits = POLICY_REFUSES,
    .tie_rule = "the newest",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_sed.c",
    .state_size = sizeof(struct ipvs),
    .init = ipvs_sed_init,
    .update = ipvs_sed_update,
    .pick = ipvs_sed_pick,
};
