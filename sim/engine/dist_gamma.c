/* SPDX-License-Identifier: GPL-3.0-or-later
   Erlang's law with any shape: cv = 1 / sqrt(shape). */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

struct dist_gamma {
    double shape, mean;
};

static const struct param dist_gamma_params[] = {
    {"shape", PARAM_NUMBER, PARAM_FIELD(struct dist_gamma, shape, double), .min = 0.01,
     .max = 1e6, .help = "1 is exponential, more is steadier, less is burstier"},
    {"mean", PARAM_QUANTITY, PARAM_FIELD(struct dist_gamma, mean, double),
     .max = DIST_LARGEST, .help = "mean"},
    PARAM_END,
};

static double dist_gamma_mean(const void *config)
{
    const struct dist_gamma *dist = config;
    return dist->mean;
}

static double dist_gamma_variance(const void *config)
{
    const struct dist_gamma *dist = config;
    return dist->mean * dist->mean / dist->shape;
}

static void dist_gamma_draw(const void *config, struct rng *rng, double *out,
                            size_t count)
{
    const struct dist_gamma *dist = config;
    double shape = dist->shape, scale = dist->mean / shape;
    for (size_t i = 0; i < count; i++)
        out[i] = scale * sampler_gamma(rng, shape);
}

const struct dist_ops dist_gamma = {
    .kind = {.name = "gamma",
             .summary = "steady to bursty by its shape (cv 1 / sqrt(shape))",
             .params = dist_gamma_params,
             .config_size = sizeof(struct dist_gamma)},
    .mean = dist_gamma_mean,
    .variance = dist_gamma_variance,
    .draw = dist_gamma_draw,
};
