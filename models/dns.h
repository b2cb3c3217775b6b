/* SPDX-License-Identifier: GPL-3.0-or-later
   Global balancing by DNS: users ask resolvers where to go, resolvers ask the DNS server of
   the sites and keep its answer for its TTL.  A site is a zone with instances of the first
   tier; the answer decides to which of the sites a request, or a new connection, goes.  What
   is under way, or on a connection, stays.  Only worlds with `dns` have any of it. */
#ifndef MODELS_DNS_H
#define MODELS_DNS_H

#include "models/dns_policy.h"
#include "models/health.h"
#include "models/scenario_dns.h"
#include "sim/engine/key_map.h"
#include "sim/engine/rng.h"

struct path;
struct trace_row;
struct world;

struct dns_site {
    uint64_t priority, min_up;
    uint32_t *entries; /* instances of the first tier */
    uint32_t entry_count;
    uint32_t turn;     /* of the entries, where they take turns */
    uint32_t *balancers; /* instances of the last tier that a check goes through */
    uint32_t balancer_count;
    struct health health;
    sim_time checked;  /* when the check under way began */
};

/* Of a client group. */
struct dns_group {
    uint64_t key;
    const char *zone;         /* of its resolvers; NULL: not known */
    const double *distances;  /* from there, by site; NULL likewise */
    struct key_map resolvers; /* of struct dns_record, by resolver */
    struct key_map keepers;   /* of struct dns_record, by user who keeps answers too long */
};

struct dns {
    const struct scenario_dns *config;
    struct dns_site *sites;
    struct dns_choice *choices; /* by site */
    uint32_t *open;             /* sites that may be answered now */
    uint32_t site_count, open_count, turn;
    struct dns_group *groups;   /* by client group */
    uint32_t group_count;
    struct rng rng;             /* of the checks */
};

/* After the tiers are built; checks begin. */
void dns_open(struct world *world);
void dns_close(struct world *world);

/* The instance of the first tier that a user of a client group goes to now, drawing from `rng`
   where a site has several; *ready: when the user knows. */
uint32_t dns_resolve(struct world *world, uint32_t client, uint32_t user, struct rng *rng,
                     sim_time *ready);
/* The same for a request that is on no connection, whose path gets the instance; returns when
   it can be sent. */
sim_time dns_direct(struct world *world, struct path *path, const struct trace_row *row);

/* Finds out anew which sites may be answered. */
void dns_refresh(struct dns *dns);

/* Begins the checks of all sites; and what was scheduled for one. */
void dns_check_start(struct world *world);
void dns_check_step(struct world *world, uint32_t site, uint32_t step);

#endif
