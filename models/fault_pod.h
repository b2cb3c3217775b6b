/* SPDX-License-Identifier: GPL-3.0-or-later
   What becomes of requests at a pod, and on the way to it, that is under a fault.  Only
   worlds with faults have any of this. */
#ifndef MODELS_FAULT_POD_H
#define MODELS_FAULT_POD_H

#include "models/attempt.h"
#include "models/fault.h"
#include "models/fault_quota.h"
#include "models/network.h"
#include "models/world.h"

struct world;
struct pod;

struct fault_pod {
    struct fault_condition condition;
    double speed;                 /* when well */
    bool is_closed;               /* it has stopped: connections are refused */
    sim_time broke;               /* when it last lost its connections */
    struct attempt_queue serving; /* in service, but for processor sharing */
    uint32_t serving_count;
    struct fault_quota quota;
};

/* By attempt: its service, at the pod's speed of the moment. */
struct fault_service {
    double left;         /* ns of work at speed 1 */
    sim_time since;      /* when `left` was brought up to date */
    sim_time due;        /* when it will be served; other events are stale; SIM_NEVER: not */
    uint16_t status;     /* of an answer that is an error */
};

void fault_pod_open(struct world *world);
void fault_pod_close(struct world *world);

/* A pod is under other conditions from now on. */
void fault_pod_set(struct world *world, uint32_t slot, const struct fault_condition *condition);
/* Everything that the pod has is lost, connections and all. */
void fault_pod_break(struct world *world, uint32_t slot);
/* It runs as fast as its conditions let it now. */
void fault_pod_pace(struct world *world, uint32_t slot);
void fault_pod_forget(struct world *world, uint32_t slot);

/* An attempt arrives: true when the fault has dealt with it. */
RARE bool fault_pod_receive(struct world *world, uint32_t attempt);
/* It fails, after the time that this takes. */
RARE void fault_pod_fail(struct world *world, uint32_t attempt);
/* The work of an attempt, after what a fault makes of it. */
RARE sim_time fault_pod_work(struct world *world, const struct trace_row *row, sim_time work);
RARE void fault_pod_start(struct world *world, struct pod *pod, uint32_t attempt,
                          sim_time work);
/* Whether service really ends now; if so, it is out of the list. */
RARE bool fault_pod_is_served(struct world *world, uint32_t attempt);
/* Service ends now. */
RARE void fault_pod_stop(struct world *world, uint32_t attempt);
/* Sends an attempt over a leg between balancer and pod: the leg's own delay and what a fault
   adds; or it is lost. */
RARE void fault_pod_carry(struct world *world, enum network_way way, uint32_t attempt,
                          sim_time delay);
/* What a fault adds to one way between balancer and pod. */
sim_time fault_pod_delay(const struct fault_condition *condition, struct rng *rng);
/* The status of an answer that is an error. */
uint16_t fault_pod_status(const struct world *world, uint32_t attempt);

#endif
