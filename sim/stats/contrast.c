/* SPDX-License-Identifier: GPL-3.0-or-later
   All is done on one scale, that of logarithms or that of the values, and transformed at the
   end.  The t distribution is GSL's. */
#include "sim/stats/contrast.h"

#include "sim/engine/check.h"
#include "sim/stats/bootstrap.h"
#include "sim/stats/interval.h"
#include "sim/stats/sample.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static bool contrast_is_positive(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(values[i] > 0))
            return false;
    return true;
}

static double contrast_shown(const struct contrast *contrast, double value)
{
    return contrast->is_ratio ? exp(value) : value;
}

/* Two-sided; without any spread a difference is certain, or there is none. */
static double contrast_p(const struct contrast *contrast)
{
    if (contrast->error == 0)
        return contrast->center == 0 ? 1 : 0;
    double t = fabs(contrast->center) / contrast->error;
    return 2 * gsl_cdf_tdist_Q(t, contrast->degrees);
}

void contrast_interval(const struct contrast *contrast, double level, double *low,
                       double *high)
{
    *low = *high = NAN;
    if (isnan(contrast->p))
        return;
    double half = 0;
    if (contrast->error > 0)
        half = contrast->error * gsl_cdf_tdist_Pinv(0.5 + level / 2, contrast->degrees);
    *low = contrast_shown(contrast, contrast->center - half);
    *high = contrast_shown(contrast, contrast->center + half);
}

/* From center, error and degrees to all else; `enough` replications for an interval. */
static void contrast_finish(struct contrast *contrast, bool enough)
{
    contrast->low = contrast->high = contrast->p = NAN;
    contrast->boot_low = contrast->boot_high = NAN;
    contrast->value = contrast_shown(contrast, contrast->center);
    if (!isfinite(contrast->value))
        contrast->value = NAN;
    if (!enough || !isfinite(contrast->center) || !isfinite(contrast->error))
        return;
    contrast->p = contrast_p(contrast);
    contrast_interval(contrast, INTERVAL_LEVEL, &contrast->low, &contrast->high);
}

struct contrast contrast_paired(const double *baseline, const double *candidate, size_t count)
{
    struct contrast contrast = {.is_ratio = contrast_is_positive(baseline, count) &&
                                            contrast_is_positive(candidate, count)};
    double *steps = memory_take(count + 1, sizeof *steps);
    for (size_t i = 0; i < count; i++)
        steps[i] = contrast.is_ratio ? log(candidate[i] / baseline[i])
                                     : candidate[i] - baseline[i];
    contrast.center = sample_mean(steps, count);
    contrast.error = sqrt(sample_variance(steps, count) / (double)count);
    contrast.degrees = (double)count - 1;
    contrast_finish(&contrast, count >= INTERVAL_REPLICATIONS_MIN);
    if (!isnan(contrast.p))
        contrast.skewness = sample_skewness(steps, count);
    if (fabs(contrast.skewness) > CONTRAST_SKEWNESS_MAX) {
        bootstrap_interval(steps, count, INTERVAL_LEVEL, &contrast.boot_low,
                           &contrast.boot_high);
        contrast.boot_low = contrast_shown(&contrast, contrast.boot_low);
        contrast.boot_high = contrast_shown(&contrast, contrast.boot_high);
    }
    free(steps);
    return contrast;
}

/* Mean and squared standard error of one side. */
static void contrast_side(const double *values, size_t count, bool logs, double *mean,
                          double *square)
{
    double *scaled = memory_take(count + 1, sizeof *scaled);
    for (size_t i = 0; i < count; i++)
        scaled[i] = logs ? log(values[i]) : values[i];
    *mean = sample_mean(scaled, count);
    *square = sample_variance(scaled, count) / (double)count;
    free(scaled);
}

struct contrast contrast_unpaired(const double *baseline, size_t baseline_count,
                                  const double *candidate, size_t candidate_count)
{
    struct contrast contrast = {
        .is_ratio = contrast_is_positive(baseline, baseline_count) &&
                    contrast_is_positive(candidate, candidate_count)};
    double a, a_square, b, b_square;
    contrast_side(baseline, baseline_count, contrast.is_ratio, &a, &a_square);
    contrast_side(candidate, candidate_count, contrast.is_ratio, &b, &b_square);
    double square = a_square + b_square;
    contrast.center = b - a;
    contrast.error = sqrt(square);
    /* Welch and Satterthwaite. */
    contrast.degrees = square * square / (a_square * a_square / ((double)baseline_count - 1) +
                                          b_square * b_square / ((double)candidate_count - 1));
    contrast_finish(&contrast, baseline_count >= INTERVAL_REPLICATIONS_MIN &&
                                   candidate_count >= INTERVAL_REPLICATIONS_MIN);
    return contrast;
}

double contrast_equivalence(const struct contrast *contrast, double margin, double scale)
{
    double edge = contrast->is_ratio ? log1p(margin) : margin * fabs(scale);
    if (isnan(contrast->p))
        return NAN;
    double room = edge - fabs(contrast->center); /* to the nearer edge */
    if (contrast->error == 0)
        return room >= 0 ? 0 : 1;
    return gsl_cdf_tdist_Q(room / contrast->error, contrast->degrees);
}
