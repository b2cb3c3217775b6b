/* SPDX-License-Identifier: GPL-3.0-or-later
   The exponential of a normal: what service times of mixed work look like. */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

#include <math.h>

struct dist_lognormal {
    double mean, cv;
    double sigma, scale; /* by check: of the normal, and the median */
};

static const struct param dist_lognormal_params[] = {
    {"mean", PARAM_QUANTITY, PARAM_FIELD(struct dist_lognormal, mean, double),
     .max = DIST_LARGEST, .help = "mean"},
    {"cv", PARAM_NUMBER, PARAM_FIELD(struct dist_lognormal, cv, double), .max = 1000,
     .help = "standard deviation over mean"},
    PARAM_END,
};

static bool dist_lognormal_check(void *config, struct arena *arena, char *message,
                                 size_t size)
{
    (void)arena;
    (void)message;
    (void)size;
    struct dist_lognormal *dist = config;
    double square = dist->cv * dist->cv, whole = 1 + square;
    /* log(1 + square), with what the sum has lost put back (Kahan). */
    double variance =
        whole == 1 ? square : sampler_log(whole) * (square / (whole - 1));
    dist->sigma = sqrt(variance);
    dist->scale = dist->mean * sampler_exp(-0.5 * variance);
    return true;
}

static double dist_lognormal_mean(const void *config)
{
    const struct dist_lognormal *dist = config;
    return dist->mean;
}

static double dist_lognormal_variance(const void *config)
{
    const struct dist_lognormal *dist = config;
    double deviation = dist->cv * dist->mean;
    return deviation * deviation;
}

static void dist_lognormal_draw(const void *config, struct rng *rng, double *out,
                                size_t count)
{
    const struct dist_lognormal *dist = config;
    double sigma = dist->sigma, scale = dist->scale;
    for (size_t i = 0; i < count; i++)
        out[i] = scale * sampler_exp(sigma * sampler_normal(rng));
}

const struct dist_ops dist_lognormal = {
    .kind = {.name = "lognormal",
             .summary = "exponential of a normal; the usual shape of service times",
             .params = dist_lognormal_params,
             .config_size = sizeof(struct dist_lognormal),
             .check = dist_lognormal_check},
    .mean = dist_lognormal_mean,
    .variance = dist_lognormal_variance,
    .draw = dist_lognormal_draw,
};
