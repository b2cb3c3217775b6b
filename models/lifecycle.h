/* SPDX-License-Identifier: GPL-3.0-or-later
   How pods start and stop, on the timeline of Kubernetes: a new one is scheduled, fetches its
   image, starts and is found ready; one that is deleted goes on through its preStop hook, then
   takes no new connections, and is killed when its grace is over. */
#ifndef MODELS_LIFECYCLE_H
#define MODELS_LIFECYCLE_H

#include "sim/engine/param.h"
#include "sim/engine/rng.h"

struct world;
struct scenario;
struct scenario_pods;

struct lifecycle_readiness {
    sim_time initial_delay, period; /* period 0: ready as soon as it has started */
    uint64_t successes;             /* probes in a row */
};

struct lifecycle_start {
    struct param_kind schedule, image, start; /* dist_kinds, ns; kind NULL: 0 */
    struct lifecycle_readiness readiness;
};

struct lifecycle_stop {
    sim_time pre_stop;
    sim_time grace; /* SIM_NEVER: never killed; 0: the group does not say how its pods stop */
    bool drain;     /* after pre_stop what it has is finished; else it is broken off */
};

/* What is known of a pod's life; only worlds whose pods start or stop have any. */
struct life {
    const struct scenario_pods *group;
    bool is_over; /* nothing more happens to it */
};

extern const struct param lifecycle_start_params[]; /* of struct lifecycle_start */
extern const struct param lifecycle_stop_params[];  /* of struct lifecycle_stop */

/* From the creation of the pod called `name` until it is ready: the same whatever else happens
   in the run with this key. */
sim_time lifecycle_ready_after(const struct lifecycle_start *start, uint64_t key,
                               const char *name);

/* Whether a pod of the scenario may ever refuse or break what was sent to it by stopping. */
bool lifecycle_is_used(const struct scenario *scenario);
void lifecycle_open(struct world *world);

/* A pod was created and joins when it is ready. */
void lifecycle_start(struct world *world, uint32_t slot);
/* A pod is deleted; `grace` SIM_NEVER: that of its group. */
void lifecycle_stop(struct world *world, uint32_t slot, sim_time grace);
/* What was scheduled for a pod. */
void lifecycle_step(struct world *world, uint32_t slot, uint32_t what);

#endif
