/* SPDX-License-Identifier: GPL-3.0-or-later
   The list of distributions, and calls by a bound row.  A further one is its file and its
   line here. */
#include "sim/engine/dist.h"

#define DIST_LIST(X) \
    X(deterministic) \
    X(uniform) \
    X(exponential) \
    X(erlang) \
    X(gamma) \
    X(weibull) \
    X(lognormal) \
    X(hyperexponential) \
    X(bounded_pareto) \
    X(mixture) \
    X(empirical)

#define DIST_DECLARE(name) extern const struct dist_ops dist_##name;
DIST_LIST(DIST_DECLARE)

#define DIST_ROW(name) &dist_##name,
static const struct dist_ops *const dist_rows[] = {DIST_LIST(DIST_ROW)};

static const struct kind *dist_at(size_t index)
{
    return index < sizeof(dist_rows) / sizeof(*dist_rows) ? &dist_rows[index]->kind : NULL;
}

const struct kind_list dist_kinds = {
    .noun = "distribution",
    .shorthand = "deterministic",
    .at = dist_at,
};

void dist_draw_many(const struct param_kind *dist, struct rng *rng, double *out, size_t count)
{
    if (dist->kind != NULL) {
        dist_ops(dist)->draw(dist->config, rng, out, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        out[i] = 0;
}

double dist_draw(const struct param_kind *dist, struct rng *rng)
{
    double value;
    dist_draw_many(dist, rng, &value, 1);
    return value;
}

double dist_mean(const struct param_kind *dist)
{
    return dist->kind == NULL ? 0 : dist_ops(dist)->mean(dist->config);
}

double dist_variance(const struct param_kind *dist)
{
    return dist->kind == NULL ? 0 : dist_ops(dist)->variance(dist->config);
}

bool dist_is_constant(const struct param_kind *dist)
{
    return dist->kind == NULL || dist->kind == &dist_deterministic.kind;
}
