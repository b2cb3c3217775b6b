/* SPDX-License-Identifier: GPL-3.0-or-later
   The way between client, balancer and pod.  Each leg of an attempt draws its own delay from
   a stream keyed by (request, attempt, leg), so that it does not depend on the policy or on
   what else is under way.  Constant delays go through a lane, none at all through no event. */
#ifndef MODELS_NETWORK_H
#define MODELS_NETWORK_H

#include "sim/engine/event.h"
#include "sim/engine/param.h"
#include "sim/trace/row.h"

struct world;

enum network_way {
    NETWORK_TO_BALANCER,
    NETWORK_TO_POD,
    NETWORK_FROM_POD,
    NETWORK_TO_CLIENT,
    NETWORK_LEGS
};

struct network_leg {
    const struct param_kind *delay; /* dist_kinds, ns */
    bool instant;    /* takes no time at all */
    bool constant;
    bool bent;       /* more than the delay happens on the way, */
    bool held;       /* by faults, paths or connections */
    uint8_t arrival; /* enum event_kind at its end */
    sim_time fixed;  /* when constant */
    event_lane lane; /* when constant and not instant */
    uint64_t key;
};

void network_open(struct world *world);
/* The time that another message about an attempt takes over a leg; `what` names it. */
sim_time network_delay(const struct world *world, enum network_way way,
                       const struct trace_row *row, uint64_t what);
/* Sends an attempt over a leg that takes time. */
void network_carry(struct world *world, enum network_way way, uint32_t slot);
/* The same of the leg's own delay and `more` only, which may be none: true when it has
   arrived. */
bool network_pass(struct world *world, enum network_way way, uint32_t slot, sim_time more);

#endif
