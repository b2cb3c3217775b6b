/* SPDX-License-Identifier: GPL-3.0-or-later
   Building alias tables: Walker's method in linear time (Vose 1991). */
#include "sim/engine/alias.h"

#include "sim/engine/check.h"

#include <math.h>
#include <stdlib.h>

/* Pairs a cell that has less than its share with one that has more, until all are full.
   What rounding leaves over keeps its own index, unless its weight is 0. */
static void alias_fill(struct alias *alias, double *shares, uint32_t *order,
                       const double *weights)
{
    uint32_t low = 0, high = alias->count; /* order: the poor up to low, the rich from high */
    uint32_t heaviest = 0;
    for (uint32_t i = 0; i < alias->count; i++) {
        order[shares[i] < 1 ? low++ : --high] = i;
        heaviest = weights[i] > weights[heaviest] ? i : heaviest;
    }
    while (low > 0 && high < alias->count) {
        uint32_t poor = order[--low], rich = order[high];
        double threshold = shares[poor] * 0x1p32 + 0.5;
        alias->cells[poor].other = rich;
        alias->cells[poor].threshold =
            threshold < 0x1p32 ? (uint32_t)threshold : UINT32_MAX;
        shares[rich] -= 1 - shares[poor];
        if (shares[rich] < 1) {
            order[low++] = rich;
            high++;
        }
    }
    for (uint32_t i = 0; i < low; i++)
        if (weights[order[i]] == 0)
            alias->cells[order[i]].other = heaviest;
}

void alias_init(struct alias *alias, const double *weights, uint32_t count,
                struct arena *arena)
{
    CHECK(count > 0 && count <= UINT32_C(1) << 31);
    double most = 0, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        CHECK(weights[i] >= 0 && isfinite(weights[i]));
        most = weights[i] > most ? weights[i] : most;
    }
    CHECK(most > 0);
    for (uint32_t i = 0; i < count; i++)
        sum += weights[i] / most;
    alias->count = count;
    alias->cells = arena_take(arena, count, sizeof(*alias->cells));
    double *shares = memory_take(count, sizeof(*shares));
    uint32_t *order = memory_take(count, sizeof(*order));
    for (uint32_t i = 0; i < count; i++) {
        shares[i] = weights[i] / most / sum * count;
        alias->cells[i] = (struct alias_cell){.threshold = 0, .other = i};
    }
    alias_fill(alias, shares, order, weights);
    free(shares);
    free(order);
}
