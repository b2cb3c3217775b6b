/* SPDX-License-Identifier: GPL-3.0-or-later
   Who sends only to its own zone or node, and has nobody up there, says so to the tier before, as
   a node does at its healthCheckNodePort under externalTrafficPolicy: Local. */
#ifndef MODELS_REACH_H
#define MODELS_REACH_H

#include "models/backends.h"
#include "models/world.h"

struct world;

/* After the tiers are built. */
void reach_open(struct world *world);

/* Whether an instance of the last tier sends to a part only, and has nobody up there. */
bool reach_is_vacant(const struct world *world, uint32_t instance);
/* Of an instance of the last tier something has changed. */
RARE void reach_tell(struct world *world, uint32_t instance);
/* An instance of the tier before the last gets its picture of the last. */
RARE void reach_show(const struct world *world, struct backends *backends);

#endif
