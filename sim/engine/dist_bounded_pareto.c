/* SPDX-License-Identifier: GPL-3.0-or-later
   Pareto's law cut off at both ends (Harchol-Balter 1999): heavy tails with finite moments.
   Drawn by inverting its distribution function. */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

#include <math.h>
#include <stdio.h>

struct dist_bounded_pareto {
    double shape, min, max;
    double span, rest; /* by check: log(max / min), and (min / max)^shape */
};

static const struct param dist_bounded_pareto_params[] = {
    {"shape", PARAM_NUMBER, PARAM_FIELD(struct dist_bounded_pareto, shape, double),
     .min = 0.01, .max = 100, .help = "tail exponent; less is heavier, 1.1 is usual"},
    {"min", PARAM_QUANTITY, PARAM_FIELD(struct dist_bounded_pareto, min, double),
     .min = 1e-9, .max = DIST_LARGEST, .help = "smallest value"},
    {"max", PARAM_QUANTITY, PARAM_FIELD(struct dist_bounded_pareto, max, double),
     .min = 1e-9, .max = DIST_LARGEST, .help = "largest value, above min"},
    PARAM_END,
};

static bool dist_bounded_pareto_check(void *config, struct arena *arena, char *message,
                                      size_t size)
{
    (void)arena;
    struct dist_bounded_pareto *dist = config;
    if (!(dist->min < dist->max)) {
        snprintf(message, size, "min must be below max");
        return false;
    }
    dist->span = sampler_log(dist->max) - sampler_log(dist->min);
    dist->rest = sampler_exp(-dist->shape * dist->span);
    return true;
}

/* (1 - exp(-t)) / t, whatever the sign of t. */
static double dist_bounded_pareto_ratio(double t)
{
    if (fabs(t) > 0.5)
        return (1 - sampler_exp(-t)) / t;
    double sum = 0;
    for (int k = 16; k > 0; k--)
        sum = (1 - t * sum) / k;
    return sum;
}

/* E[x^k]: a quotient of integrals of powers, which stays smooth where shape = k. */
static double dist_bounded_pareto_moment(const struct dist_bounded_pareto *dist, int k)
{
    double power = k == 1 ? dist->min : dist->min * dist->min;
    return power * dist_bounded_pareto_ratio((dist->shape - k) * dist->span) /
           dist_bounded_pareto_ratio(dist->shape * dist->span);
}

static double dist_bounded_pareto_mean(const void *config)
{
    return dist_bounded_pareto_moment(config, 1);
}

static double dist_bounded_pareto_variance(const void *config)
{
    double mean = dist_bounded_pareto_moment(config, 1);
    return fmax(0, dist_bounded_pareto_moment(config, 2) - mean * mean);
}

static void dist_bounded_pareto_draw(const void *config, struct rng *rng, double *out,
                                     size_t count)
{
    const struct dist_bounded_pareto *dist = config;
    double rest = dist->rest, power = -1 / dist->shape;
    for (size_t i = 0; i < count; i++) {
        double above = rest + (1 - rest) * rng_uniform_open(rng);
        double value = dist->min * sampler_exp(power * sampler_log(above));
        out[i] = value < dist->max ? value : dist->max;
    }
}

const struct dist_ops dist_bounded_pareto = {
    .kind = {.name = "bounded_pareto",
             .summary = "power-law tail between a smallest and a largest value",
             .params = dist_bounded_pareto_params,
             .config_size = sizeof(struct dist_bounded_pareto),
             .check = dist_bounded_pareto_check},
    .mean = dist_bounded_pareto_mean,
    .variance = dist_bounded_pareto_variance,
    .draw = dist_bounded_pareto_draw,
};
