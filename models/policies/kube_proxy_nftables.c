/* SPDX-License-Identifier: GPL-3.0-or-later
   kube-proxy over nftables: `numgen random mod n` into a verdict map, one look-up however many
   endpoints.  The kernel scales 32 random bits to n by a multiplication.
   pkg/proxy/nftables/proxier.go; Linux, net/netfilter/nft_numgen.c. */
#include "models/policy.h"

static backend_id kube_proxy_nftables_pick(void *memory, const struct view *view,
                                           const struct request *request, struct rng *rng)
{
    (void)memory, (void)request;
    uint64_t bits = rng_next(rng) >> 32;
    return view_eligible(view, (uint32_t)(bits * view->eligible_count >> 32));
}

const struct policy_ops policy_kube_proxy_nftables = {
    .kind = {.name = "kube_proxy.nftables",
             .summary = "kube-proxy, nftables: random, by one look-up"},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; nothing a change",
    .source = "kubernetes/pkg/proxy/nftables/proxier.go",
    .pick = kube_proxy_nftables_pick,
};
