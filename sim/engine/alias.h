/* SPDX-License-Identifier: GPL-3.0-or-later
   Alias tables (Walker 1977, Vose 1991): one of many outcomes of given weights with one
   word of the stream and one look-up, however many they are. */
#ifndef SIM_ENGINE_ALIAS_H
#define SIM_ENGINE_ALIAS_H

#include "sim/engine/arena.h"
#include "sim/engine/rng.h"

#include <stdint.h>

/* Draws index i with probability weights[i] / sum, in constant time. */
struct alias_cell {
    uint32_t threshold; /* keep the cell's own index below this, in 2^-32 */
    uint32_t other;
};
struct alias {
    struct alias_cell *cells;
    uint32_t count;
};
/* weights: count non-negative finite numbers, sum > 0; 1 <= count <= 2^31. */
void alias_init(struct alias *alias, const double *weights, uint32_t count,
                struct arena *arena);
/* The word times the count has the cell above the point and the place within it below. */
static inline uint32_t alias_draw(const struct alias *alias, struct rng *rng)
{
    wide_uint point = (wide_uint)rng_next(rng) * alias->count;
    uint32_t i = (uint32_t)(point >> 64);
    uint32_t place = (uint32_t)(point >> 32);
    return place < alias->cells[i].threshold ? i : alias->cells[i].other;
}

#endif
