/* SPDX-License-Identifier: GPL-3.0-or-later
   Where balancers are, as a scenario says: each instance of a tier may be in a zone, and on one
   of the nodes that pods are on; and how far zones are from one another. */
#ifndef MODELS_SCENARIO_PLACE_H
#define MODELS_SCENARIO_PLACE_H

#include "models/scenario.h"

/* The extra delay, one way, of all that goes from one zone to another, whichever of the two
   sends. */
struct scenario_distance {
    struct param_list between; /* of const char *: two zones */
    struct param_kind delay;   /* dist_kinds, ns */
};

struct place {
    const char *zone, *node; /* "" where unknown */
    uint32_t zone_number;    /* in a run, from 1 in alphabetical order; 0: unknown */
    uint32_t node_number;    /* of its zone, from 1; 0: unknown */
};

extern const struct param scenario_distance_item;

/* Gives tiers with `nodes: each` one instance for each node; problems are said.  Before any
   other check. */
void scenario_place_settle(struct scenario *scenario, const struct config *config,
                           struct problems *problems);
void scenario_place_check(const struct scenario *scenario, const struct config *config,
                          struct problems *problems);

/* Whether anything depends on where somebody is. */
bool scenario_place_is_used(const struct scenario *scenario);
/* All nodes that there are. */
uint64_t scenario_place_node_count(const struct scenario *scenario);
/* The places of all instances of a tier, without the number of the zone. */
struct place *scenario_place_instances(const struct scenario *scenario, size_t tier,
                                       struct arena *arena);

#endif
