/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's host sets: where pods have priorities, or zones matter, a policy picks from one set
   of pods for each request and has a state of its own for each.  They stand where a policy
   stands, so the balancer around them is the same as without; what is outstanding is counted
   once, by the picture that they are the policy of. */
#ifndef MODELS_HOST_SETS_H
#define MODELS_HOST_SETS_H

#include "models/backends.h"
#include "models/locality.h"

enum { HOST_SETS_LEVELS_MAX = 128 }; /* priorities, as in Envoy */

/* The same for all instances; constant in a run, all arrays owned by the caller. */
struct host_sets_plan {
    const struct param_kind *policy;   /* that picks in a set */
    const struct param_kind *locality; /* locality_kinds; may be absent */
    const uint8_t *level_of;           /* by slot, from 0, none left out */
    const uint32_t *zone_of;           /* by slot */
    const char *const *zones;
    const uint32_t *callers;           /* by zone: instances of the tier there */
    const uint32_t *home_of;           /* by instance: its zone, or LOCALITY_ANY */
    uint32_t level_count, zone_count;
    uint64_t key;                      /* of random streams */
    struct policy_ops ops;             /* the rest is filled in by host_sets_join */
    struct param_kind joined;
};

/* What backends_open takes as its policy, with plan->level_of and level_count in its place. */
const struct param_kind *host_sets_join(struct host_sets_plan *plan);

/* Whether a choice of zones means anything to a policy: a table of keys chooses no zone, and
   only Envoy's take weights of zones. */
bool host_sets_heeds(const struct param_kind *policy, const struct param_kind *locality);

/* Sets of one instance at most, for the memory they take. */
uint32_t host_sets_count(const struct param_kind *locality, uint32_t levels, uint32_t zones);

#endif
