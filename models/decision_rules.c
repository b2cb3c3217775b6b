/* SPDX-License-Identifier: GPL-3.0-or-later
   The rules of kube-proxy.  iptables: a first packet tries the rules of one service after the
   other, then those of its endpoints; a sync replaces the whole table.  ipvs and nftables look up
   in a hash.  kubernetes.io, "Virtual IPs" (minSyncPeriod) and blog of 2025-02-28. */
#include "models/decision.h"

#define DECISION_RULES_TIME_MAX 3.6e12 /* an hour */
#define DECISION_RULES_TIME(name, fallback_, help_) \
    {.key = #name, .type = PARAM_DURATION, \
     .offset = PARAM_FIELD(struct decision_config, rules.name, sim_time), \
     .fallback = fallback_, .max = DECISION_RULES_TIME_MAX, .help = help_}
#define DECISION_RULES_COUNT(name, fallback_, min_, help_) \
    {.key = #name, .type = PARAM_COUNT, \
     .offset = PARAM_FIELD(struct decision_config, rules.name, uint64_t), \
     .fallback = fallback_, .min = min_, .max = 1e6, .help = help_}

#define DECISION_RULES_CLUSTER \
    DECISION_RULES_COUNT(services, "1", 1, "in the cluster, this one included"), \
    DECISION_RULES_COUNT(endpoints, "10", 0, "of each of the other services")
#define DECISION_RULES_SYNC_PERIOD \
    DECISION_RULES_TIME(sync_period, "1s", \
                        "at least, from the start of a sync to that of the next " \
                        "(minSyncPeriod): news of pods wait for it")

static const struct param decision_iptables_params[] = {
    DECISION_RULES_CLUSTER,
    DECISION_RULES_TIME(per_rule, "20ns",
                        "of a connection's first packet, for each rule that it tries: half of "
                        "the services and of its own endpoints; an assumption"),
    DECISION_RULES_SYNC_PERIOD,
    DECISION_RULES_TIME(sync_per_rule, "10us",
                        "of a sync, for each of services x (1 + endpoints) rules; an assumption, "
                        "see sync_proxy_rules_duration_seconds of your kube-proxy"),
    PARAM_END,
};

static const struct param decision_ipvs_params[] = {
    DECISION_RULES_CLUSTER,
    DECISION_RULES_TIME(look_up, "200ns", "of a connection's first packet; an assumption"),
    DECISION_RULES_SYNC_PERIOD,
    DECISION_RULES_TIME(sync_per_rule, "1us",
                        "of a sync, which compares each of services x (1 + endpoints); an "
                        "assumption, see sync_proxy_rules_duration_seconds of your kube-proxy"),
    PARAM_END,
};

static const struct param decision_nftables_params[] = {
    DECISION_RULES_TIME(look_up, "200ns", "of a connection's first packet; an assumption"),
    DECISION_RULES_SYNC_PERIOD,
    DECISION_RULES_TIME(sync, "10ms",
                        "of a sync, which writes what has changed, however many services there "
                        "are; an assumption, see sync_proxy_rules_duration_seconds of yours"),
    PARAM_END,
};

const struct kind decision_rules_kinds[] = {
    {.name = "iptables",
     .summary = "kube-proxy, iptables: a first packet tries rule after rule, a sync writes all",
     .params = decision_iptables_params,
     .config_size = sizeof(struct decision_config)},
    {.name = "ipvs",
     .summary = "kube-proxy, ipvs: a look-up in a hash, a sync looks through all",
     .params = decision_ipvs_params,
     .config_size = sizeof(struct decision_config)},
    {.name = "nftables",
     .summary = "kube-proxy, nftables: a look-up in a hash, a sync writes what has changed",
     .params = decision_nftables_params,
     .config_size = sizeof(struct decision_config)},
    {.name = NULL},
};

sim_time decision_rules_pick(const struct decision_rules *rules, uint32_t pods)
{
    double tried = ((double)rules->services + 1) / 2 + ((double)pods + 1) / 2;
    return rules->look_up + sim_time_of((double)rules->per_rule * tried);
}

sim_time decision_rules_sync(const struct decision_rules *rules, uint32_t pods)
{
    double others = rules->services > 0 ? (double)rules->services - 1 : 0;
    double written = others * (1 + (double)rules->endpoints) + 1 + pods;
    return rules->sync + sim_time_of((double)rules->sync_per_rule * written);
}
