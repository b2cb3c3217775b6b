/* SPDX-License-Identifier: GPL-3.0-or-later
   A power of an exponential.  Shapes below 1 stretch the tail, above 1 shorten it. */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

struct dist_weibull {
    double shape, mean;
    double power, scale; /* by check: 1 / shape, and what brings the mean about */
};

static const struct param dist_weibull_params[] = {
    {"shape", PARAM_NUMBER, PARAM_FIELD(struct dist_weibull, shape, double), .min = 0.1,
     .max = 100, .help = "1 is exponential, less has a longer tail, more a shorter one"},
    {"mean", PARAM_QUANTITY, PARAM_FIELD(struct dist_weibull, mean, double),
     .max = DIST_LARGEST, .help = "mean"},
    PARAM_END,
};

static bool dist_weibull_check(void *config, struct arena *arena, char *message,
                               size_t size)
{
    (void)arena;
    (void)message;
    (void)size;
    struct dist_weibull *dist = config;
    dist->power = 1 / dist->shape;
    dist->scale = dist->mean / sampler_gamma_function(1 + dist->power);
    return true;
}

static double dist_weibull_mean(const void *config)
{
    const struct dist_weibull *dist = config;
    return dist->mean;
}

static double dist_weibull_variance(const void *config)
{
    const struct dist_weibull *dist = config;
    double first = sampler_gamma_function(1 + dist->power);
    double second = sampler_gamma_function(1 + 2 * dist->power);
    return dist->scale * dist->scale * (second - first * first);
}

static void dist_weibull_draw(const void *config, struct rng *rng, double *out,
                              size_t count)
{
    const struct dist_weibull *dist = config;
    double power = dist->power, scale = dist->scale;
    for (size_t i = 0; i < count; i++)
        out[i] = scale * sampler_exp(power * sampler_log(sampler_exponential(rng)));
}

const struct dist_ops dist_weibull = {
    .kind = {.name = "weibull",
             .summary = "stretched (shape below 1) or compressed exponential",
             .params = dist_weibull_params,
             .config_size = sizeof(struct dist_weibull),
             .check = dist_weibull_check},
    .mean = dist_weibull_mean,
    .variance = dist_weibull_variance,
    .draw = dist_weibull_draw,
};
