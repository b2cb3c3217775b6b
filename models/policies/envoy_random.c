/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's RANDOM: any healthy host, all alike; weights of hosts are ignored.
   source/extensions/load_balancing_policies/random/random_lb.cc. */
#include "models/policy.h"

static backend_id envoy_random_pick(void *memory, const struct view *view,
                                    const struct request *request, struct rng *rng)
{
    (void)memory, (void)request;
    return view_eligible(view, (uint32_t)rng_below(rng, view->eligible_count));
}

const struct policy_ops policy_envoy_random = {
    .kind = {.name = "envoy.random",
             .summary = "Envoy: any host at random, weights ignored"},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; nothing a change",
    .source = "Envoy, load_balancing_policies/random/random_lb.cc",
    .pick = envoy_random_pick,
};
