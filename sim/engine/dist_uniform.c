/* SPDX-License-Identifier: GPL-3.0-or-later
   Every value between two bounds equally likely. */
#include "sim/engine/dist.h"

#include <stdio.h>

struct dist_uniform {
    double min, max;
};

static const struct param dist_uniform_params[] = {
    {"min", PARAM_QUANTITY, PARAM_FIELD(struct dist_uniform, min, double),
     .max = DIST_LARGEST, .help = "lower bound"},
    {"max", PARAM_QUANTITY, PARAM_FIELD(struct dist_uniform, max, double),
     .max = DIST_LARGEST, .help = "upper bound, at least min"},
    PARAM_END,
};

static bool dist_uniform_check(void *config, struct arena *arena, char *message,
                               size_t size)
{
    (void)arena;
    const struct dist_uniform *dist = config;
    if (dist->min <= dist->max)
        return true;
    snprintf(message, size, "min is above max; swap them");
    return false;
}

static double dist_uniform_mean(const void *config)
{
    const struct dist_uniform *dist = config;
    return dist->min + (dist->max - dist->min) / 2;
}

static double dist_uniform_variance(const void *config)
{
    const struct dist_uniform *dist = config;
    double width = dist->max - dist->min;
    return width * width / 12;
}

static void dist_uniform_draw(const void *config, struct rng *rng, double *out,
                              size_t count)
{
    const struct dist_uniform *dist = config;
    double min = dist->min, width = dist->max - min;
    for (size_t i = 0; i < count; i++)
        out[i] = min + width * rng_uniform(rng);
}

const struct dist_ops dist_uniform = {
    .kind = {.name = "uniform",
             .summary = "every value between min and max equally likely",
             .params = dist_uniform_params,
             .config_size = sizeof(struct dist_uniform),
             .check = dist_uniform_check},
    .mean = dist_uniform_mean,
    .variance = dist_uniform_variance,
    .draw = dist_uniform_draw,
};
