/* SPDX-License-Identifier: GPL-3.0-or-later
   Who is in which zone and on which node in a run, what zones add to the time that a message
   takes, and whom a balancer may send to at all.  Worlds in which nobody says where balancers
   or clients are have nothing of it. */
#ifndef MODELS_PLACE_H
#define MODELS_PLACE_H

#include "models/scenario_place.h"
#include "models/world.h"
#include "sim/engine/rng.h"
#include "sim/trace/row.h"

struct world;

/* Of a pod or a client group; numbers as in struct place. */
struct place_of {
    uint32_t zone, node;
};

/* A distance that is given for two zones. */
struct place_distance {
    uint64_t pair; /* of the smaller number and the larger */
    const struct param_kind *delay;
};

struct places {
    const char **zones; /* by number - 1, in alphabetical order */
    uint32_t zone_count;
    struct place *tiers[SCENARIO_TIERS_MAX]; /* by instance; NULL: nobody is anywhere */
    struct place_of *pods;                   /* by slot */
    uint32_t *clients;                       /* by group: number of the zone */
    uint32_t *zone_nodes;                    /* by number of zone: how many there are */
    struct place_distance *distances;        /* by pair */
    size_t distance_count;
    bool far; /* zones take time */
    uint64_t key;
};

/* While the planned pods are known; before balancers are built. */
void place_open(struct world *world);

/* Where an instance of a tier, 0 being the first, is; one that stands for several, as under a
   shared policy, is nowhere in particular. */
struct place place_of_instance(const struct world *world, uint32_t tier, uint32_t instance);
/* Whom instance `instance` of a tier may send to at all, by backend; NULL: all.  Owned by the
   world. */
uint8_t *place_reach(struct world *world, uint32_t tier, uint32_t instance);

/* Which leg of an attempt's way a delay is for: enum network_way, or of a tier before the last,
   inwards and back. */
#define PLACE_TIER_LEG(tier, way) (16 + 2 * (uint64_t)(tier) + (way))

/* What two zones add to a leg of an attempt; `what` names another message about it, 0 is the
   attempt itself. */
RARE sim_time place_delay(const struct world *world, uint32_t one, uint32_t other,
                          uint64_t leg, const struct trace_row *row, uint64_t what);
/* What two zones add to one way, drawn from `rng`; and what those of an instance of the last
   tier and of a pod do. */
RARE sim_time place_draw(const struct world *world, uint32_t one, uint32_t other,
                         struct rng *rng);
RARE sim_time place_draw_to_pod(const struct world *world, uint32_t balancer, uint32_t pod,
                                struct rng *rng);

#endif
