/* SPDX-License-Identifier: GPL-3.0-or-later
   Samplers of the standard laws: exponential and normal by ziggurat (Marsaglia and Tsang
   2000, with tables that are constants in the source), gamma (Marsaglia and Tsang 2000),
   and log, exp and pow built from + - * / only. */
#ifndef SIM_ENGINE_SAMPLER_H
#define SIM_ENGINE_SAMPLER_H

#include "sim/engine/alias.h"
#include "sim/engine/rng.h"
#include "sim/engine/sampler_tables.h"

#include <stdbool.h>

/* The slow ends of the two below: `x` fell into `layer` but beyond its inner edge. */
double sampler_exponential_rest(struct rng *rng, unsigned layer, double x);
double sampler_normal_rest(struct rng *rng, unsigned layer, double x);

/* The place that a word of the stream gives, from its highest 53 bits, in the layer of its
   lowest 8; and whether it is inside the layer's edge, as 98.9 % are. */
static inline double sampler_exponential_place(uint64_t bits)
{
    return (double)(int64_t)(bits >> 11) * (sampler_exponential_edges[bits & 0xff] * 0x1p-53);
}

static inline bool sampler_exponential_fits(uint64_t bits, double x)
{
    return __builtin_expect(x < sampler_exponential_edges[(bits & 0xff) + 1], 1);
}

/* Mean 1. */
static inline double sampler_exponential(struct rng *rng)
{
    uint64_t bits = rng_next(rng);
    double x = sampler_exponential_place(bits);
    return sampler_exponential_fits(bits, x)
               ? x
               : sampler_exponential_rest(rng, (unsigned)(bits & 0xff), x);
}

/* So many of the above, times `mean`. */
void sampler_exponential_many(struct rng *rng, double mean, double *out, size_t count);

/* Mean 0, variance 1.  One word serves as above; the sign is bit 8. */
static inline double sampler_normal(struct rng *rng)
{
    uint64_t bits = rng_next(rng);
    const double *edges = &sampler_normal_edges[bits & 0xff];
    double sign = (double)(1 - (int)(bits >> 7 & 2));
    double x = (double)(int64_t)(bits >> 11) * (edges[0] * 0x1p-53);
    if (__builtin_expect(x < edges[1], 1))
        return sign * x;
    return sign * sampler_normal_rest(rng, (unsigned)(bits & 0xff), x);
}

double sampler_gamma(struct rng *rng, double shape); /* scale 1; shape > 0 */

/* The same bits on every machine.  Errors below 0.6 ulp of log, 1.5 of exp and 4 of pow where
   the result is normal.  Infinities, NaN, zeros and subnormals as in C, without errno. */
double sampler_log(double x);
double sampler_exp(double x);
double sampler_pow(double x, double y);  /* x >= 0 */
double sampler_gamma_function(double x); /* x > 0; relative error below 1e-14 */

#endif
