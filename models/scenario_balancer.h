/* SPDX-License-Identifier: GPL-3.0-or-later
   A tier of balancers as bound.  Constant once loaded. */
#ifndef MODELS_SCENARIO_BALANCER_H
#define MODELS_SCENARIO_BALANCER_H

#include "sim/engine/param.h"

#define SCENARIO_TIME_MAX 1.728e16 /* 200 days: the longest of all times */

enum balancer_spread { SPREAD_RANDOM, SPREAD_ROUND_ROBIN, SPREAD_BY_USER };
enum balancer_order { ORDER_FIFO, ORDER_LIFO };
enum balancer_per { PER_REQUEST, PER_CONNECTION };
enum balancer_reach { REACH_ALL, REACH_ZONE, REACH_NODE };
enum balancer_topology {
    TOPOLOGY_NONE,
    TOPOLOGY_HINTS,
    TOPOLOGY_PREFER_ZONE,
    TOPOLOGY_PREFER_NODE
};

enum { SCENARIO_TIERS_MAX = 5, SCENARIO_BALANCERS_MAX = 65535 };

struct scenario_queue {
    uint64_t limit;   /* UINT64_MAX: unlimited */
    sim_time timeout; /* SIM_NEVER: none */
    uint32_t order;   /* enum balancer_order */
};

/* Connections to the pods. */
struct scenario_pool {
    uint64_t setup;        /* round trips; 0: there are none to speak of */
    sim_time idle_timeout; /* SIM_NEVER: none */
};

struct scenario_health {
    struct param_kind preset; /* health_kinds; kind NULL: no checks */
};

struct scenario_breakers {
    struct param_kind preset; /* breakers_kinds; kind NULL: none */
};

struct scenario_balancer {
    struct param_kind preset; /* tier_presets; absent: none.  All it does is done */
    const char *name;         /* of the tier; its instances are NAME-0, NAME-1, … */
    uint64_t count;           /* independent instances */
    struct param_list zones, nodes; /* of const char *: instance i is at i mod their number;
                                       nodes may be the one word "each" */
    uint32_t reach;           /* enum balancer_reach: whom an instance may send to at all */
    uint32_t topology;        /* enum balancer_topology: whom it takes of those there are now */
    struct param_list policy; /* of struct param_kind, policy_kinds: one run each */
    uint32_t spread;          /* enum balancer_spread: which instance gets a request */
    uint32_t per;             /* enum balancer_per: what it decides for */
    struct param_kind to_backend; /* dist_kinds, ns; to the next tier; absent: no time */
    uint64_t max_in_flight;   /* per pod and instance; UINT64_MAX: unlimited */
    struct scenario_pool pool;
    struct scenario_queue queue;
    struct param_kind decision_cost; /* decision_kinds */
    struct scenario_health health_check;
    struct param_kind outlier_detection; /* outlier_kinds; absent: none */
    struct param_kind slow_start;        /* slow_start_kinds; absent: full weight at once */
    struct param_kind retry;             /* retry_kinds; absent: none */
    struct param_kind hedge;             /* hedge_kinds; absent: none */
    bool cancel;              /* pods are told of what is given up */
    struct scenario_breakers circuit_breakers;
    struct param_kind shed;   /* shed_kinds; absent: none */
    struct param_kind locality; /* locality_kinds; absent: zones do not matter */
    double overprovisioning;  /* what a healthy share of a priority, or zone, is multiplied by */
    double panic;             /* with a smaller share up, all are taken; 0: never */
    struct param_kind scale;  /* engines_kinds; absent: all instances are always there */
    struct param_kind sticky; /* sticky_kinds; absent: each request is picked for anew */
};

extern const struct param scenario_health_params[];
extern const struct param scenario_balancer_item;

#endif
