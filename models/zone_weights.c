/* SPDX-License-Identifier: GPL-3.0-or-later
   Tables size themselves by the least weight, so that a host without one must not be in them
   at all.  Products and quotients are in Envoy's order. */
#include "models/zone_weights.h"

#include <string.h>

/* Where zones do not count: tables round weights that are no parts of a whole. */
static const double zone_weights_grain = 1e9;

/* The host weights that are up in each zone; returns what zones with members are given in all, 0
   where nobody is up in any of them. */
static double zone_weights_add(const struct zone_weights *weights, const struct view *view,
                               const uint8_t *part)
{
    double given = 0;
    bool any = false;
    memset(weights->sums, 0, weights->zone_count * sizeof *weights->sums);
    memset(weights->has_members, 0, weights->zone_count);
    for (backend_id i = 0; i < view->count; i++) {
        if (!part[i] || !view->is_member[i])
            continue;
        uint32_t zone = weights->zone_of[i];
        weights->has_members[zone] = 1;
        weights->sums[zone] += view->is_up[i] ? view->backends[i].weight : 0;
    }
    for (uint32_t zone = 0; zone < weights->zone_count; zone++) {
        if (!weights->has_members[zone] || weights->given[zone] <= 0)
            continue;
        given += weights->given[zone];
        any = any || weights->sums[zone] > 0;
    }
    return any ? given : 0;
}

double zone_weights_merge(const struct zone_weights *weights, const struct view *view,
                          const uint8_t *part, struct backend *list)
{
    double all = zone_weights_add(weights, view, part);
    for (backend_id i = 0; i < view->count; i++) {
        if (!part[i])
            continue;
        uint32_t zone = weights->zone_of[i];
        double sum = weights->sums[zone], own = view->backends[i].weight;
        if (all == 0)
            list[i].weight = zone_weights_grain * own / (sum > 0 ? sum : 1);
        else if (sum > 0 && weights->given[zone] > 0)
            list[i].weight = own * (weights->given[zone] / all) / sum;
        else
            list[i].weight = 0;
    }
    return all > 0 ? 1 : 0;
}
