/* SPDX-License-Identifier: GPL-3.0-or-later
   What deciding costs a balancer in simulated time: fixed; as `lbsim bench policies` measured it
   for each policy and number of pods, from a file that is read once, when the scenario is bound,
   so that a run is the same on any machine; or by the rules of a node of Kubernetes, which are
   written anew now and then (models/decision_rules.c). */
#ifndef MODELS_DECISION_H
#define MODELS_DECISION_H

#include "sim/engine/arena.h"
#include "sim/engine/clock.h"
#include "sim/engine/param.h"

struct decision_cost {
    sim_time pick;    /* delays its own request */
    sim_time rebuild; /* of a change of members or weights: keeps the instance busy */
    bool serial;      /* picks do so too: one after the other */
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

/* Rules that a node agent writes: what a first packet passes, and when news get in. */
struct decision_rules {
    sim_time look_up, per_rule; /* of a first packet: once; and of each rule that it passes */
    uint64_t services;          /* in the cluster, this one included */
    uint64_t endpoints;         /* of each of the others */
    sim_time sync_period;       /* from the start of a sync to that of the next, at least */
    sim_time sync, sync_per_rule; /* what a sync takes: at least, and for each rule there is */
};

struct decision_config {
    struct decision_cost fixed;
    struct decision_rules rules;
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

/* The rules that news of pods wait for to be written, or NULL; how long that takes. */
const struct decision_rules *decision_syncs(const struct param_kind *decision);
sim_time decision_rules_sync(const struct decision_rules *rules, uint32_t pods);
/* What a first packet costs with so many pods: it passes half of all services, and half of the
   rules of its own, on average. */
sim_time decision_rules_pick(const struct decision_rules *rules, uint32_t pods);
extern const struct kind decision_rules_kinds[]; /* ends with a name NULL */

/* Reads config->file.  Usable as kind.check; messages about a line begin with "file:line: ".
   Columns policy, pods, ns_per_pick and us_per_rebuild in any order, others ignored. */
bool decision_load(void *config, struct arena *arena, char *message, size_t size);

#endif
