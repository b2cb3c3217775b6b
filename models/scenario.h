/* SPDX-License-Identifier: GPL-3.0-or-later
   A scenario as bound: traffic, pods, network, balancers, and how long to look.  Constant
   once loaded. */
#ifndef MODELS_SCENARIO_H
#define MODELS_SCENARIO_H

#include "models/scenario_balancer.h"
#include "models/scenario_connections.h"
#include "models/scenario_dns.h"
#include "models/scenario_run.h"
#include "models/lifecycle.h"
#include "models/scenario_change.h"
#include "sim/config/config.h"

struct scenario_client {
    const char *name;
    struct param_kind arrivals;  /* arrival_kinds */
    struct param_kind rate;      /* rate_kinds: a factor on the rate that changes with time */
    struct param_kind demand;    /* dist_kinds, ns of work at speed 1 */
    struct param_kind key;       /* key_kinds; absent: key 0 */
    struct param_kind size;      /* dist_kinds, bytes of the reply; absent: 0 */
    uint64_t users;              /* who sends: each request picks one at random */
    sim_time timeout;            /* SIM_NEVER: none */
    struct scenario_connections connections;
    const char *zone;            /* NULL: nowhere in particular */
};

enum pod_discipline { POD_FIFO, POD_LIFO, POD_PS };

/* What a pod keeps at hand; a request for anything else costs more work. */
struct scenario_cache {
    uint64_t capacity;      /* keys; 0: no cache, every request costs its demand only */
    struct param_kind miss; /* dist_kinds, ns of work at speed 1 */
};

struct scenario_pods {
    const char *name;
    uint64_t count;
    double speed, weight;
    uint64_t priority;   /* 0 the highest */
    uint64_t workers;
    uint64_t queue;      /* UINT64_MAX: unlimited */
    uint32_t discipline; /* enum pod_discipline */
    struct scenario_cache cache;
    const char *zone;
    uint64_t nodes;      /* its pods are on so many nodes in turn; UINT64_MAX: none known */
    struct lifecycle_start start;
    struct lifecycle_stop stop;
};

struct scenario_network {
    struct param_kind to_balancer, to_pod; /* dist_kinds, ns; each way draws its own */
    struct param_list zones;               /* of struct scenario_distance */
    struct param_kind cross_zone;          /* dist_kinds, ns: between other zones; absent: 0 */
};

struct scenario_fault {
    struct param_kind kind;             /* fault_kinds */
    const char *on, *zone, *node;       /* NULL: whichever */
    uint64_t pick;                      /* so many of these, at random; UINT64_MAX: all */
    sim_time from, to;                  /* to SIM_NEVER: for good */
    struct param_kind up, lasts;        /* dist_kinds, ns: between episodes, and of each */
    bool together;                      /* random times are the same for all pods */
};

/* A setting that a sweep varies. */
struct scenario_vary {
    const char *path;         /* as in --set */
    struct param_list values; /* of const char *: each as in --set */
};

struct scenario {
    uint64_t version;
    const char *name, *summary;
    struct scenario_run run;
    struct param_list clients;   /* of struct scenario_client */
    struct param_list pods;      /* of struct scenario_pods */
    struct scenario_network network;
    struct param_list balancers;  /* of struct scenario_balancer, from the client inwards */
    size_t compared;              /* the one whose policies are compared */
    struct param_list membership; /* of struct scenario_change */
    struct param_list faults;     /* of struct scenario_fault */
    struct param_list expect;     /* of const char *: see sim/report/expect.h */
    struct param_list vary;       /* of struct scenario_vary; the scenario is one of the grid */
    const struct config *config;  /* where its values stood */
    struct endpoints_config endpoints;
    struct param_list autoscale;  /* of struct autoscale */
    struct scenario_dns dns;
};

extern const struct param scenario_params[];

/* Adds a problem for whatever does not fit together. */
void scenario_check(const struct scenario *scenario, const struct config *config,
                    struct problems *problems);

/* Binds a source and checks.  NULL after adding problems.  Memory from `arena`. */
struct scenario *scenario_bind(const struct source *source,
                               const struct config_setting *settings, size_t setting_count,
                               struct arena *arena, struct problems *problems);
/* The same of a file. */
struct scenario *scenario_load(const char *path, const struct config_setting *settings,
                               size_t setting_count, struct arena *arena,
                               struct problems *problems);

/* Whether a replay brings a column, one of enum replay_column. */
bool scenario_replays(const struct scenario_client *client, unsigned column);
enum { SCENARIO_PODS_MAX = 1000000, SCENARIO_NODE_BYTES = 160 };
/* The node of pod number `number` of a group: ZONE-node-N, or node-N; "" where unknown. */
void scenario_node(const struct scenario_pods *group, uint32_t number,
                   char node[SCENARIO_NODE_BYTES]);

/* Pods in all groups at the beginning, and the work they can do at once (workers times
   speed). */
uint64_t scenario_pod_count(const struct scenario *scenario);
double scenario_capacity(const struct scenario *scenario);
/* Offered load as a share of capacity; NaN for closed loops and where unknown. */
double scenario_load_factor(const struct scenario *scenario);
/* Mean requests per second of all groups that have a rate. */
double scenario_rate(const struct scenario *scenario);
/* The warm-up that `auto` means: the larger of 10 % of the duration and the time of
   20 n rho / (1 - rho)^2 requests, at most half of the duration; *capped says so. */
sim_time scenario_warmup(const struct scenario *scenario, bool *capped);
/* Those that each policy begins with. */
uint64_t scenario_replications(const struct scenario *scenario);

#endif
