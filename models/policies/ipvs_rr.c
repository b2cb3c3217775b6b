/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS round robin: each destination in turn, from the newest to the oldest.  Who is added
   later stands at the head of the list and waits for the next round.
   Linux, net/netfilter/ipvs/ip_vs_rr.c. */
#include "models/blocks/ipvs.h"

struct ipvs_rr_state {
    struct ipvs ipvs;
    backend_id last; /* picked; NO_BACKEND: the head of the list */
};

static void ipvs_rr_init(void *memory, const void *config, const struct view *view,
                         struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    struct ipvs_rr_state *state = memory;
    ipvs_init(&state->ipvs, view, 0, arena);
    state->last = NO_BACKEND;
}

static void ipvs_rr_changed(void *memory, enum ipvs_change change, backend_id backend,
                            backend_id before)
{
    struct ipvs_rr_state *state = memory;
    if (change == IPVS_DELETED && state->last == backend)
        state->last = before;
}

static void ipvs_rr_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ipvs_rr_state *state = memory;
    ipvs_update(&state->ipvs, view, ipvs_rr_changed, state);
}

static backend_id ipvs_rr_pick(void *memory, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct ipvs_rr_state *state = memory;
    const struct ipvs *ipvs = &state->ipvs;
    uint32_t place = 0;
    while (state->last != NO_BACKEND && ipvs->list[place++] != state->last)
        continue;
    for (uint32_t i = 0; i < ipvs->count; i++, place++) {
        backend_id candidate = ipvs->list[place < ipvs->count ? place : place - ipvs->count];
        if (ipvs_is_usable(ipvs, view, candidate))
            return state->last = candidate;
    }
    return NO_BACKEND;
}

const struct policy_ops policy_ipvs_rr = {
    .kind = {.name = "ipvs.rr", .summary = "IPVS: each in turn, the newest first"},
    .traits = POLICY_UNWEIGHTED | POLICY_REFUSES,
    .cost = "O(n) a pick; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_rr.c",
    .state_size = sizeof(struct ipvs_rr_state),
    .init = ipvs_rr_init,
    .update = ipvs_rr_update,
    .pick = ipvs_rr_pick,
};
