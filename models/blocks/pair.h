/* SPDX-License-Identifier: GPL-3.0-or-later
   Two distinct places of n >= 2 by two draws: the first of all, the second of the others.
   */
#ifndef MODELS_BLOCKS_PAIR_H
#define MODELS_BLOCKS_PAIR_H

#include "models/policy.h"

struct pair {
    backend_id first, second;
};

/* Of those that may be picked now; there must be two. */
static inline struct pair pair_draw(const struct view *view, struct rng *rng)
{
    uint32_t first = (uint32_t)rng_below(rng, view->eligible_count);
    uint32_t second = (uint32_t)rng_below(rng, view->eligible_count - 1);
    second += second >= first;
    return (struct pair){view_eligible(view, first), view_eligible(view, second)};
}

#endif
