/* SPDX-License-Identifier: GPL-3.0-or-later
   The least is a fact for removed pods, whose keys are known, and an expectation for the rest:
   an even load takes from each pod that stays what its share shrinks by. */
#include "sim/cli/churn_figures.h"

#include <math.h>
#include <string.h>

static bool churn_figures_is_there(const struct churn_mapping *mapping, bool after,
                                   uint32_t pod)
{
    return after ? !mapping->is_removed[pod] : pod < mapping->first_count;
}

static double churn_figures_weight(const struct churn_mapping *mapping, bool after,
                                   uint32_t pod)
{
    if (!churn_figures_is_there(mapping, after, pod))
        return 0;
    return mapping->weighted ? mapping->pods[pod].weight : 1;
}

static double churn_figures_total(const struct churn_mapping *mapping, bool after)
{
    double total = 0;
    for (uint32_t i = 0; i < mapping->pod_count; i++)
        total += churn_figures_weight(mapping, after, i);
    return total;
}

/* What the pods that stay cede in sum, as a share of all. */
static double churn_figures_ceded(const struct churn_mapping *mapping)
{
    double before = churn_figures_total(mapping, false);
    double after = churn_figures_total(mapping, true), ceded = 0;
    if (!(before > 0 && after > 0))
        return 0;
    for (uint32_t i = 0; i < mapping->first_count; i++) {
        if (mapping->is_removed[i])
            continue;
        double fall = churn_figures_weight(mapping, false, i) / before -
                      churn_figures_weight(mapping, true, i) / after;
        ceded += fall > 0 ? fall : 0;
    }
    return ceded;
}

struct churn_figures churn_figures_make(const struct churn_mapping *mapping)
{
    struct churn_figures figures = {0};
    uint64_t forced = 0;
    for (uint64_t i = 0; i < mapping->key_count; i++) {
        backend_id before = mapping->before[i], after = mapping->after[i];
        figures.nowhere_before += before == NO_BACKEND;
        figures.nowhere_after += after == NO_BACKEND;
        figures.moved += before != after;
        bool stays = before != NO_BACKEND && !mapping->is_removed[before];
        forced += !stays;
        figures.among += stays && before != after && after != NO_BACKEND &&
                         after < mapping->first_count;
    }
    figures.least = (double)forced + churn_figures_ceded(mapping) * (double)mapping->key_count;
    return figures;
}

void churn_figures_count(const struct churn_mapping *mapping, bool after, uint64_t *counts)
{
    const backend_id *picks = after ? mapping->after : mapping->before;
    memset(counts, 0, mapping->pod_count * sizeof *counts);
    for (uint64_t i = 0; i < mapping->key_count; i++)
        if (picks[i] != NO_BACKEND)
            counts[picks[i]]++;
}

double churn_figures_peak(const struct churn_mapping *mapping, bool after,
                          const uint64_t *counts)
{
    double total = churn_figures_total(mapping, after), peak = NAN;
    for (uint32_t i = 0; i < mapping->pod_count; i++) {
        double weight = churn_figures_weight(mapping, after, i);
        if (weight > 0)
            peak = fmax(peak, (double)counts[i] * total / weight / (double)mapping->key_count);
    }
    return peak;
}
