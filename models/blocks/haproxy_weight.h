/* SPDX-License-Identifier: GPL-3.0-or-later
   Weights as HAProxy's dynamic algorithms count them: in sixteenths, up to 256, and 0 for
   servers that are down.  include/haproxy/server-t.h, backend-t.h */
#ifndef MODELS_BLOCKS_HAPROXY_WEIGHT_H
#define MODELS_BLOCKS_HAPROXY_WEIGHT_H

#include "models/policy.h"

enum { HAPROXY_WEIGHT_SCALE = 16, HAPROXY_WEIGHT_MOST = 256 * HAPROXY_WEIGHT_SCALE };

/* A positive weight is never rounded to 0. */
static inline uint32_t haproxy_weight(const struct view *view, backend_id backend)
{
    double weight = view->backends[backend].weight * HAPROXY_WEIGHT_SCALE + 0.5;
    if (!view->is_up[backend] || view->backends[backend].weight <= 0)
        return 0;
    if (weight >= HAPROXY_WEIGHT_MOST)
        return HAPROXY_WEIGHT_MOST;
    return weight < 1 ? 1 : (uint32_t)weight;
}

/* Whom a redispatched request should not meet again: the one it tried last. */
static inline backend_id haproxy_avoided(const struct request *request)
{
    return request->tried_count > 0 ? request->tried[request->tried_count - 1] : NO_BACKEND;
}

/* When only servers of weight 0 may be picked: nobody while those with a weight are full, as
   the request waits in the backend's queue; else, with no weight anywhere, the first. */
static inline backend_id haproxy_drained(const struct view *view, backend_id avoided)
{
    for (backend_id i = 0; i < view->count; i++)
        if (view->is_up[i] && view->backends[i].weight > 0)
            return NO_BACKEND;
    backend_id first = view_eligible(view, 0);
    return first == avoided && view->eligible_count > 1 ? view_eligible(view, 1) : first;
}

#define HAPROXY_DRAINED_DIFFERS                                                            \
    "with no weight but 0 anywhere a server of weight 0 is picked, where HAProxy answers 503"

#endif
