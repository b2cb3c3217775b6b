/* SPDX-License-Identifier: GPL-3.0-or-later
   Balancing by DNS as bound.  Constant once loaded. */
#ifndef MODELS_SCENARIO_DNS_H
#define MODELS_SCENARIO_DNS_H

#include "models/scenario_balancer.h"

struct config;
struct problems;
struct scenario;

/* A site is a zone in which the first tier of balancers has instances. */
struct scenario_dns_site {
    const char *zone;
    uint64_t priority;
    double ratio;
    uint64_t min_up; /* pods */
};

/* Users who keep an answer longer than they should. */
struct scenario_dns_cache {
    double share;
    sim_time time;
};

struct scenario_dns {
    struct param_kind policy;        /* dns_kinds; kind NULL: there is no DNS */
    sim_time ttl;
    struct scenario_health health_check;
    struct param_kind lookup;        /* dist_kinds, ns; absent: no time */
    struct param_kind resolvers;     /* key_kinds; absent: one for each user */
    const char *resolver_zone;       /* NULL: that of the client group */
    struct scenario_dns_cache client_cache;
    struct param_list sites;         /* of struct scenario_dns_site; none: all zones */
};

extern const struct param scenario_dns_params[];

static inline bool scenario_dns_is_used(const struct scenario_dns *dns)
{
    return dns->policy.kind != NULL;
}

/* Of struct scenario_dns_site: those given, or all zones of the first tier, made in `arena`. */
struct param_list scenario_dns_sites(const struct scenario *scenario, struct arena *arena);
/* What no single row can say. */
void scenario_dns_check(const struct scenario *scenario, const struct config *config,
                        struct problems *problems);

#endif
