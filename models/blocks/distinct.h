/* SPDX-License-Identifier: GPL-3.0-or-later
   Some distinct ones of many, every set as likely, without a list of all.  R. Floyd, in
   J. Bentley, Programming Pearls, CACM 30 (1987). */
#ifndef MODELS_BLOCKS_DISTINCT_H
#define MODELS_BLOCKS_DISTINCT_H

#include "models/policy.h"

/* Of those that may be picked now; returns how many of `count` there were. */
static inline uint32_t distinct_draw(const struct view *view, backend_id *drawn,
                                     uint32_t count, struct rng *rng)
{
    uint32_t n = view->eligible_count;
    if (count > n)
        count = n;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t last = n - count + k;
        backend_id one = view_eligible(view, (uint32_t)rng_below(rng, last + 1));
        for (uint32_t i = 0; i < k; i++)
            if (drawn[i] == one) {
                one = view_eligible(view, last);
                break;
            }
        drawn[k] = one;
    }
    return count;
}

#endif
