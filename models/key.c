/* SPDX-License-Identifier: GPL-3.0-or-later
   Key popularity: Zipf, uniform, and a hot set.  Keys are numbered by falling popularity
   from 0.  Tables are built once, when the scenario is checked. */
#include "models/key.h"

#include "sim/engine/check.h"
#include "sim/engine/sampler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_COUNT_MAX 1e7

struct key_zipf {
    uint64_t count;
    double exponent;
    struct alias alias; /* made by key_zipf_check */
};

static const struct param key_zipf_params[] = {
    {.key = "count", .type = PARAM_COUNT, .offset = PARAM_FIELD(struct key_zipf, count, uint64_t),
     .min = 1, .max = KEY_COUNT_MAX, .help = "how many keys there are"},
    {.key = "exponent", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct key_zipf, exponent, double), .fallback = "0.99", .min = 0,
     .max = 20, .help = "the i-th key is wanted in proportion to 1 / i^exponent"},
    PARAM_END,
};

static bool key_zipf_check(void *config, struct arena *arena, char *message, size_t size)
{
    (void)message, (void)size;
    struct key_zipf *zipf = config;
    double *weights = memory_take(zipf->count, sizeof *weights);
    for (uint64_t i = 0; i < zipf->count; i++)
        weights[i] = sampler_pow((double)(i + 1), -zipf->exponent);
    alias_init(&zipf->alias, weights, (uint32_t)zipf->count, arena);
    free(weights);
    return true;
}

static void key_zipf_draw(const void *config, struct rng *rng, uint64_t *out, size_t count)
{
    const struct key_zipf *zipf = config;
    for (size_t i = 0; i < count; i++)
        out[i] = alias_draw(&zipf->alias, rng);
}

struct key_uniform {
    uint64_t count;
};

static const struct param key_uniform_params[] = {
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct key_uniform, count, uint64_t), .min = 1, .max = 1e18,
     .help = "how many keys there are, all wanted alike"},
    PARAM_END,
};

static void key_uniform_draw(const void *config, struct rng *rng, uint64_t *out, size_t count)
{
    const struct key_uniform *uniform = config;
    for (size_t i = 0; i < count; i++)
        out[i] = rng_below(rng, uniform->count);
}

struct key_hot_set {
    uint64_t count, hot;
    double share;
};

static const struct param key_hot_set_params[] = {
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct key_hot_set, count, uint64_t), .min = 2, .max = 1e18,
     .help = "how many keys there are"},
    {.key = "hot", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct key_hot_set, hot, uint64_t), .fallback = "1", .min = 1,
     .max = 1e18, .help = "how many of them are hot"},
    {.key = "share", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct key_hot_set, share, double), .min = 0, .max = 1,
     .help = "share of the requests that want a hot key"},
    PARAM_END,
};

static bool key_hot_set_check(void *config, struct arena *arena, char *message, size_t size)
{
    (void)arena;
    const struct key_hot_set *set = config;
    if (set->hot < set->count)
        return true;
    snprintf(message, size, "hot (%llu) must be below count (%llu)",
             (unsigned long long)set->hot, (unsigned long long)set->count);
    return false;
}

static void key_hot_set_draw(const void *config, struct rng *rng, uint64_t *out, size_t count)
{
    const struct key_hot_set *set = config;
    for (size_t i = 0; i < count; i++)
        out[i] = rng_uniform(rng) < set->share
                     ? rng_below(rng, set->hot)
                     : set->hot + rng_below(rng, set->count - set->hot);
}

static const struct key_ops key_zipf = {
    .kind = {.name = "zipf",
             .summary = "The i-th most popular key in proportion to 1 / i^exponent",
             .params = key_zipf_params,
             .config_size = sizeof(struct key_zipf),
             .check = key_zipf_check},
    .draw = key_zipf_draw,
};

static const struct key_ops key_uniform = {
    .kind = {.name = "uniform",
             .summary = "Every key alike",
             .params = key_uniform_params,
             .config_size = sizeof(struct key_uniform)},
    .draw = key_uniform_draw,
};

static const struct key_ops key_hot_set = {
    .kind = {.name = "hot_set",
             .summary = "A few keys take a given share of the requests, the rest is even",
             .params = key_hot_set_params,
             .config_size = sizeof(struct key_hot_set),
             .check = key_hot_set_check},
    .draw = key_hot_set_draw,
};

static const struct key_ops *const key_list[] = {&key_zipf, &key_uniform, &key_hot_set};

static const struct kind *key_at(size_t index)
{
    return index < sizeof key_list / sizeof *key_list ? &key_list[index]->kind : NULL;
}

const struct kind_list key_kinds = {.noun = "key law", .at = key_at};

void key_draw_many(const struct param_kind *key, struct rng *rng, uint64_t *out, size_t count)
{
    if (key->kind == NULL)
        memset(out, 0, count * sizeof *out);
    else
        ((const struct key_ops *)key->kind)->draw(key->config, rng, out, count);
}
