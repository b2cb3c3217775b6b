/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy roundrobin: servers come at intervals of total / weight, and weights may change
   while it runs.
   HAProxy: src/lb_fwrr.c */
#include "models/blocks/haproxy_weight.h"
#include "models/blocks/haproxy_wheel.h"

struct haproxy_roundrobin_config {
    uint32_t reweighed;
};

struct haproxy_roundrobin_state {
    struct haproxy_wheel wheel;
};

static const char *const haproxy_roundrobin_reweighed[] = {"in-place", "anew", NULL};

static const struct param haproxy_roundrobin_params[] = {
    {.key = "reweighed", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct haproxy_roundrobin_config, reweighed, uint32_t),
     .fallback = "in-place", .of.words = haproxy_roundrobin_reweighed,
     .help = "where a server goes whose weight changes: to its place by the new weight, or "
             "(from 3.2 on) as one that comes up"},
    PARAM_END,
};

static void haproxy_roundrobin_init(void *memory, const void *config, const struct view *view,
                                    struct rng *rng, struct arena *arena)
{
    (void)rng;
    struct haproxy_roundrobin_state *state = memory;
    haproxy_wheel_init(&state->wheel, view->capacity, arena);
    state->wheel.requeues = ((const struct haproxy_roundrobin_config *)config)->reweighed > 0;
}

static void haproxy_roundrobin_update(void *memory, const struct view *view, struct rng *rng)
{
    (void)rng;
    struct haproxy_roundrobin_state *state = memory;
    for (backend_id i = 0; i < view->count; i++) {
        uint32_t weight = haproxy_weight(view, i);
        if (weight != state->wheel.servers[i].weight)
            haproxy_wheel_set(&state->wheel, i, weight);
    }
    haproxy_wheel_start(&state->wheel);
}

static backend_id haproxy_roundrobin_pick(void *memory, const struct view *view,
                                          const struct request *request, struct rng *rng)
{
    (void)rng;
    struct haproxy_roundrobin_state *state = memory;
    backend_id avoid = haproxy_avoided(request);
    backend_id pick = haproxy_wheel_take(&state->wheel, view->is_eligible, avoid);
    return pick != NO_BACKEND ? pick : haproxy_drained(view, avoid);
}

const struct policy_ops policy_haproxy_roundrobin = {
    .kind = {.name = "haproxy.roundrobin",
             .summary = "Weighted round robin by positions, weights change live",
             .params = haproxy_roundrobin_params,
             .config_size = sizeof(struct haproxy_roundrobin_config)},
    .traits = POLICY_WEIGHTED | POLICY_WAITS,
    .tie_rule = "the heavier, then who was queued first",
    .differs = HAPROXY_DRAINED_DIFFERS,
    .cost = "O(log n) a pick; O(n) a change",
    .source = "HAProxy src/lb_fwrr.c",
    .state_size = sizeof(struct haproxy_roundrobin_state),
    .init = haproxy_roundrobin_init,
    .update = haproxy_roundrobin_update,
    .pick = haproxy_roundrobin_pick,
};
