/* SPDX-License-Identifier: GPL-3.0-or-later
   Which endpoints a proxy takes of those that it knows, by where they are: those hinted for its
   zone (Topology Aware Routing), those of its zone (trafficDistribution: PreferClose, now
   PreferSameZone), or first those of its node (PreferSameNode); all where there are none of
   these, or where not all endpoints have a zone.  Source: kube-proxy's pkg/proxy/topology.go. */
#ifndef MODELS_TOPOLOGY_H
#define MODELS_TOPOLOGY_H

#include "models/scenario.h"
#include "models/world.h"

struct world;

/* Whom instance `instance` of a tier may send to as the run begins, when the first `members`
   of its backends are there; NULL: all.  Owned by the world. */
uint8_t *topology_reach(struct world *world, uint32_t tier, uint32_t instance,
                        uint32_t members);
/* Instance `index` of the last tier has heard of other endpoints. */
RARE void topology_follow(struct world *world, uint32_t index);

/* Whether hints are on with the pods of the beginning, and if not, why. */
unsigned topology_hints_at_start(const struct scenario *scenario);

#endif
