/* SPDX-License-Identifier: GPL-3.0-or-later
   The sum of `shape` equal exponentials: steadier than one (cv = 1 / sqrt(shape)).  Few are
   added up; of more than that a gamma variate costs less. */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

enum { DIST_ERLANG_SUMMED = 4 };

struct dist_erlang {
    uint64_t shape;
    double mean;
};

static const struct param dist_erlang_params[] = {
    {"shape", PARAM_COUNT, PARAM_FIELD(struct dist_erlang, shape, uint64_t), .min = 1,
     .max = 1e6, .help = "number of exponential stages"},
    {"mean", PARAM_QUANTITY, PARAM_FIELD(struct dist_erlang, mean, double),
     .max = DIST_LARGEST, .help = "mean of the sum"},
    PARAM_END,
};

static double dist_erlang_mean(const void *config)
{
    const struct dist_erlang *dist = config;
    return dist->mean;
}

static double dist_erlang_variance(const void *config)
{
    const struct dist_erlang *dist = config;
    return dist->mean * dist->mean / (double)dist->shape;
}

static void dist_erlang_draw(const void *config, struct rng *rng, double *out,
                             size_t count)
{
    const struct dist_erlang *dist = config;
    uint64_t shape = dist->shape;
    double scale = dist->mean / (double)shape;
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        if (shape > DIST_ERLANG_SUMMED)
            sum = sampler_gamma(rng, (double)shape);
        else
            for (uint64_t stage = 0; stage < shape; stage++)
                sum += sampler_exponential(rng);
        out[i] = scale * sum;
    }
}

const struct dist_ops dist_erlang = {
    .kind = {.name = "erlang",
             .summary = "sum of exponential stages; steadier than one (cv 1 / sqrt(shape))",
             .params = dist_erlang_params,
             .config_size = sizeof(struct dist_erlang)},
    .mean = dist_erlang_mean,
    .variance = dist_erlang_variance,
    .draw = dist_erlang_draw,
};
