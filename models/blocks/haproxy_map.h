/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy's server map: an array in which each usable server stands as often as its weight,
   over the greatest common divisor, says, spread evenly.  For hash-type map-based and
   static-rr. */
#ifndef MODELS_BLOCKS_HAPROXY_MAP_H
#define MODELS_BLOCKS_HAPROXY_MAP_H

#include "models/policy.h"

struct haproxy_map {
    backend_id *slots;
    uint32_t count; /* total weight of those usable; 0: nobody is */
    uint32_t room;
    uint32_t *weights; /* by slot of the view */
    int64_t *scores;
    struct arena *arena;
};

/* A weight as HAProxy has it: 0 to 256. */
uint32_t haproxy_map_weight(double weight);

void haproxy_map_init(struct haproxy_map *map, const struct view *view, struct arena *arena);
/* Takes weights and room anew; allocates. */
void haproxy_map_update(struct haproxy_map *map, const struct view *view);
void haproxy_map_build(struct haproxy_map *map, const struct view *view);

#endif
