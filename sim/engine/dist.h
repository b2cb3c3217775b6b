/* SPDX-License-Identifier: GPL-3.0-or-later
   Distributions of non-negative quantities: a table of kinds, each with its parameters,
   moments and sampler.  Samplers on the run path are our own and use + - * / sqrt and
   tables only, so that every machine draws the same bits; GSL's are what tests hold them
   against. */
#ifndef SIM_ENGINE_DIST_H
#define SIM_ENGINE_DIST_H

#include "sim/engine/param.h"
#include "sim/engine/rng.h"

#define DIST_LARGEST 1e18 /* of a parameter: 31 years in ns, 1 EB */

struct dist_ops {
    struct kind kind;
    double (*mean)(const void *config);
    double (*variance)(const void *config); /* may be INFINITY */
    /* Fills out[0 … count - 1] with draws, in stream order: count draws at once and one by
       one give the same numbers. */
    void (*draw)(const void *config, struct rng *rng, double *out, size_t count);
};

extern const struct kind_list dist_kinds;

/* A bound PARAM_KIND row of dist_kinds, seen as a distribution.  NULL kind: always 0. */
static inline const struct dist_ops *dist_ops(const struct param_kind *dist)
{
    return (const struct dist_ops *)dist->kind;
}

void dist_draw_many(const struct param_kind *dist, struct rng *rng, double *out, size_t count);
double dist_draw(const struct param_kind *dist, struct rng *rng);
double dist_mean(const struct param_kind *dist);
double dist_variance(const struct param_kind *dist);
bool dist_is_constant(const struct param_kind *dist); /* deterministic, or absent */

#endif
