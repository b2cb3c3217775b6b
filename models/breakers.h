/* SPDX-License-Identifier: GPL-3.0-or-later
   Circuit breakers: how much one balancer instance lets be under way at all pods together;
   what is beyond is refused at once.  Envoy's, per cluster. */
#ifndef MODELS_BREAKERS_H
#define MODELS_BREAKERS_H

#include "sim/engine/param.h"

struct breakers_config {
    uint64_t max_requests; /* at pods; UINT64_MAX: unlimited, as in the others */
    uint64_t max_pending;  /* held */
    uint64_t max_retries;  /* from the decision to retry to the end of the attempt */
};

extern const struct kind_list breakers_kinds; /* every kind's config is a breakers_config */

/* Whether its max_retries says nothing beside a retry budget that stands in for it. */
bool breakers_yield(const struct param_kind *breakers);

#endif
