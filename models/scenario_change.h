/* SPDX-License-Identifier: GPL-3.0-or-later
   Changes of the pods that there are, as bound from a scenario, and how the balancers learn of
   them. */
#ifndef MODELS_SCENARIO_CHANGE_H
#define MODELS_SCENARIO_CHANGE_H

#include "models/rollout.h"

struct scenario_resize {
    const char *pods; /* a group, or one by name; NULL: nothing of the kind */
    uint64_t count;
    sim_time grace;   /* of those who leave; SIM_NEVER: not said */
};

struct scenario_reweigh {
    const char *pods;
    double weight;
};

/* A change of membership: just one of them is there. */
struct scenario_change {
    sim_time at;
    struct scenario_resize add, remove, evict;
    struct rollout_config roll;
    const char *down, *up; /* a group or a pod; NULL: none */
    struct scenario_reweigh weight;
};

/* How the balancers learn of changes: see endpoints.h. */
struct endpoints_config {
    struct param_kind delay; /* dist_kinds, ns; kind NULL: everybody knows at once */
    sim_time batch;
};

#endif
