/* SPDX-License-Identifier: GPL-3.0-or-later
   Tables round weights to whole numbers and size themselves by the least, so that a host
   without a weight must not be in them at all. */
#include "models/zone_weights.h"

#include <string.h>

static const double zone_weights_whole = 1e9;

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
        double sum = weights->sums[zone] > 0 ? weights->sums[zone] : 1;
        double share = 1;
        if (all > 0)
            share = weights->sums[zone] > 0 && weights->given[zone] > 0
                        ? weights->given[zone] / all
                        : 0;
        list[i].weight = zone_weights_whole * share * view->backends[i].weight / sum;
    }
    return all > 0 ? zone_weights_whole : 0;
}
