/* SPDX-License-Identifier: GPL-3.0-or-later
   The table of a tier of balancers: what picks, what holds, what finds out, what defends. */
#include "models/scenario_balancer.h"

#include "models/breakers.h"
#include "models/decision.h"
#include "models/engines.h"
#include "models/health.h"
#include "models/hedge.h"
#include "models/locality.h"
#include "models/outlier.h"
#include "models/policy.h"
#include "models/retry.h"
#include "models/shed.h"
#include "models/slow_start.h"
#include "models/sticky.h"
#include "models/tier_preset.h"
#include "models/upstream.h"
#include "sim/engine/dist.h"

#include <stddef.h>

static const struct param scenario_policy_item = {
    .key = "policy", .type = PARAM_KIND, .unit = PARAM_DURATION, .of.kinds = &policy_kinds,
    .labelled = true, .help = "an algorithm with its parameters"};

static const struct param scenario_zone_item = {
    .key = "zones", .type = PARAM_NAME, .help = "a zone"};

static const struct param scenario_node_item = {
    .key = "nodes", .type = PARAM_NAME, .help = "a node, as `nodes` of pods calls them"};

static const char *const scenario_spreads[] = {"random", "round_robin", "by_user", NULL};
static const char *const scenario_pers[] = {"request", "connection", NULL};
static const char *const scenario_reaches[] = {"all", "zone", "node", NULL};
static const char *const scenario_topologies[] = {"none", "hints", "prefer_close",
                                                   "prefer_same_node", NULL};
static const char *const scenario_orders[] = {"fifo", "lifo", NULL};

static const struct param scenario_queue_params[] = {
    {.key = "limit", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_queue, limit, uint64_t), .fallback = "unlimited",
     .also = "unlimited", .min = 0, .max = 4e9,
     .help = "requests that an instance may hold; further ones are refused"},
    {.key = "timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_queue, timeout, sim_time), .fallback = "none",
     .also = "none", .min = 1, .max = SCENARIO_TIME_MAX,
     .help = "after which a held request is refused"},
    {.key = "order", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct scenario_queue, order, uint32_t), .fallback = "fifo",
     .of.words = scenario_orders, .help = "which held request goes first"},
    PARAM_END,
};

const struct param scenario_health_params[] = {
    {.key = "preset", .type = PARAM_KIND, .unit = PARAM_DURATION, .beside = true,
     .offset = PARAM_FIELD(struct scenario_health, preset, struct param_kind),
     .fallback = "custom", .of.kinds = &health_kinds,
     .help = "whose checks: which keys stand beside this, and their defaults"},
    PARAM_END,
};

static const struct param scenario_breakers_params[] = {
    {.key = "preset", .type = PARAM_KIND, .unit = PARAM_DURATION, .beside = true,
     .offset = PARAM_FIELD(struct scenario_breakers, preset, struct param_kind),
     .fallback = "custom", .of.kinds = &breakers_kinds,
     .help = "whose limits: their defaults"},
    PARAM_END,
};

static const struct param scenario_balancer_params[] = {
    {.key = "preset", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, preset, struct param_kind),
     .fallback = "", .of.kinds = &tier_presets, .settings = tier_preset_settings,
     .help = "what this tier is on a real path; says what the keys that are not given are"},
    {.key = "name", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_balancer, name, const char *),
     .fallback = "balancer",
     .help = "of the tier; to the tier before, its instances are pods called NAME-0, NAME-1, …"},
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_balancer, count, uint64_t), .fallback = "1",
     .also = "users", .min = 1, .max = SCENARIO_BALANCERS_MAX,
     .help = "independent instances, each with a view of its own; users: one for each user of "
             "the client group that has most"},
    {.key = "policy", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario_balancer, policy, struct param_list), .min = 1,
     .max = 1000, .of.item = &scenario_policy_item,
     .help = "the algorithms to compare: one run each, on the same requests"},
    {.key = "spread", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct scenario_balancer, spread, uint32_t), .fallback = "random",
     .of.words = scenario_spreads,
     .help = "which instance gets a request, or a connection of a client; of the first tier"},
    {.key = "per", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct scenario_balancer, per, uint32_t), .fallback = "request",
     .of.words = scenario_pers,
     .help = "what is decided for: each request (L7), or each connection of a client, which all "
             "requests on it follow (L4)"},
    {.key = "to_backend", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, to_backend, struct param_kind),
     .fallback = "", .of.kinds = &dist_kinds,
     .help = "one way between this tier and the next, 0s if absent; each way draws its own; "
             "the way to the pods is network.to_pod"},
    {.key = "max_in_flight", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_balancer, max_in_flight, uint64_t),
     .fallback = "unlimited", .also = "unlimited", .min = 1, .max = 4e9,
     .help = "requests that an instance lets be under way at one pod, or one instance of the "
             "next tier (HAProxy's maxconn)"},
    {.key = "pool", .type = PARAM_MAP,
     .offset = offsetof(struct scenario_balancer, pool), .fallback = "",
     .of.fields = upstream_params, .size = sizeof(struct scenario_pool),
     .help = "HTTP/1 to the pods: a request takes an idle connection of the instance to its pod, "
             "or opens one; there may be max_in_flight of them; absent: opening takes no time"},
    {.key = "queue", .type = PARAM_MAP,
     .offset = offsetof(struct scenario_balancer, queue), .fallback = "{}",
     .of.fields = scenario_queue_params, .size = sizeof(struct scenario_queue),
     .help = "where an instance holds requests that no pod may take now"},
    {.key = "decision_cost", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, decision_cost, struct param_kind),
     .fallback = "0s", .of.kinds = &decision_kinds,
     .help = "time that an instance takes to decide about a request (`per: connection`: about "
             "the first of each), and to take note of a change of its pods"},
    {.key = "health_check", .type = PARAM_MAP,
     .offset = offsetof(struct scenario_balancer, health_check), .fallback = "",
     .of.fields = scenario_health_params, .size = sizeof(struct scenario_health),
     .help = "each instance asks each pod now and then whether it is well"},
    {.key = "outlier_detection", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, outlier_detection, struct param_kind),
     .fallback = "", .of.kinds = &outlier_kinds,
     .help = "each instance keeps pods out for a while whose answers to requests are bad"},
    {.key = "slow_start", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, slow_start, struct param_kind),
     .fallback = "", .of.kinds = &slow_start_kinds,
     .help = "a pod that has come up gets its full weight little by little"},
    {.key = "retry", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, retry, struct param_kind),
     .fallback = "", .of.kinds = &retry_kinds,
     .help = "an attempt that failed is tried again by the balancer"},
    {.key = "hedge", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, hedge, struct param_kind),
     .fallback = "", .of.kinds = &hedge_kinds,
     .help = "an attempt that is slow gets another beside it, at another pod; the first "
             "success counts"},
    {.key = "cancel", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct scenario_balancer, cancel, bool), .fallback = "false",
     .help = "a client that goes, or the end of the time for one try, stops the work at the "
             "pod too, after the way there (HTTP/2, gRPC); otherwise the pod does it in vain"},
    {.key = "circuit_breakers", .type = PARAM_MAP,
     .offset = offsetof(struct scenario_balancer, circuit_breakers), .fallback = "",
     .of.fields = scenario_breakers_params, .size = sizeof(struct scenario_breakers),
     .help = "what is beyond these limits of an instance is refused at once"},
    {.key = "shed", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, shed, struct param_kind),
     .fallback = "", .of.kinds = &shed_kinds,
     .help = "an instance with too much to do refuses requests (503)"},
    {.key = "panic", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct scenario_balancer, panic, double), .fallback = "0%",
     .max = 1,
     .help = "with a smaller share of its pods up, and too few in others, all pods of a priority "
             "are taken, up or not (Envoy's healthy_panic_threshold, 50 % there)"},
    {.key = "overprovisioning", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct scenario_balancer, overprovisioning, double),
     .fallback = "140%", .min = 1, .max = 100,
     .help = "times the share of its pods that are up, this is what a priority (or a zone with a "
             "weight) keeps of its requests, at most all; others get the rest (Envoy's "
             "overprovisioning_factor)"},
    {.key = "locality", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, locality, struct param_kind),
     .fallback = "", .of.kinds = &locality_kinds,
     .help = "an instance chooses a zone first, and its policy a pod there; the policy has a "
             "state for each zone"},
    {.key = "scale", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, scale, struct param_kind),
     .fallback = "", .of.kinds = &engines_kinds,
     .help = "instances come and go with their work, up to count of them, behind another tier; "
             "work is the time of decision_cost"},
    {.key = "sticky", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_balancer, sticky, struct param_kind),
     .fallback = "", .of.kinds = &sticky_kinds,
     .help = "send a client where it was sent before, whatever the policy; a retry or a hedge "
             "goes where its own rules say and leaves the session where it was"},
    {.key = "zones", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario_balancer, zones, struct param_list), .fallback = "",
     .min = 1, .max = SCENARIO_BALANCERS_MAX, .of.item = &scenario_zone_item,
     .help = "where the instances are, in turn; clients of a zone send to the instances of the "
             "first tier that are there, if there are any"},
    {.key = "nodes", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario_balancer, nodes, struct param_list), .fallback = "",
     .min = 1, .max = SCENARIO_BALANCERS_MAX, .of.item = &scenario_node_item,
     .help = "which nodes of pods the instances are on, in turn, and so in which zones; `each`: "
             "one instance on each node that there is"},
    {.key = "reach", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct scenario_balancer, reach, uint32_t), .fallback = "all",
     .of.words = scenario_reaches,
     .help = "whom an instance may send to at all: all, or only those in its own zone or on its "
             "own node, and nobody else even where there are none (externalTrafficPolicy: "
             "Local)"},
    {.key = "topology", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct scenario_balancer, topology, uint32_t), .fallback = "none",
     .of.words = scenario_topologies,
     .help = "which of the pods that an instance knows it takes, as kube-proxy: those with a hint "
             "for its zone (Topology Aware Routing: shares of the pods by the nodes of each zone, "
             "none if a zone would have more than 120 % of the mean load), those of its zone "
             "(trafficDistribution: PreferClose), or of its node, else its zone "
             "(PreferSameNode); all where there are none"},
    PARAM_END,
};

const struct param scenario_balancer_item = {
    .key = "balancers", .type = PARAM_MAP, .of.fields = scenario_balancer_params,
    .size = sizeof(struct scenario_balancer),
    .help = "a tier of balancers; only the last can defend itself (health checks, retries, …)"};
