/* SPDX-License-Identifier: GPL-3.0-or-later
   The ways between tiers of balancers, and what distances between zones add to them. */
#ifndef MODELS_TIER_WAY_H
#define MODELS_TIER_WAY_H

#include "models/network.h"
#include "models/path.h"

/* Which way a delay is for: added to the key of its stream. */
enum { TIER_WAY_INWARDS, TIER_WAY_BACK };

/* Sends an attempt from tier `index` to the next, or back from there; true when it takes no
   time: it has arrived. */
bool tier_way_travel(struct world *world, uint32_t index, uint32_t slot, uint64_t way);
/* What zones add between the client and its instance of the first tier. */
sim_time tier_way_entry(const struct world *world, const struct path *path, uint32_t slot,
                        enum network_way way);
/* The time that a message named `what` takes through the outer tiers. */
sim_time tier_way_delay_inwards(const struct world *world, const struct trace_row *row,
                                uint64_t what);

#endif
