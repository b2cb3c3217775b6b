/* SPDX-License-Identifier: GPL-3.0-or-later
   Which key a request asks for: a table of popularity laws. */
#ifndef MODELS_KEY_H
#define MODELS_KEY_H

#include "sim/engine/param.h"
#include "sim/engine/rng.h"

struct key_ops {
    struct kind kind;
    void (*draw)(const void *config, struct rng *rng, uint64_t *out, size_t count);
};

extern const struct kind_list key_kinds;

/* Fills out with `count` keys; an absent kind gives 0. */
void key_draw_many(const struct param_kind *key, struct rng *rng, uint64_t *out,
                   size_t count);

#endif
