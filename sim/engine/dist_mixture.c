/* SPDX-License-Identifier: GPL-3.0-or-later
   One of several distributions, chosen anew for each draw by an alias table. */
#include "sim/engine/dist.h"
#include "sim/engine/sampler.h"

#include <stdio.h>

struct dist_mixture_part {
    double weight;
    struct param_kind of;
};

struct dist_mixture {
    struct param_list parts;
    double sum;         /* by check: of the weights */
    struct alias alias; /* by check */
};

/* `of` names no unit: the one around the mixture goes on. */
static const struct param dist_mixture_part_params[] = {
    {"weight", PARAM_NUMBER, PARAM_FIELD(struct dist_mixture_part, weight, double),
     .max = 1e12, .help = "share of the draws, relative to the other weights, above 0"},
    {"of", PARAM_KIND, PARAM_FIELD(struct dist_mixture_part, of, struct param_kind),
     .help = "distribution of this part", .of.kinds = &dist_kinds},
    PARAM_END,
};

static const struct param dist_mixture_item = {
    "parts", PARAM_MAP, .help = "a weight and a distribution",
    .of.fields = dist_mixture_part_params, .size = sizeof(struct dist_mixture_part),
};

static const struct param dist_mixture_params[] = {
    {"parts", PARAM_LIST, PARAM_FIELD(struct dist_mixture, parts, struct param_list),
     .min = 1, .max = 1000, .help = "what is mixed", .of.item = &dist_mixture_item},
    PARAM_END,
};

static const struct dist_mixture_part *dist_mixture_at(const struct dist_mixture *dist,
                                                       size_t index)
{
    return PARAM_ITEM(dist->parts, struct dist_mixture_part, index);
}

static bool dist_mixture_check(void *config, struct arena *arena, char *message,
                               size_t size)
{
    struct dist_mixture *dist = config;
    size_t count = dist->parts.count;
    double *weights = arena_take(arena, count, sizeof(*weights));
    dist->sum = 0;
    for (size_t i = 0; i < count; i++) {
        weights[i] = dist_mixture_at(dist, i)->weight;
        if (!(weights[i] > 0)) {
            snprintf(message, size, "the weight of part %zu must be above 0", i);
            return false;
        }
        dist->sum += weights[i];
    }
    alias_init(&dist->alias, weights, (uint32_t)count, arena);
    return true;
}

static double dist_mixture_mean(const void *config)
{
    const struct dist_mixture *dist = config;
    double sum = 0;
    for (size_t i = 0; i < dist->parts.count; i++) {
        const struct dist_mixture_part *part = dist_mixture_at(dist, i);
        sum += part->weight * dist_mean(&part->of);
    }
    return sum / dist->sum;
}

static double dist_mixture_variance(const void *config)
{
    const struct dist_mixture *dist = config;
    double mean = dist_mixture_mean(config), sum = 0;
    for (size_t i = 0; i < dist->parts.count; i++) {
        const struct dist_mixture_part *part = dist_mixture_at(dist, i);
        double apart = dist_mean(&part->of) - mean;
        sum += part->weight * (dist_variance(&part->of) + apart * apart);
    }
    return sum / dist->sum;
}

static void dist_mixture_draw(const void *config, struct rng *rng, double *out,
                              size_t count)
{
    const struct dist_mixture *dist = config;
    for (size_t i = 0; i < count; i++) {
        uint32_t part = alias_draw(&dist->alias, rng);
        out[i] = dist_draw(&dist_mixture_at(dist, part)->of, rng);
    }
}

const struct dist_ops dist_mixture = {
    .kind = {.name = "mixture",
             .summary = "one of several distributions, chosen by weight",
             .params = dist_mixture_params,
             .config_size = sizeof(struct dist_mixture),
             .check = dist_mixture_check},
    .mean = dist_mixture_mean,
    .variance = dist_mixture_variance,
    .draw = dist_mixture_draw,
};
