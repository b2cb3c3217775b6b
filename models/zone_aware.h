/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's zone-aware routing: a balancer keeps what it can in its own zone and sends the rest
   where there is more of the pods than of the callers.  Whole 1/10,000, as in
   source/extensions/load_balancing_policies/common/load_balancer_impl.cc. */
#ifndef MODELS_ZONE_AWARE_H
#define MODELS_ZONE_AWARE_H

#include "sim/engine/rng.h"

#include <stdbool.h>
#include <stdint.h>

enum { ZONE_AWARE_WHOLE = 10000 };
#define ZONE_AWARE_ANY UINT32_MAX /* no zone is chosen: all hosts are */

struct zone_aware_config {
    uint64_t min_cluster_size; /* with fewer healthy hosts there is no such routing */
    double routing_enabled;    /* share of the requests, used in whole percents */
    bool force_locality_direct_routing;
    bool fail_traffic_on_panic; /* the caller's to heed */
};

/* One zone as an instance sees it. */
struct zone_aware_zone {
    uint32_t hosts, healthy; /* hosts are all, healthy or not */
    uint32_t callers;        /* instances of the tier */
};

struct zone_aware_routes {
    bool is_on;         /* false: nothing but ZONE_AWARE_ANY is chosen */
    uint32_t enabled;   /* percent */
    uint32_t own;       /* the own zone; ZONE_AWARE_ANY where no host is in it */
    uint32_t local;     /* 10,000ths that stay there */
    uint32_t count;     /* zones */
    uint32_t *residual; /* by zone, owned by the caller: what it can take beside its own in
                           10,000ths, with all before it */
};

/* Finds out `routes` but for residual's memory; `own` is the instance's zone, with at least
   one caller, or ZONE_AWARE_ANY. */
void zone_aware_find(const struct zone_aware_config *config,
                     const struct zone_aware_zone *zones, uint32_t count, uint32_t own,
                     struct zone_aware_routes *routes);

/* The zone of one request, or ZONE_AWARE_ANY. */
uint32_t zone_aware_choose(const struct zone_aware_routes *routes, struct rng *rng);

#endif
