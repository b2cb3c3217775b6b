/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's round robin over a list of hosts: a plain index while all weights are equal, the
   earliest deadline first otherwise.  The index counts on when hosts change; the schedule is
   made anew, each time with as many picks in advance as the seed says. */
#ifndef MODELS_BLOCKS_EDF_ROTATION_H
#define MODELS_BLOCKS_EDF_ROTATION_H

#include "models/blocks/edf.h"
#include "models/policy.h"

struct edf_rotation {
    struct edf edf;
    const backend_id *hosts;
    uint32_t count;
    uint64_t seed, index;
    bool is_weighted;
};

/* All weights of `hosts` are the same. */
bool edf_rotation_is_even(const backend_id *hosts, uint32_t count,
                          struct edf_weights weights);

void edf_rotation_init(struct edf_rotation *rotation, uint64_t seed);

/* Hosts or weights changed.  The rotation keeps `hosts` (count of them) and `heap` (as many
   entries) until the next refresh. */
void edf_rotation_refresh(struct edf_rotation *rotation, const backend_id *hosts,
                          uint32_t count, struct edf_entry *heap, struct edf_weights weights);

/* The next that may be picked, NO_BACKEND where there is none. */
backend_id edf_rotation_pick(struct edf_rotation *rotation, const uint8_t *may,
                             struct edf_weights weights);

/* The hosts of a view that are up, in order of slots; returns how many. */
uint32_t edf_rotation_hosts(const struct view *view, backend_id *hosts);

/* Context: a struct view.  Configured weights; Envoy makes 1 of a weight of 0. */
double edf_rotation_weight(const void *view, uint32_t host);

#endif
