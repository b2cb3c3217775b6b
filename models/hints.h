/* SPDX-License-Identifier: GPL-3.0-or-later
   Topology hints: which zone is to use which endpoint, as the EndpointSlice controller of
   Kubernetes gives them out (topologycache: AddHints, getAllocations,
   getGivingAndReceivingZones, redistributeHints).  Each zone is due a share of the endpoints by
   its share of CPU; where no zone can have enough, there are no hints at all. */
#ifndef MODELS_HINTS_H
#define MODELS_HINTS_H

#include <stdint.h>

enum hints_state {
    HINTS_ON,
    HINTS_NO_NODES,     /* it is not known how much CPU a zone has */
    HINTS_ONE_ZONE,     /* all nodes are in one */
    HINTS_FEW,          /* fewer endpoints than zones */
    HINTS_OVERLOAD,     /* some zone would have more than 120 % of the mean load */
    HINTS_NO_ZONE,      /* an endpoint is in no zone */
    HINTS_STATES
};

/* Why, in words: "some pods are in no zone". */
extern const char *const hints_reasons[HINTS_STATES];

struct hints_order {
    const uint32_t *zones; /* of the endpoints that are ready: its number, from 1; 0: none */
    uint32_t count;
    const uint32_t *nodes; /* by number of zone, [0] unused: nodes there, all of one size */
    uint32_t zone_count;
};

/* Fills `hints`, by endpoint, with the zone that it is for, where they are on.  Endpoints are
   in one slice, in their order; where the product takes any of several zones, the one with the
   lowest number. */
enum hints_state hints_assign(const struct hints_order *order, uint32_t *hints);

#endif
