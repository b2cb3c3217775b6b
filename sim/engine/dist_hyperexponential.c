/* SPDX-License-Identifier: GPL-3.0-or-later
   Two exponentials, a common short and a rare long one, that bring equal shares of the mean
   (balanced means; Morse 1955, Whitt 1982). */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

#include <math.h>

struct dist_hyperexponential {
    double mean, cv;
    double rare, means[2]; /* by check: chance of the long one; means of long and short */
};

static const struct param dist_hyperexponential_params[] = {
    {"mean", PARAM_QUANTITY, PARAM_FIELD(struct dist_hyperexponential, mean, double),
     .max = DIST_LARGEST, .help = "mean"},
    {"cv", PARAM_NUMBER, PARAM_FIELD(struct dist_hyperexponential, cv, double), .min = 1,
     .max = 1000, .help = "standard deviation over mean"},
    PARAM_END,
};

static bool dist_hyperexponential_check(void *config, struct arena *arena,
                                        char *message, size_t size)
{
    (void)arena;
    (void)message;
    (void)size;
    struct dist_hyperexponential *dist = config;
    double square = dist->cv * dist->cv;
    double root = sqrt((square - 1) / (square + 1));
    dist->rare = 1 / ((square + 1) * (1 + root)); /* (1 - root) / 2 without cancellation */
    dist->means[0] = dist->mean / (2 * dist->rare);
    dist->means[1] = dist->mean / (2 * (1 - dist->rare));
    return true;
}

static double dist_hyperexponential_mean(const void *config)
{
    const struct dist_hyperexponential *dist = config;
    return dist->mean;
}

static double dist_hyperexponential_variance(const void *config)
{
    const struct dist_hyperexponential *dist = config;
    double deviation = dist->cv * dist->mean;
    return deviation * deviation;
}

static void dist_hyperexponential_draw(const void *config, struct rng *rng,
                                       double *out, size_t count)
{
    const struct dist_hyperexponential *dist = config;
    for (size_t i = 0; i < count; i++) {
        double mean = dist->means[rng_uniform(rng) >= dist->rare];
        out[i] = mean * sampler_exponential(rng);
    }
}

const struct dist_ops dist_hyperexponential = {
    .kind = {.name = "hyperexponential",
             .summary = "a common short and a rare long exponential (cv 1 and more)",
             .params = dist_hyperexponential_params,
             .config_size = sizeof(struct dist_hyperexponential),
             .check = dist_hyperexponential_check},
    .mean = dist_hyperexponential_mean,
    .variance = dist_hyperexponential_variance,
    .draw = dist_hyperexponential_draw,
};
