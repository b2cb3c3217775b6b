/* SPDX-License-Identifier: GPL-3.0-or-later
   Divisions round down in Envoy's order.  Two things differ: a zone without healthy hosts is
   never forced (Envoy finds nobody in it), and zones stand as the caller has them. */
#include "models/zone_aware.h"

/* What all zones have together. */
struct zone_aware_sums {
    uint32_t healthy, callers, host_zones, caller_zones;
};

static struct zone_aware_sums zone_aware_add(const struct zone_aware_zone *zones,
                                             uint32_t count)
{
    struct zone_aware_sums sums = {0};
    for (uint32_t i = 0; i < count; i++) {
        sums.healthy += zones[i].healthy;
        sums.callers += zones[i].callers;
        sums.host_zones += zones[i].hosts > 0;
        sums.caller_zones += zones[i].callers > 0;
    }
    return sums;
}

static uint32_t zone_aware_share(uint32_t part, uint32_t whole)
{
    return whole > 0 ? (uint32_t)((uint64_t)ZONE_AWARE_WHOLE * part / whole) : 0;
}

static bool zone_aware_is_on(const struct zone_aware_config *config,
                             const struct zone_aware_sums *sums, uint32_t own)
{
    if (own == ZONE_AWARE_ANY || sums->host_zones < 2)
        return false;
    if (sums->caller_zones < 2 && !config->force_locality_direct_routing)
        return false;
    return sums->healthy >= config->min_cluster_size;
}

/* How much of what comes in the own zone stays there. */
static uint32_t zone_aware_local(const struct zone_aware_config *config,
                                 const struct zone_aware_zone *zone,
                                 const struct zone_aware_sums *sums)
{
    uint32_t upstream = zone_aware_share(zone->healthy, sums->healthy);
    uint32_t callers = zone_aware_share(zone->callers, sums->callers);
    bool forced = config->force_locality_direct_routing && zone->healthy > 0;
    if ((upstream > 0 && upstream >= callers) || forced)
        return ZONE_AWARE_WHOLE;
    return callers > 0 ? zone_aware_share(upstream, callers) : 0;
}

void zone_aware_find(const struct zone_aware_config *config,
                     const struct zone_aware_zone *zones, uint32_t count, uint32_t own,
                     struct zone_aware_routes *routes)
{
    struct zone_aware_sums sums = zone_aware_add(zones, count);
    routes->count = count;
    routes->enabled = (uint32_t)(100 * config->routing_enabled + 0.5);
    routes->is_on = zone_aware_is_on(config, &sums, own);
    if (!routes->is_on)
        return;
    routes->own = zones[own].hosts > 0 ? own : ZONE_AWARE_ANY;
    routes->local =
        routes->own != ZONE_AWARE_ANY ? zone_aware_local(config, &zones[own], &sums) : 0;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t upstream = zone_aware_share(zones[i].healthy, sums.healthy);
        uint32_t callers = zone_aware_share(zones[i].callers, sums.callers);
        if (i != routes->own && upstream > callers)
            sum += upstream - callers;
        routes->residual[i] = sum;
    }
}

uint32_t zone_aware_choose(const struct zone_aware_routes *routes, struct rng *rng)
{
    if (!routes->is_on || (routes->enabled < 100 && rng_below(rng, 100) >= routes->enabled))
        return ZONE_AWARE_ANY;
    if (routes->local == ZONE_AWARE_WHOLE || rng_below(rng, ZONE_AWARE_WHOLE) < routes->local)
        return routes->own;
    uint32_t last = routes->residual[routes->count - 1];
    if (last == 0) /* all of it was lost in rounding */
        return (uint32_t)rng_below(rng, routes->count);
    uint64_t ticket = rng_below(rng, last);
    uint32_t zone = 0;
    while (ticket >= routes->residual[zone])
        zone++;
    return zone;
}
