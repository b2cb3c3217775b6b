/* SPDX-License-Identifier: GPL-3.0-or-later
   Of nobody, and of pods whose capacity is unknown, NaN. */
#include "sim/report/metric_load.h"

#include <math.h>

/* The shares of capacity; NULL: unknown. */
static const struct moments *metric_load_shares(const struct summary *summary)
{
    return summary->load.unknown ? NULL : &summary->load.utilisation;
}

double metric_load_utilisation(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    const struct moments *shares = metric_load_shares(summary);
    return shares == NULL ? NAN : moments_mean(shares) * SUMMARY_SHARE_UNIT;
}

double metric_load_utilisation_max(const struct metric_row *row,
                                   const struct summary *summary)
{
    (void)row;
    const struct moments *shares = metric_load_shares(summary);
    if (shares == NULL || shares->count == 0)
        return NAN;
    return (double)shares->largest * SUMMARY_SHARE_UNIT;
}

double metric_load_jain_requests(const struct metric_row *row,
                                 const struct summary *summary)
{
    (void)row;
    return moments_jain(&summary->load.requests);
}

double metric_load_jain_utilisation(const struct metric_row *row,
                                    const struct summary *summary)
{
    (void)row;
    const struct moments *shares = metric_load_shares(summary);
    return shares == NULL ? NAN : moments_jain(shares);
}

double metric_load_jain_floor(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    const struct moments *requests = &summary->load.requests;
    if (requests->sum == 0)
        return NAN;
    return 1 / (1 + (double)(requests->count - 1) / (double)requests->sum);
}

static double metric_load_peak(const struct moments *moments)
{
    if (moments == NULL || moments->sum == 0)
        return NAN;
    return (double)moments->largest / moments_mean(moments);
}

double metric_load_peak_requests(const struct metric_row *row,
                                 const struct summary *summary)
{
    (void)row;
    return metric_load_peak(&summary->load.requests);
}

double metric_load_peak_utilisation(const struct metric_row *row,
                                    const struct summary *summary)
{
    (void)row;
    return metric_load_peak(metric_load_shares(summary));
}

double metric_load_cv_requests(const struct metric_row *row, const struct summary *summary)
{
    (void)row;
    return moments_cv(&summary->load.requests);
}

double metric_load_cv_utilisation(const struct metric_row *row,
                                  const struct summary *summary)
{
    (void)row;
    const struct moments *shares = metric_load_shares(summary);
    return shares == NULL ? NAN : moments_cv(shares);
}
