/* SPDX-License-Identifier: GPL-3.0-or-later
   kube-proxy's first mode, a proxy in user space: round robin over the endpoints in shuffled
   order, shuffled anew and begun again whenever one comes or goes.  A connection that cannot be
   made takes the next: that is the retry of the host.
   Kubernetes until 1.25, pkg/proxy/userspace/roundrobin.go. */
#include "models/policy.h"

struct kube_proxy_userspace_config {
    bool shuffle;
};

struct kube_proxy_userspace_state {
    bool shuffle;
    backend_id *endpoints;
    uint8_t *is_listed; /* by backend_id */
    uint32_t count, next;
};

static const struct param kube_proxy_userspace_params[] = {
    {.key = "shuffle", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct kube_proxy_userspace_config, shuffle, bool),
     .fallback = "true", .help = "puts the endpoints in random order when they change, as the "
                                 "product does; false keeps the order of the list"},
    PARAM_END,
};

static void kube_proxy_userspace_init(void *memory, const void *config,
                                      const struct view *view, struct rng *rng,
                                      struct arena *arena)
{
    (void)rng;
    struct kube_proxy_userspace_state *state = memory;
    state->shuffle = ((const struct kube_proxy_userspace_config *)config)->shuffle;
    state->endpoints = arena_take(arena, view->capacity, sizeof *state->endpoints);
    state->is_listed = arena_take(arena, view->capacity, sizeof *state->is_listed);
}

static void kube_proxy_userspace_shuffle(struct kube_proxy_userspace_state *state,
                                         struct rng *rng)
{
    for (uint32_t i = state->count; i > 1; i--) {
        uint32_t other = (uint32_t)rng_below(rng, i);
        backend_id endpoint = state->endpoints[i - 1];
        state->endpoints[i - 1] = state->endpoints[other];
        state->endpoints[other] = endpoint;
    }
}

static void kube_proxy_userspace_update(void *memory, const struct view *view,
                                        struct rng *rng)
{
    struct kube_proxy_userspace_state *state = memory;
    bool changed = false;
    for (backend_id i = 0; i < view->count; i++)
        changed |= state->is_listed[i] != view->is_up[i];
    if (!changed)
        return;
    state->count = state->next = 0;
    for (backend_id i = 0; i < view->count; i++) {
        state->is_listed[i] = view->is_up[i];
        if (view->is_up[i])
            state->endpoints[state->count++] = i;
    }
    if (state->shuffle)
        kube_proxy_userspace_shuffle(state, rng);
}

static backend_id kube_proxy_userspace_pick(void *memory, const struct view *view,
                                            const struct request *request, struct rng *rng)
{
    (void)request, (void)rng;
    struct kube_proxy_userspace_state *state = memory;
    backend_id pick;
    do {
        pick = state->endpoints[state->next];
        state->next = state->next + 1 < state->count ? state->next + 1 : 0;
    } while (!view->is_eligible[pick]);
    return pick;
}

const struct policy_ops policy_kube_proxy_userspace = {
    .kind = {.name = "kube_proxy.userspace",
             .summary = "kube-proxy, userspace: each in turn, shuffled when members change",
             .params = kube_proxy_userspace_params,
             .config_size = sizeof(struct kube_proxy_userspace_config)},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(1) a pick; O(n) a change",
    .source = "kubernetes/pkg/proxy/userspace/roundrobin.go",
    .state_size = sizeof(struct kube_proxy_userspace_state),
    .init = kube_proxy_userspace_init,
    .update = kube_proxy_userspace_update,
    .pick = kube_proxy_userspace_pick,
};
