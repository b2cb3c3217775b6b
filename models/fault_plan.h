/* SPDX-License-Identifier: GPL-3.0-or-later
   When faults begin and end, and where.  A site is where the episodes of one fault come and
   go together: one pod, or all pods that the fault is on.  Its times come from a stream of
   its own, so that they do not depend on load or policy. */
#ifndef MODELS_FAULT_PLAN_H
#define MODELS_FAULT_PLAN_H

#include "models/fault.h"
#include "models/scenario.h"

struct world;
struct membership;

struct fault_site {
    const struct scenario_fault *fault;
    uint32_t *slots;
    uint32_t count;
    uint32_t episodes; /* that have begun */
    sim_time began;    /* of the episode under way; SIM_NEVER: none */
    sim_time sound;    /* when the pods had last started: ages count from here, if later */
    sim_time step;     /* when its effect changes next; SIM_NEVER: it does not */
    uint32_t ticket;   /* of what is scheduled */
    struct rng rng;
};

struct fault_plan {
    struct fault_site *sites;
    uint32_t site_count;
    uint32_t *first;  /* by pod slot: its sites begin here in `at`; and one more */
    uint32_t *at;     /* numbers of sites, by pod, in the order of the scenario */
    bool bends_network; /* some fault is between balancer and pod */
};

/* Whom a fault is on, over all pods that will ever be, before any are drawn at random;
   problems NULL: the scenario has been checked. */
void fault_plan_check(const struct scenario *scenario, const struct membership *membership,
                      const struct config *config, struct problems *problems);

/* Chooses the pods and schedules the first episodes. */
void fault_plan_open(struct world *world);
/* What was scheduled for a site under `ticket`: `what` tells which. */
void fault_plan_step(struct world *world, uint32_t site, uint32_t ticket, uint32_t what);
/* A pod has started, or started anew. */
void fault_plan_restart(struct world *world, uint32_t slot);
/* A pod has more under way than it can bear. */
void fault_plan_overload(struct world *world, uint32_t slot);

#endif
