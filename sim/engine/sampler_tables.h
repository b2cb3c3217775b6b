/* SPDX-License-Identifier: GPL-3.0-or-later
   The constant tables behind sampler.h; nobody else needs them. */
#ifndef SIM_ENGINE_SAMPLER_TABLES_H
#define SIM_ENGINE_SAMPLER_TABLES_H

enum { SAMPLER_LAYERS = 256, SAMPLER_POWERS = 64, SAMPLER_LOGARITHMS = 128 };

/* Right edges of the ziggurat's layers of equal area v under f, from the base up: [1] is
   where the tail begins, [0] = v / f([1]) is the width that the base would have without its
   tail, [256] = 0.  f(x) is exp(-x) and exp(-x * x / 2). */
extern const double sampler_exponential_edges[SAMPLER_LAYERS + 1];
extern const double sampler_normal_edges[SAMPLER_LAYERS + 1];

/* f of each edge of the exponential. */
extern const double sampler_exponential_heights[SAMPLER_LAYERS + 1];

/* 2^(i / 64). */
extern const double sampler_powers[SAMPLER_POWERS];

/* For m in the interval i / 128 … (i + 1) / 128 above 1, halved from 1.5 on: about 1 / m in
   24 bits, and minus the logarithm of that in a part of whole 2^-42 and a rest. */
struct sampler_logarithm {
    double inverse, high, low;
};
extern const struct sampler_logarithm sampler_logarithms[SAMPLER_LOGARITHMS];

#endif
