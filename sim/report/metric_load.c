/* SPDX-License-Identifier: GPL-3.0-or-later
   The figures of load, from moments over pods.  Those of utilisation are unknown where the
   capacity of a pod is. */
#include "sim/report/metric_load.h"

#include <math.h>

/* What even random dispatch would get on average. */
static double metric_load_floor(const struct moments *requests)
{
    if (requests->sum == 0)
        return NAN;
    return 1 / (1 + (double)(requests->count - 1) / (double)requests->sum);
}

double metric_load_peak(const struct moments *moments)
{
    if (moments->sum == 0)
        return NAN;
    return (double)moments->largest / moments_mean(moments);
}

static double metric_load_largest(const struct moments *shares)
{
    return shares->count > 0 ? (double)shares->largest * SUMMARY_SHARE_UNIT : NAN;
}

double metric_load_value(const struct metric_row *row, const struct summary *summary)
{
    const struct moments *requests = &summary->load.requests;
    const struct moments *shares = &summary->load.utilisation;
    bool unknown = summary->load.unknown;
    switch ((enum metric_load)row->item) {
    case LOAD_UTILISATION: return unknown ? NAN : moments_mean(shares) * SUMMARY_SHARE_UNIT;
    case LOAD_UTILISATION_MAX: return unknown ? NAN : metric_load_largest(shares);
    case LOAD_JAIN_REQUESTS: return moments_jain(requests);
    case LOAD_JAIN_UTILISATION: return unknown ? NAN : moments_jain(shares);
    case LOAD_JAIN_FLOOR: return metric_load_floor(requests);
    case LOAD_PEAK_REQUESTS: return metric_load_peak(requests);
    case LOAD_PEAK_UTILISATION: return unknown ? NAN : metric_load_peak(shares);
    case LOAD_CV_REQUESTS: return moments_cv(requests);
    case LOAD_CV_UTILISATION: return unknown ? NAN : moments_cv(shares);
    }
    return NAN;
}
