/* SPDX-License-Identifier: GPL-3.0-or-later
   The tables of a scenario file. */
#include "models/scenario.h"

#include "models/arrival.h"
#include "models/autoscale.h"
#include "models/endpoints.h"
#include "models/fault_plan.h"
#include "models/host_sets.h"
#include "models/key.h"
#include "models/rate.h"
#include "models/replay.h"
#include "models/scenario_place.h"
#include "models/scenario_tiers.h"
#include "sim/engine/dist.h"

#include <stddef.h>

static const struct param scenario_client_params[] = {
    {.key = "name", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_client, name, const char *), .fallback = "clients",
     .help = "of the group, in reports"},
    {.key = "arrivals", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_client, arrivals, struct param_kind),
     .of.kinds = &arrival_kinds, .help = "when requests are due"},
    {.key = "rate", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_client, rate, struct param_kind), .fallback = "",
     .of.kinds = &rate_kinds,
     .help = "a factor on the rate of an open arrival process that changes with time"},
    {.key = "demand", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_client, demand, struct param_kind), .fallback = "",
     .of.kinds = &dist_kinds, .help = "work of a request: its service time at speed 1"},
    {.key = "key", .type = PARAM_KIND, .unit = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct scenario_client, key, struct param_kind), .fallback = "",
     .of.kinds = &key_kinds, .help = "what a request asks for"},
    {.key = "size", .type = PARAM_KIND, .unit = PARAM_SIZE,
     .offset = PARAM_FIELD(struct scenario_client, size, struct param_kind), .fallback = "",
     .of.kinds = &dist_kinds, .help = "bytes of the answer"},
    {.key = "users", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_client, users, uint64_t), .fallback = "1", .min = 1,
     .max = 1e9, .help = "who sends: each request of an open group is one user's, at random"},
    {.key = "timeout", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_client, timeout, sim_time), .fallback = "none",
     .also = "none", .min = 1, .max = SCENARIO_TIME_MAX,
     .help = "after which the client gives up; the pod does the work all the same, unless "
             "balancers.cancel stops it"},
    {.key = "connections", .type = PARAM_MAP,
     .offset = offsetof(struct scenario_client, connections), .fallback = "",
     .of.fields = scenario_connections_params, .size = sizeof(struct scenario_connections),
     .help = "requests are sent on connections that are kept; absent: each finds its way for "
             "itself"},
    {.key = "zone", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_client, zone, const char *), .fallback = "",
     .help = "where the clients are: they send to balancers of the first tier in this zone, if "
             "there are any; absent: nowhere in particular"},
    PARAM_END,
};

static const struct param scenario_client_item = {
    .key = "clients", .type = PARAM_MAP, .of.fields = scenario_client_params,
    .size = sizeof(struct scenario_client), .help = "a group of clients that behave alike"};

static const char *const scenario_disciplines[] = {"fifo", "lifo", "ps", NULL};

static const struct param scenario_cache_params[] = {
    {.key = "capacity", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_cache, capacity, uint64_t), .min = 1, .max = 1e7,
     .help = "keys that a pod keeps; the least recently used makes room"},
    {.key = "miss", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_cache, miss, struct param_kind),
     .of.kinds = &dist_kinds, .help = "further work of a request whose key is not there"},
    PARAM_END,
};

static const struct param scenario_pods_params[] = {
    {.key = "name", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_pods, name, const char *), .fallback = "pod",
     .help = "of the group; its pods are name-0, name-1, …"},
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_pods, count, uint64_t), .fallback = "1", .min = 1,
     .max = SCENARIO_PODS_MAX, .help = "how many pods"},
    {.key = "speed", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct scenario_pods, speed, double), .fallback = "1", .min = 1e-6,
     .max = 1e6, .help = "of each worker: work done per time"},
    {.key = "weight", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct scenario_pods, weight, double), .fallback = "1", .min = 0,
     .max = 1e6, .help = "as configured in the balancers"},
    {.key = "priority", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_pods, priority, uint64_t), .fallback = "0",
     .max = HOST_SETS_LEVELS_MAX - 1,
     .help = "0 is the highest; pods of the next ones get what is left over when fewer than "
             "1/1.4 of the higher ones are up, as in Envoy"},
    {.key = "workers", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_pods, workers, uint64_t), .fallback = "1", .min = 1,
     .max = 1000000, .help = "requests that a pod serves at once"},
    {.key = "queue", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_pods, queue, uint64_t), .fallback = "unlimited",
     .also = "unlimited", .min = 0, .max = 4e9,
     .help = "requests that may wait at a pod; further ones are rejected"},
    {.key = "discipline", .type = PARAM_CHOICE,
     .offset = PARAM_FIELD(struct scenario_pods, discipline, uint32_t), .fallback = "fifo",
     .of.words = scenario_disciplines,
     .help = "who is served next: first come, last come, or all at once sharing the workers"},
    {.key = "cache", .type = PARAM_MAP, .offset = offsetof(struct scenario_pods, cache),
     .fallback = "", .of.fields = scenario_cache_params, .size = sizeof(struct scenario_cache),
     .help = "what each pod keeps at hand, by key; cold at the start"},
    {.key = "zone", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_pods, zone, const char *), .fallback = "",
     .help = "where the pods are"},
    {.key = "nodes", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_pods, nodes, uint64_t), .fallback = "none",
     .also = "none", .min = 1, .max = 1e6,
     .help = "the pods are in turn on so many nodes: node-0, node-1, … (in a zone: "
             "ZONE-node-0), which groups of one zone share"},
    {.key = "start", .type = PARAM_MAP, .offset = offsetof(struct scenario_pods, start),
     .fallback = "", .of.fields = lifecycle_start_params,
     .size = sizeof(struct lifecycle_start),
     .help = "what a pod that is added goes through until it is ready; absent: no time at all"},
    {.key = "stop", .type = PARAM_MAP, .offset = offsetof(struct scenario_pods, stop),
     .fallback = "", .of.fields = lifecycle_stop_params, .size = sizeof(struct lifecycle_stop),
     .help = "how a pod that is removed ends; absent: it serves all that it is sent, for ever"},
    PARAM_END,
};

static const struct param scenario_pods_item = {
    .key = "pods", .type = PARAM_MAP, .of.fields = scenario_pods_params,
    .size = sizeof(struct scenario_pods), .help = "a group of pods alike"};

static const struct param scenario_network_params[] = {
    {.key = "to_balancer", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_network, to_balancer, struct param_kind),
     .fallback = "0s", .of.kinds = &dist_kinds,
     .help = "one way between client and balancer; each way draws its own"},
    {.key = "to_pod", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_network, to_pod, struct param_kind),
     .fallback = "0s", .of.kinds = &dist_kinds,
     .help = "one way between balancer and pod; each way draws its own"},
    {.key = "zones", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario_network, zones, struct param_list), .fallback = "",
     .max = 1000, .of.item = &scenario_distance_item,
     .help = "distances between zones, as in `{between: [a, b], delay: 1ms}`"},
    {.key = "cross_zone", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_network, cross_zone, struct param_kind),
     .fallback = "", .of.kinds = &dist_kinds,
     .help = "delay, one way, between any other two zones, on top of all others; each way draws "
             "its own"},
    PARAM_END,
};

static const struct param scenario_resize_params[] = {
    {.key = "pods", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_resize, pods, const char *),
     .help = "a group of pods"},
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_resize, count, uint64_t), .fallback = "1", .min = 1,
     .max = SCENARIO_PODS_MAX, .help = "how many; a group grows by the next numbers"},
    PARAM_END,
};

static const struct param scenario_removal_params[] = {
    {.key = "pods", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_resize, pods, const char *),
     .help = "a group of pods, or one of its pods"},
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_resize, count, uint64_t), .fallback = "1", .min = 1,
     .max = SCENARIO_PODS_MAX, .help = "how many; a group shrinks from the highest number"},
    {.key = "grace", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_resize, grace, sim_time), .fallback = "default",
     .also = "default", .max = SCENARIO_TIME_MAX,
     .help = "after which all that is still open there is reset (terminationGracePeriodSeconds); "
             "default: stop.grace of the group, or never"},
    PARAM_END,
};

static const struct param scenario_eviction_params[] = {
    {.key = "pods", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_resize, pods, const char *),
     .help = "a group of pods, or one of its pods"},
    {.key = "count", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_resize, count, uint64_t), .fallback = "1", .min = 1,
     .max = SCENARIO_PODS_MAX, .help = "how many, from the highest number"},
    {.key = "notice", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_resize, grace, sim_time), .fallback = "30s",
     .min = 1, .max = SCENARIO_TIME_MAX,
     .help = "after which the machine is gone, whatever the group's stop.grace"},
    PARAM_END,
};

static const struct param scenario_reweigh_params[] = {
    {.key = "pods", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_reweigh, pods, const char *),
     .help = "a group of pods, or one of its pods"},
    {.key = "weight", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct scenario_reweigh, weight, double), .min = 0, .max = 1e6,
     .help = "the new weight of each"},
    PARAM_END,
};

static const struct param scenario_change_params[] = {
    {.key = "at", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_change, at, sim_time), .max = SCENARIO_TIME_MAX,
     .help = "when, from the start of the run"},
    {.key = "add", .type = PARAM_MAP, .offset = offsetof(struct scenario_change, add),
     .fallback = "", .of.fields = scenario_resize_params,
     .size = sizeof(struct scenario_resize), .help = "new pods join a group"},
    {.key = "remove", .type = PARAM_MAP, .offset = offsetof(struct scenario_change, remove),
     .fallback = "", .of.fields = scenario_removal_params,
     .size = sizeof(struct scenario_resize),
     .help = "pods leave the list; what they have is served to its end, unless the group says "
             "how its pods stop"},
    {.key = "roll", .type = PARAM_MAP, .offset = offsetof(struct scenario_change, roll),
     .fallback = "", .of.fields = rollout_params, .size = sizeof(struct rollout_config),
     .help = "new pods take the place of all of a group, little by little, as a Deployment "
             "does"},
    {.key = "evict", .type = PARAM_MAP, .offset = offsetof(struct scenario_change, evict),
     .fallback = "", .of.fields = scenario_eviction_params,
     .size = sizeof(struct scenario_resize),
     .help = "pods lose their machine; others are created at once in their place"},
    {.key = "down", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_change, down, const char *), .fallback = "",
     .help = "a group or a pod is marked down: it stays in the list and gets nothing"},
    {.key = "up", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_change, up, const char *), .fallback = "",
     .help = "a group or a pod that was marked down is up again"},
    {.key = "weight", .type = PARAM_MAP, .offset = offsetof(struct scenario_change, weight),
     .fallback = "", .of.fields = scenario_reweigh_params,
     .size = sizeof(struct scenario_reweigh), .help = "pods get another weight"},
    PARAM_END,
};

static const struct param scenario_change_item = {
    .key = "membership", .type = PARAM_MAP, .of.fields = scenario_change_params,
    .size = sizeof(struct scenario_change), .help = "a change in the list of pods"};

static const struct param scenario_fault_params[] = {
    {.key = "kind", .type = PARAM_KIND, .unit = PARAM_DURATION, .beside = true,
     .offset = PARAM_FIELD(struct scenario_fault, kind, struct param_kind),
     .of.kinds = &fault_kinds, .help = "what goes wrong"},
    {.key = "on", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_fault, on, const char *), .fallback = "",
     .help = "a group of pods, or one of its pods; absent: all pods"},
    {.key = "zone", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_fault, zone, const char *), .fallback = "",
     .help = "only pods of this zone"},
    {.key = "node", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_fault, node, const char *), .fallback = "",
     .help = "only pods on this node"},
    {.key = "pick", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_fault, pick, uint64_t), .fallback = "all",
     .also = "all", .min = 1, .max = SCENARIO_PODS_MAX,
     .help = "so many of these pods, drawn at random in each replication"},
    {.key = "from", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_fault, from, sim_time), .fallback = "0s",
     .max = SCENARIO_TIME_MAX, .help = "when it begins, from the start of the run"},
    {.key = "to", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_fault, to, sim_time), .fallback = "never",
     .also = "never", .min = 1, .max = SCENARIO_TIME_MAX, .help = "when it is over"},
    {.key = "up", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_fault, up, struct param_kind), .fallback = "",
     .of.kinds = &dist_kinds,
     .help = "time that a pod is well before each episode, drawn for each pod anew (time to "
             "failure); absent: one episode, from `from` on"},
    {.key = "lasts", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_fault, lasts, struct param_kind), .fallback = "",
     .of.kinds = &dist_kinds, .help = "how long each episode lasts (time to repair)"},
    {.key = "together", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct scenario_fault, together, bool), .fallback = "false",
     .help = "random episodes come to all the pods at the same times"},
    PARAM_END,
};

static const struct param scenario_fault_item = {
    .key = "faults", .type = PARAM_MAP, .of.fields = scenario_fault_params,
    .size = sizeof(struct scenario_fault), .help = "something that goes wrong"};

static const struct param scenario_expect_item = {
    .key = "expect", .type = PARAM_TEXT,
    .help = "one thing that must hold"};

static const struct param scenario_autoscale_item = {
    .key = "autoscale", .type = PARAM_MAP, .of.fields = autoscale_params,
    .size = sizeof(struct autoscale), .help = "an autoscaler of a group of pods"};

static const struct param scenario_vary_value = {
    .key = "values", .type = PARAM_TEXT, .help = "one value"};

static const struct param scenario_vary_params[] = {
    {.key = "path", .type = PARAM_TEXT,
     .offset = PARAM_FIELD(struct scenario_vary, path, const char *),
     .help = "which value, as in --set"},
    {.key = "values", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario_vary, values, struct param_list), .min = 1,
     .max = 1000, .of.item = &scenario_vary_value,
     .help = "what it is in turn"},
    PARAM_END,
};

static const struct param scenario_vary_item = {
    .key = "vary", .type = PARAM_MAP, .of.fields = scenario_vary_params,
    .size = sizeof(struct scenario_vary), .help = "a value that is varied"};

const struct param scenario_params[] = {
    {.key = "version", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario, version, uint64_t), .min = 1, .max = 1,
     .help = "of the scenario format: 1"},
    {.key = "name", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario, name, const char *),
     .help = "names the folder of the results"},
    {.key = "summary", .type = PARAM_TEXT,
     .offset = PARAM_FIELD(struct scenario, summary, const char *), .fallback = "",
     .help = "the question that the scenario answers"},
    {.key = "run", .type = PARAM_MAP, .offset = offsetof(struct scenario, run),
     .fallback = "{}", .of.fields = scenario_run_params, .size = sizeof(struct scenario_run),
     .help = "how long, how often, from which seed"},
    {.key = "clients", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario, clients, struct param_list), .min = 1,
     .max = 1000, .of.item = &scenario_client_item, .help = "who sends requests"},
    {.key = "pods", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario, pods, struct param_list), .min = 1, .max = 100000,
     .of.item = &scenario_pods_item, .help = "who serves them"},
    {.key = "network", .type = PARAM_MAP, .offset = offsetof(struct scenario, network),
     .fallback = "{}", .of.fields = scenario_network_params,
     .size = sizeof(struct scenario_network), .help = "delays between the parts"},
    {.key = "balancers", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario, balancers, struct param_list), .min = 1,
     .max = SCENARIO_TIERS_MAX, .of.item = &scenario_balancer_item,
     .help = "tiers of balancers from the client inwards, usually one; each sends to the next"},
    {.key = "membership", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario, membership, struct param_list), .fallback = "",
     .max = 10000, .of.item = &scenario_change_item,
     .help = "changes in the list of pods that the balancers have"},
    {.key = "faults", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario, faults, struct param_list), .fallback = "",
     .max = 1000, .of.item = &scenario_fault_item, .help = "what goes wrong, where and when"},
    {.key = "expect", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario, expect, struct param_list), .fallback = "",
     .max = 1000, .of.item = &scenario_expect_item,
     .help = "what must hold, or the run ends with status 99: METRIC [of POLICY] [in SCOPE] OP "
             "VALUE, or OP [FACTOR *] METRIC of POLICY; OP is one of < <= > >=; as in "
             "`p99 of p2c < 60ms`, `error_rate in client web < 0.1%`, `p99 of p2c <= 0.9 * p99 "
             "of random`"},
    {.key = "endpoints", .type = PARAM_MAP, .offset = offsetof(struct scenario, endpoints),
     .fallback = "", .of.fields = endpoints_params, .size = sizeof(struct endpoints_config),
     .help = "how the balancers learn of changes in the list of pods, but for weights; absent: "
             "at once"},
    {.key = "autoscale", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario, autoscale, struct param_list), .fallback = "",
     .max = 100, .of.item = &scenario_autoscale_item,
     .help = "who decides how many pods a group has"},
    {.key = "dns", .type = PARAM_MAP, .offset = offsetof(struct scenario, dns),
     .fallback = "", .of.fields = scenario_dns_params, .size = sizeof(struct scenario_dns),
     .help = "which site clients go to, when a site is a zone with instances of the first tier: "
             "what DNS answers, and who keeps the answer; absent: as `spread` has it"},
    {.key = "vary", .type = PARAM_LIST, .keyed = true,
     .offset = PARAM_FIELD(struct scenario, vary, struct param_list), .fallback = "",
     .max = 100, .of.item = &scenario_vary_item,
     .help = "`lbsim run` runs all combinations of values, as in `{pods.0.count: [8, 10], "
             "clients.web.arrivals.poisson.rate: [600/s, 900/s]}`"},
    PARAM_END,
};

struct scenario *scenario_bind(const struct source *source,
                               const struct config_setting *settings, size_t setting_count,
                               struct arena *arena, struct problems *problems)
{
    struct scenario *scenario = arena_take(arena, 1, sizeof *scenario);
    const struct config *config = config_bind(source, scenario_params, scenario, settings,
                                              setting_count, arena, problems);
    if (config == NULL)
        return NULL;
    scenario->config = config;
    scenario->compared = scenario_tiers_compared(scenario);
    scenario_tiers_count(scenario, config, problems);
    scenario_place_settle(scenario, config, problems);
    scenario_check(scenario, config, problems);
    return problems->errors == 0 ? scenario : NULL;
}

struct scenario *scenario_load(const char *path, const struct config_setting *settings,
                               size_t setting_count, struct arena *arena,
                               struct problems *problems)
{
    const struct source *source = source_read(path, arena, problems);
    return source != NULL ? scenario_bind(source, settings, setting_count, arena, problems)
                          : NULL;
}
