/* SPDX-License-Identifier: GPL-3.0-or-later
   HTTP/1 between the last tier and its pods: an attempt takes the connection of its instance to its
   pod that was idle last, or opens one, which takes round trips.  How many there may be is
   max_in_flight. */
#ifndef MODELS_UPSTREAM_H
#define MODELS_UPSTREAM_H

#include "models/scenario_balancer.h"
#include "models/world.h"

struct world;

/* Of an instance to a pod: when each became idle, the latest last. */
struct upstream {
    sim_time *idle;
    uint32_t count, room;
};

extern const struct param upstream_params[]; /* of struct scenario_pool */

void upstream_open(struct world *world);
void upstream_close(struct world *world);

/* False: the attempt has to wait for its connection, and EVENT_UPSTREAM comes. */
RARE bool upstream_take(struct world *world, uint32_t slot);
/* An attempt sent through `balancer` has been answered by the pod: its connection is idle. */
RARE void upstream_give(struct world *world, uint32_t balancer, uint32_t pod);

#endif
