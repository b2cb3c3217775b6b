/* SPDX-License-Identifier: GPL-3.0-or-later
   From the moments over instances and over pods. */
#include "sim/report/metric_fleet.h"

#include "sim/report/metric_load.h"

#include <math.h>

double metric_fleet_value(const struct metric_row *row, const struct summary *summary)
{
    const struct fleet_count *fleet = &summary->fleet;
    const struct moments *pods = &fleet->pairs.pods, *balancers = &fleet->pairs.balancers;
    if (row->item >= FLEET_PODS && pods->count == 0)
        return NAN;
    switch ((enum metric_fleet)row->item) {
    case FLEET_BALANCERS: return fleet->instances;
    case FLEET_JAIN: return moments_jain(&fleet->requests);
    case FLEET_PEAK: return metric_load_peak(&fleet->requests);
    case FLEET_PODS: return moments_mean(pods);
    case FLEET_PODS_MOST: return (double)pods->largest;
    case FLEET_BALANCERS_OF_POD: return moments_mean(balancers);
    case FLEET_BALANCERS_LEAST: return (double)fleet->pairs.balancers_least;
    case FLEET_BALANCERS_MOST: return (double)balancers->largest;
    }
    return NAN;
}

double metric_fleet_links(const struct metric_row *row, const struct summary *summary)
{
    const struct churn_pairs *pairs = &summary->churn.pairs;
    switch ((enum metric_links)row->item) {
    case LINKS_OPENED: return (double)pairs->opened / (double)pairs->after;
    case LINKS_CLOSED: return (double)pairs->closed / (double)pairs->before;
    case LINKS_NEEDLESS: return (double)pairs->needless / (double)pairs->before;
    }
    return NAN;
}
