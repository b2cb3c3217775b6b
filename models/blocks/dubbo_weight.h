/* SPDX-License-Identifier: GPL-3.0-or-later
   Weights as Dubbo counts them: whole, and what grows in a warm-up is never below 1.
   apache/dubbo AbstractLoadBalance.java */
#ifndef MODELS_BLOCKS_DUBBO_WEIGHT_H
#define MODELS_BLOCKS_DUBBO_WEIGHT_H

#include "models/policy.h"

static inline uint64_t dubbo_weight(const struct view *view, backend_id backend)
{
    double weight = view->backends[backend].weight;
    return weight > 0 && weight < 1 ? 1 : (uint64_t)weight;
}

#endif
