/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS power of two choices: two draws by weight, with replacement; the lesser load over
   weight gets it.  A draw is from 0 to the sum of weights inclusive, so the newest is drawn a
   little more often than its share.  Linux, net/netfilter/ipvs/ip_vs_twos.c. */
#include "models/blocks/ipvs.h"

static void ipvs_twos_init(void *memory, const void *config, const struct view *view,
                           struct rng *rng, struct arena *arena)
{
    (void)rng;
    ipvs_init(memory, view, ((const struct ipvs_inactive_config *)config)->inactive, arena);
}

static void ipvs_twos_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    ipvs_update(memory, view, NULL, NULL);
}

static backend_id ipvs_twos_draw(const struct ipvs *ipvs, const struct view *view,
                                 int64_t total, struct rng *rng)
{
    int64_t rest = (int64_t)rng_below(rng, (uint64_t)total + 1);
    for (uint32_t i = 0; i < ipvs->count; i++) {
        backend_id candidate = ipvs->list[i];
        if (ipvs_is_usable(ipvs, view, candidate) && (rest -= ipvs->weight[candidate]) <= 0)
            return candidate;
    }
    return NO_BACKEND;
}

static backend_id ipvs_twos_pick(void *memory, const struct view *view,
                                 const struct request *request, struct rng *rng)
{
    (void)request;
    struct ipvs *ipvs = memory;
    ipvs_pass_time(ipvs, view->now);
    int64_t total = 0;
    for (uint32_t i = 0; i < ipvs->count; i++)
        if (ipvs_is_usable(ipvs, view, ipvs->list[i]))
            total += ipvs->weight[ipvs->list[i]];
    if (total == 0)
        return NO_BACKEND;
    backend_id first = ipvs_twos_draw(ipvs, view, total, rng);
    backend_id second = ipvs_twos_draw(ipvs, view, total, rng);
    bool second_wins = ipvs->weight[second] * ipvs_overhead(ipvs, view, first) >
                       ipvs->weight[first] * ipvs_overhead(ipvs, view, second);
    return second_wins ? second : first;
}

static void ipvs_twos_done(void *memory, const struct view *view, backend_id backend)
{
    ipvs_done(memory, view, backend);
}

const struct policy_ops policy_ipvs_twos = {
    .kind = {.name = "ipvs.twos",
             .summary = "IPVS: the lesser load over weight of two drawn by weight",
             .params = ipvs_inactive_params,
             .config_size = sizeof(struct ipvs_inactive_config)},
    .traits = POLICY_REFUSES,
    .tie_rule = "the first drawn",
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_twos.c",
    .state_size = sizeof(struct ipvs),
    .init = ipvs_twos_init,
    .update = ipvs_twos_update,
    .pick = ipvs_twos_pick,
    .done = ipvs_twos_done,
};
