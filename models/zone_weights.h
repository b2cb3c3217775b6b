/* SPDX-License-Identifier: GPL-3.0-or-later
   Locality-weighted balancing in a table of keys: a host's weight is its part of the healthy
   hosts of its zone, times the part of the zone.
   Envoy, source/extensions/load_balancing_policies/common/thread_aware_lb_impl.cc. */
#ifndef MODELS_ZONE_WEIGHTS_H
#define MODELS_ZONE_WEIGHTS_H

#include "models/policy.h"

struct zone_weights {
    const uint32_t *zone_of; /* by slot */
    const double *given;     /* by zone; below 0: none */
    uint32_t zone_count;
    double *sums;            /* by zone, for the merge alone; so is */
    uint8_t *has_members;
};

/* Weights of those slots that are in `part`, into `list`, by whom the view has up; 0 leaves a
   host out.  Returns what they are parts of: 1, and a zone with members of whom none is up
   keeps its part, which is nobody's then, so that the others keep theirs; or 0 where no zone
   with a weight has anybody up: of their sum, all zones counting alike. */
double zone_weights_merge(const struct zone_weights *weights, const struct view *view,
                        const uint8_t *part, struct backend *list);

#endif
