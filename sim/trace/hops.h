/* SPDX-License-Identifier: GPL-3.0-or-later
   What an attempt met before the last tier of balancers and on the way back from it: in
   columns of its own beside a row, kept only where there are several tiers or connections.
   Hops before the last tier are of the request, so its attempts share them. */
#ifndef SIM_TRACE_HOPS_H
#define SIM_TRACE_HOPS_H

#include "sim/engine/clock.h"

#include <stdint.h>

enum { HOPS_OUTER_MAX = 4, HOPS_TIERS_MAX = HOPS_OUTER_MAX + 1 };

/* By tier from the client inwards, the last included, unless for those before it only. */
struct trace_hops {
    sim_time connect;                /* connection set-up */
    sim_time there[HOPS_TIERS_MAX];  /* on the way to the tier */
    sim_time back[HOPS_TIERS_MAX];   /* from the tier to the one before, or to the client */
    sim_time inside[HOPS_OUTER_MAX]; /* in the tier */
    uint16_t instances[HOPS_OUTER_MAX];
    uint8_t reached; /* how many tiers it came to */
};

#endif
