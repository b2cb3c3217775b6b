/* SPDX-License-Identifier: GPL-3.0-or-later
   What deciding costs a balancer in simulated time: fixed, or as `lbsim bench policies`
   measured it for each policy and number of pods.  The file is read once, when the scenario is
   bound, so that a run is the same on any machine. */
#ifndef MODELS_DECISION_H
#define MODELS_DECISION_H

#include "sim/engine/arena.h"
#include "sim/engine/clock.h"
#include "sim/engine/param.h"

struct decision_cost {
    sim_time pick;    /* delays its own request */
    sim_time rebuild; /* of a change of members or weights: keeps the instance busy */
};

/* What was measured of a policy, by rising number of pods. */
struct decision_size {
    double pods, pick_ns, rebuild_ns;
};

struct decision_policy {
    const char *name;
    struct decision_size *sizes;
    size_t count; /* at least 1 */
};

struct decision_config {
    struct decision_cost fixed;
    const char *file; /* NULL where fixed */
    struct decision_policy *policies;
    size_t policy_count;
};

extern const struct kind_list decision_kinds;

/* Whether there is never a cost; whether it is one and the same for every request. */
bool decision_is_free(const struct param_kind *decision);
bool decision_is_even(const struct param_kind *decision);
/* Whether costs are known of the policy of that name. */
bool decision_knows(const struct param_kind *decision, const char *policy);
/* With so many pods up: linear between the sizes that were measured, constant outside. */
struct decision_cost decision_cost(const struct param_kind *decision, const char *policy,
                                   uint32_t pods);

/* Reads config->file.  Usable as kind.check; messages about a line begin with "file:line: ".
   Columns policy, pods, ns_per_pick and us_per_rebuild in any order, others ignored. */
bool decision_load(void *config, struct arena *arena, char *message, size_t size);

#endif
