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
    sim_time created; /* SIM_NEVER: an autoscaler may make it */
    sim_time joined;  /* when it is ready; SIM_NEVER likewise */
    sim_time left;    /* SIM_NEVER: stays */
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
    double weight;  /* MEMBERSHIP_WEIGHT */
    sim_time grace; /* MEMBERSHIP_REMOVE; SIM_NEVER: as the group has it */
    uint32_t *slots;
    uint32_t count;
};

struct membership {
    struct membership_pod *pods; /* by slot: those of the beginning by group, then those added
                                    in order of time, then those kept for autoscalers */
    uint32_t pod_count;
    struct membership_step *steps; /* in order of time */
    uint32_t step_count;
    uint32_t *kept; /* by autoscaler: its first slot of those kept for it; and one more */
};

struct membership_order {
    const struct scenario *scenario;
    uint64_t key;         /* of the streams that the starts of pods are drawn from */
    struct arena *arena;  /* for the steps */
    struct arena *brief;  /* for the pods, which need not outlive the building of a world */
    const struct config *config;
    struct problems *problems; /* NULL: the scenario has been checked */
};

/* Plans all changes.  One that cannot be made (nobody of that name, nobody left to remove)
   becomes a problem at its place. */
void membership_plan(struct membership *membership, const struct membership_order *order);
/* Pods that may ever be, at most. */
double membership_most(const struct scenario *scenario);

/* Whether a pod is the one called `name`, or any of the group called so. */
bool membership_is_called(const struct scenario *scenario, const struct membership_pod *pod,
                          const char *name);

/* Schedules the steps, noting in the roster what it would not know; and carries one out. */
void membership_schedule(struct world *world);
void membership_step(struct world *world, uint32_t index);

#endif
