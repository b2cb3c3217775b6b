/* SPDX-License-Identifier: GPL-3.0-or-later
   Student's t over replications.  The t quantile is GSL's. */
#include "sim/stats/interval.h"

#include "sim/stats/sample.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double interval_t(double level, size_t degrees)
{
    return degrees == 0 ? NAN : gsl_cdf_tdist_Pinv(0.5 + level / 2, (double)degrees);
}

struct interval interval_of(double pooled, const double *values, size_t count)
{
    struct interval interval = {.value = pooled, .low = NAN, .high = NAN};
    if (count < INTERVAL_REPLICATIONS_MIN || !isfinite(pooled))
        return interval;
    double error = sqrt(sample_variance(values, count) / (double)count);
    if (!isfinite(error)) /* a value was missing */
        return interval;
    double half = interval_t(INTERVAL_LEVEL, count - 1) * error;
    interval.low = pooled - half;
    interval.high = pooled + half;
    return interval;
}

double interval_evidence(const double *exceedances, size_t count)
{
    if (count == 0)
        return 0;
    double mean = sample_mean(exceedances, count);
    double dispersion = 1;
    if (count > 1 && mean > 0)
        dispersion = fmax(1, sample_variance(exceedances, count) / mean);
    return mean * (double)count / dispersion;
}
