/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS destination hashing: 256 buckets dealt in turn over the list, weights ignored; the
   request's destination, here its key, picks the bucket.  A drained destination keeps its
   buckets, and their requests are refused.  A full one passes them on to the next bucket: the
   kernel knows no fallback here.  Linux, net/netfilter/ipvs/ip_vs_dh.c. */
#include "models/blocks/ipvs.h"

#include "sim/engine/hash.h"

enum { IPVS_DH_BITS = 8, IPVS_DH_BUCKETS = 1 << IPVS_DH_BITS };

struct ipvs_dh_state {
    struct ipvs ipvs;
    backend_id buckets[IPVS_DH_BUCKETS];
};

static void ipvs_dh_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    ipvs_init(&((struct ipvs_dh_state *)memory)->ipvs, view, 0, arena);
}

static void ipvs_dh_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ipvs_dh_state *state = memory;
    ipvs_update(&state->ipvs, view, NULL, NULL);
    for (uint32_t i = 0; i < IPVS_DH_BUCKETS && state->ipvs.count > 0; i++)
        state->buckets[i] = state->ipvs.list[i % state->ipvs.count];
}

static backend_id ipvs_dh_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)rng;
    const struct ipvs_dh_state *state = memory;
    uint32_t bucket = hash_kernel_32(ipvs_destination(request), IPVS_DH_BITS);
    if (state->ipvs.weight[state->buckets[bucket]] == 0)
        return NO_BACKEND;
    for (uint32_t i = 0; i < IPVS_DH_BUCKETS; i++) {
        backend_id candidate = state->buckets[(bucket + i) % IPVS_DH_BUCKETS];
        if (ipvs_is_usable(&state->ipvs, view, candidate))
            return candidate;
    }
    return ipvs_least(&state->ipvs, view, ipvs_delay);
}

const struct policy_ops policy_ipvs_dh = {
    .kind = {.name = "ipvs.dh",
             .summary = "IPVS: 256 buckets by a hash of the destination, here the key"},
    .traits = POLICY_UNWEIGHTED | POLICY_REFUSES,
    .differs = "a bucket whose server is full passes its requests on, where the kernel refuses "
               "them",
    .cost = "O(1) a pick, O(n) where no bucket helps; O(n) a change, 256 buckets",
    .source = "Linux, net/netfilter/ipvs/ip_vs_dh.c",
    .state_size = sizeof(struct ipvs_dh_state),
    .init = ipvs_dh_init,
    .update = ipvs_dh_update,
    .pick = ipvs_dh_pick,
};
