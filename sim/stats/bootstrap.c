/* SPDX-License-Identifier: GPL-3.0-or-later
   A resample that happens to be all one value has no t; its mean says on which side it is, so
   it counts as infinitely far there. */
#include "sim/stats/bootstrap.h"

#include "sim/engine/check.h"
#include "sim/engine/rng.h"
#include "sim/stats/sample.h"

#include <math.h>
#include <stdlib.h>

static int bootstrap_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double bootstrap_t(const double *values, size_t count, double mean)
{
    double off = sample_mean(values, count) - mean;
    double error = sqrt(sample_variance(values, count) / (double)count);
    return error > 0 ? off / error : off == 0 ? 0 : copysign(INFINITY, off);
}

void bootstrap_interval(const double *values, size_t count, double level, double *low,
                        double *high)
{
    *low = *high = NAN;
    double mean = sample_mean(values, count);
    double error = sqrt(sample_variance(values, count) / (double)count);
    if (count < 3 || !(error > 0))
        return;
    struct rng rng;
    rng_open(&rng, 0, "bootstrap", count);
    double *drawn = memory_take(count, sizeof *drawn);
    double *t = memory_take(BOOTSTRAP_RESAMPLES, sizeof *t);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        for (size_t k = 0; k < count; k++)
            drawn[k] = values[rng_below(&rng, count)];
        t[i] = bootstrap_t(drawn, count, mean);
    }
    qsort(t, BOOTSTRAP_RESAMPLES, sizeof *t, bootstrap_compare);
    /* The k-th of B stands for the quantile k / (B + 1). */
    size_t tail = (size_t)((1 - level) / 2 * (BOOTSTRAP_RESAMPLES + 1) + 0.5);
    *low = mean - t[BOOTSTRAP_RESAMPLES - tail] * error;
    *high = mean - t[tail - 1] * error;
    free(drawn);
    free(t);
}
