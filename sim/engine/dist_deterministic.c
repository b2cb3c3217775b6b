/* SPDX-License-Identifier: GPL-3.0-or-later
   Always the same value; takes nothing from the stream. */
#include "sim/engine/dist.h"

struct dist_deterministic {
    double value;
};

static const struct param dist_deterministic_params[] = {
    {"value", PARAM_QUANTITY, PARAM_FIELD(struct dist_deterministic, value, double),
     .max = DIST_LARGEST, .help = "the value, every time"},
    PARAM_END,
};

static double dist_deterministic_mean(const void *config)
{
    const struct dist_deterministic *dist = config;
    return dist->value;
}

static double dist_deterministic_variance(const void *config)
{
    (void)config;
    return 0;
}

static void dist_deterministic_draw(const void *config, struct rng *rng, double *out,
                                    size_t count)
{
    const struct dist_deterministic *dist = config;
    (void)rng;
    for (size_t i = 0; i < count; i++)
        out[i] = dist->value;
}

const struct dist_ops dist_deterministic = {
    .kind = {.name = "deterministic",
             .summary = "always the same value",
             .params = dist_deterministic_params,
             .config_size = sizeof(struct dist_deterministic)},
    .mean = dist_deterministic_mean,
    .variance = dist_deterministic_variance,
    .draw = dist_deterministic_draw,
};
