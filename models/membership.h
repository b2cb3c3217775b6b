/* SPDX-License-Identifier: GPL-3.0-or-later
   Who is in the list of pods, and when: planned from the scenario before the run, so that
   every pod that will ever be has its slot from the start. */
#ifndef MODELS_MEMBERSHIP_H
#define MODELS_MEMBERSHIP_H

#include "models/scenario.h"

struct world;

/* A pod that is there for some of the run. */
struct membership_pod {
    uint32_t group, number; /* its name is GROUP-NUMBER */
    sim_time joined;
    sim_time left; /* SIM_NEVER: stays */
};

enum membership_change {
    MEMBERSHIP_ADD,
    MEMBERSHIP_REMOVE,
    MEMBERSHIP_DOWN,
    MEMBERSHIP_UP,
    MEMBERSHIP_WEIGHT,
};

/* What happens at one time to some slots. */
struct membership_step {
    sim_time at;
    enum membership_change change;
    double weight; /* MEMBERSHIP_WEIGHT */
    sim_time grace; /* MEMBERSHIP_REMOVE: until they are shut down; SIM_NEVER: not */
    uint32_t *slots;
    uint32_t count;
};

struct membership {
    struct membership_pod *pods; /* by slot: those of the beginning by group, then those added
                                    in order of time */
    uint32_t pod_count;
    struct membership_step *steps; /* in order of time */
    uint32_t step_count;
};

/* Plans all changes: the steps in `arena`, the pods in `brief`, which need not outlive the
   building of a world.  A change that cannot be made (nobody of that name, nobody left to
   remove) becomes a problem at its place; problems NULL: the scenario has been checked. */
void membership_plan(struct membership *membership, const struct scenario *scenario,
                     struct arena *arena, struct arena *brief, const struct config *config,
                     struct problems *problems);

/* Whether a pod is the one called `name`, or any of the group called so. */
bool membership_is_called(const struct scenario *scenario, const struct membership_pod *pod,
                          const char *name);

/* Schedules the steps, noting in the roster what it would not know; and carries one out. */
void membership_schedule(struct world *world);
void membership_step(struct world *world, uint32_t index);
/* Whether some pods that leave are shut down; and shuts them down. */
bool membership_has_grace(const struct membership *membership);
void membership_end_grace(struct world *world, uint32_t index);

#endif
