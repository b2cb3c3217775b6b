/* SPDX-License-Identifier: GPL-3.0-or-later
   kube-proxy over iptables: a chain of rules, of which number i of n (from 0) matches with
   probability 1 / (n - i) and the last always, so that all are equal up to the digits that
   kube-proxy prints.  The kernel compares 31 random bits with the probability times 2^31.
   pkg/proxy/iptables/proxier.go; Linux, net/netfilter/xt_statistic.c. */
#include "models/policy.h"

enum { KUBE_PROXY_IPTABLES_DIGITS_MAX = 15 };
#define KUBE_PROXY_IPTABLES_ONE (UINT32_C(1) << 31)

struct kube_proxy_iptables_config {
    uint64_t digits;
};

struct kube_proxy_iptables_state {
    uint32_t *bound; /* by how many are left: matches below it */
};

static const struct param kube_proxy_iptables_params[] = {
    {.key = "digits", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct kube_proxy_iptables_config, digits, uint64_t),
     .fallback = "10", .min = 1, .max = KUBE_PROXY_IPTABLES_DIGITS_MAX,
     .help = "decimal places of a probability as printed; 5 before Kubernetes 1.15"},
    PARAM_END,
};

/* What iptables makes of the text "%0.<digits>f" of 1 / left: 31 binary places, rounded. */
static uint32_t kube_proxy_iptables_bound(uint64_t left, uint64_t digits)
{
    uint64_t scale = 1;
    for (uint64_t i = 0; i < digits; i++)
        scale *= 10;
    uint64_t printed = scale / left, rest = scale % left;
    printed += 2 * rest > left || (2 * rest == left && printed % 2 == 1);
    return (uint32_t)((double)printed / (double)scale * KUBE_PROXY_IPTABLES_ONE + 0.5);
}

static void kube_proxy_iptables_init(void *memory, const void *config,
                                     const struct view *view, struct rng *rng,
                                     struct arena *arena)
{
    (void)rng;
    struct kube_proxy_iptables_state *state = memory;
    uint64_t digits = ((const struct kube_proxy_iptables_config *)config)->digits;
    state->bound = arena_take(arena, view->capacity + 1, sizeof *state->bound);
    for (uint32_t left = 2; left <= view->capacity; left++)
        state->bound[left] = kube_proxy_iptables_bound(left, digits);
}

static backend_id kube_proxy_iptables_pick(void *memory, const struct view *view,
                                           const struct request *request, struct rng *rng)
{
    (void)request;
    const struct kube_proxy_iptables_state *state = memory;
    uint32_t left = view->eligible_count;
    for (; left > 1; left--)
        if (rng_below(rng, KUBE_PROXY_IPTABLES_ONE) < state->bound[left])
            break;
    return view_eligible(view, view->eligible_count - left);
}

const struct policy_ops policy_kube_proxy_iptables = {
    .kind = {.name = "kube_proxy.iptables",
             .summary = "kube-proxy, iptables: random, by a cascade of probabilities",
             .params = kube_proxy_iptables_params,
             .config_size = sizeof(struct kube_proxy_iptables_config)},
    .traits = POLICY_UNWEIGHTED,
    .cost = "O(n) a pick; nothing a change",
    .source = "kubernetes/pkg/proxy/iptables/proxier.go",
    .state_size = sizeof(struct kube_proxy_iptables_state),
    .init = kube_proxy_iptables_init,
    .pick = kube_proxy_iptables_pick,
};
