/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy first: the first server of the list that is not full, so that the last ones may be
   switched off.  Without a limit on requests in flight the first server gets all.
   HAProxy: src/lb_fas.c */
#include "models/blocks/haproxy_weight.h"

/* Servers of weight 0 are draining: only when there are no others. */
static backend_id haproxy_first_pick(void *memory, const struct view *view,
                                     const struct request *request, struct rng *rng)
{
    (void)memory, (void)rng;
    backend_id avoid = haproxy_avoided(request), avoided = NO_BACKEND;
    for (uint32_t i = 0; i < view->eligible_count; i++) {
        backend_id backend = view_eligible(view, i);
        if (view->backends[backend].weight <= 0)
            continue;
        if (backend != avoid)
            return backend;
        avoided = backend;
    }
    return avoided != NO_BACKEND ? avoided : haproxy_drained(view, avoid);
}

const struct policy_ops policy_haproxy_first = {
    .kind = {.name = "haproxy.first", .summary = "The first of the list that is not full"},
    .traits = POLICY_UNWEIGHTED | POLICY_WAITS,
    .differs = HAPROXY_DRAINED_DIFFERS,
    .cost = "O(1) a pick; nothing a change",
    .source = "HAProxy src/lb_fas.c",
    .pick = haproxy_first_pick,
};
