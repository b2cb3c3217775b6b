/* SPDX-License-Identifier: GPL-3.0-or-later
   Without memory: the gaps of a Poisson process. */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

struct dist_exponential {
    double mean;
};

static const struct param dist_exponential_params[] = {
    {"mean", PARAM_QUANTITY, PARAM_FIELD(struct dist_exponential, mean, double),
     .max = DIST_LARGEST, .help = "mean, and standard deviation"},
    PARAM_END,
};

static double dist_exponential_mean(const void *config)
{
    const struct dist_exponential *dist = config;
    return dist->mean;
}

static double dist_exponential_variance(const void *config)
{
    const struct dist_exponential *dist = config;
    return dist->mean * dist->mean;
}

static void dist_exponential_draw(const void *config, struct rng *rng, double *out,
                                  size_t count)
{
    const struct dist_exponential *dist = config;
    sampler_exponential_many(rng, dist->mean, out, count);
}

const struct dist_ops dist_exponential = {
    .kind = {.name = "exponential",
             .summary = "memoryless; as variable as its mean is large (cv 1)",
             .params = dist_exponential_params,
             .config_size = sizeof(struct dist_exponential)},
    .mean = dist_exponential_mean,
    .variance = dist_exponential_variance,
    .draw = dist_exponential_draw,
};
