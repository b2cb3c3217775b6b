/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS weighted round robin: passes over the list with a falling bar, from the greatest weight
   down in steps of their common divisor; who reaches the bar gets one.  A change of members
   begins the list anew but keeps the bar, so the first cycle of a new service is a pass at
   bar 1.  Linux, net/netfilter/ipvs/ip_vs_wrr.c. */
#include "models/blocks/ipvs.h"

struct ipvs_wrr_state {
    struct ipvs ipvs;
    uint32_t next; /* place in the list */
    int32_t bar, highest, step;
};

static void ipvs_wrr_init(void *memory, const void *config, const struct view *view,
                          struct rng *rng, struct arena *arena)
{
    (void)config, (void)rng;
    ipvs_init(&((struct ipvs_wrr_state *)memory)->ipvs, view, 0, arena);
}

static int32_t ipvs_wrr_divisor(int32_t a, int32_t b)
{
    while (b != 0) {
        int32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The lowest bar is 1 whatever the step. */
static void ipvs_wrr_changed(void *memory, enum ipvs_change change, backend_id backend,
                             backend_id before)
{
    (void)change, (void)backend, (void)before;
    struct ipvs_wrr_state *state = memory;
    int32_t divisor = 0, greatest = 0;
    for (uint32_t i = 0; i < state->ipvs.count; i++) {
        int32_t weight = state->ipvs.weight[state->ipvs.list[i]];
        divisor = ipvs_wrr_divisor(weight, divisor);
        greatest = weight > greatest ? weight : greatest;
    }
    state->next = 0;
    state->step = divisor > 0 ? divisor : 1;
    state->highest = greatest - (state->step - 1);
    if (state->bar > state->highest || state->bar == 0)
        state->bar = state->highest;
    else if (state->step > 1)
        state->bar = state->bar / state->step * state->step + 1;
}

static void ipvs_wrr_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct ipvs_wrr_state *state = memory;
    ipvs_update(&state->ipvs, view, ipvs_wrr_changed, state);
}

static void ipvs_wrr_lower(struct ipvs_wrr_state *state, int32_t by)
{
    state->next = 0;
    state->bar -= by;
    if (state->bar <= 0)
        state->bar = state->highest;
}

static int32_t ipvs_wrr_greatest(const struct ipvs *ipvs, const struct view *view)
{
    int32_t greatest = 0;
    for (uint32_t i = 0; i < ipvs->count; i++)
        if (view->is_eligible[ipvs->list[i]] && ipvs->weight[ipvs->list[i]] > greatest)
            greatest = ipvs->weight[ipvs->list[i]];
    return greatest;
}

/* A bar that nobody reached is lowered at once to the next that somebody may. */
static backend_id ipvs_wrr_pick(void *memory, const struct view *view,
                                const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct ipvs_wrr_state *state = memory;
    const struct ipvs *ipvs = &state->ipvs;
    if (state->highest == 0)
        return NO_BACKEND;
    for (;;) {
        bool whole = state->next == 0;
        while (state->next < ipvs->count) {
            backend_id candidate = ipvs->list[state->next++];
            if (view->is_eligible[candidate] && ipvs->weight[candidate] >= state->bar)
                return candidate;
        }
        int32_t greatest = whole ? ipvs_wrr_greatest(ipvs, view) : state->bar;
        if (greatest == 0)
            return NO_BACKEND;
        int32_t gap = state->bar - greatest;
        ipvs_wrr_lower(state, gap > 0 ? (gap + state->step - 1) / state->step * state->step
                                      : state->step);
    }
}

const struct policy_ops policy_ipvs_wrr = {
    .kind = {.name = "ipvs.wrr",
             .summary = "IPVS: in turn, with a falling bar that weights must reach"},
    .traits = POLICY_WEIGHTED | POLICY_REFUSES,
    .cost = "O(g/m) a pick, greatest weight g over the mean m; O(n) a change",
    .source = "Linux, net/netfilter/ipvs/ip_vs_wrr.c",
    .state_size = sizeof(struct ipvs_wrr_state),
    .init = ipvs_wrr_init,
    .update = ipvs_wrr_update,
    .pick = ipvs_wrr_pick,
};
