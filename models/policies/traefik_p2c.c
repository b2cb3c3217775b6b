/* SPDX-License-Identifier: GPL-3.0-or-later
   The less loaded of two by requests in flight; weights are ignored.  Both are drawn of
   all and a second equal to the first moves on to the next, so neighbours in the list
   meet more often.  traefik/traefik pkg/server/service/loadbalancer/p2c/p2c.go. */
#include "models/policy.h"

static backend_id traefik_p2c_pick(void *memory, const struct view *view,
                                   const struct request *request, struct rng *rng)
{
    (void)memory, (void)request;
    uint32_t n = view->eligible_count;
    if (n == 1)
        return view_eligible(view, 0);
    uint32_t first = (uint32_t)rng_below(rng, n), second = (uint32_t)rng_below(rng, n);
    if (second == first)
        second = (second + 1) % n;
    backend_id a = view_eligible(view, first), b = view_eligible(view, second);
    return view->outstanding[b] < view->outstanding[a] ? b : a;
}

const struct policy_ops policy_traefik_p2c = {
    .kind = {.name = "traefik.p2c",
             .summary = "Fewest in flight of two distinct, neighbours drawn more often"},
    .traits = POLICY_UNWEIGHTED,
    .tie_rule = "the first drawn",
    .cost = "O(1) a pick; nothing a change",
    .source = "traefik/traefik pkg/server/service/loadbalancer/p2c/p2c.go",
    .pick = traefik_p2c_pick,
};
