/* SPDX-License-Identifier: GPL-3.0-or-later
   The table of `dns`, and its checks.  Priorities, ratios and their defaults as those of GSLB
   pools of NSX ALB (Avi), whose DNS answers are valid for 30 s. */
#include "models/scenario_dns.h"

#include "models/dns_policy.h"
#include "models/health.h"
#include "models/key.h"
#include "models/scenario.h"
#include "models/scenario_place.h"
#include "models/scenario_tiers.h"
#include "sim/engine/dist.h"

#include <stddef.h>
#include <string.h>

enum { SCENARIO_DNS_PRIORITY = 10 }; /* where none is given */

static const struct param scenario_dns_site_params[] = {
    {.key = "zone", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_dns_site, zone, const char *),
     .help = "with instances of the first tier of balancers"},
    {.key = "priority", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_dns_site, priority, uint64_t), .fallback = "10",
     .max = 1000,
     .help = "only sites of the highest priority that has any up are answered"},
    {.key = "ratio", .type = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct scenario_dns_site, ratio, double), .fallback = "1",
     .max = 1e6, .help = "its share of the answers, to `policy: ratio`"},
    {.key = "min_up", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct scenario_dns_site, min_up, uint64_t), .fallback = "1",
     .min = 1, .max = SCENARIO_PODS_MAX,
     .help = "with fewer pods that its balancers hold for up and that answer, a check fails"},
    PARAM_END,
};

static const struct param scenario_dns_site_item = {
    .key = "sites", .type = PARAM_MAP, .of.fields = scenario_dns_site_params,
    .size = sizeof(struct scenario_dns_site), .help = "one that may be answered"};

static const struct param scenario_dns_cache_params[] = {
    {.key = "share", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct scenario_dns_cache, share, double), .max = 1,
     .help = "so many of the users"},
    {.key = "time", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_dns_cache, time, sim_time), .min = 1,
     .max = SCENARIO_TIME_MAX, .help = "so long, whatever the TTL"},
    PARAM_END,
};

const struct param scenario_dns_params[] = {
    {.key = "policy", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_dns, policy, struct param_kind),
     .of.kinds = &dns_kinds, .help = "which site is answered"},
    {.key = "ttl", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_dns, ttl, sim_time), .fallback = "30s",
     .max = SCENARIO_TIME_MAX, .help = "a resolver keeps an answer so long"},
    {.key = "sites", .type = PARAM_LIST,
     .offset = PARAM_FIELD(struct scenario_dns, sites, struct param_list), .fallback = "",
     .max = 1000, .of.item = &scenario_dns_site_item,
     .help = "which zones may be answered; absent: all with instances of the first tier"},
    {.key = "health_check", .type = PARAM_MAP,
     .offset = offsetof(struct scenario_dns, health_check), .fallback = "",
     .of.fields = scenario_health_params, .size = sizeof(struct scenario_health),
     .help = "each site is asked now and then whether its pods answer, and is not answered while "
             "down, unless all are; absent: all count as up"},
    {.key = "resolvers", .type = PARAM_KIND, .unit = PARAM_NUMBER,
     .offset = PARAM_FIELD(struct scenario_dns, resolvers, struct param_kind), .fallback = "",
     .of.kinds = &key_kinds,
     .help = "which resolver a user of a client group asks: all who share one share its answer, "
             "as in `{zipf: {count: 1000}}`; absent: each user has one alone"},
    {.key = "resolver_zone", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct scenario_dns, resolver_zone, const char *), .fallback = "",
     .help = "where all resolvers are (public DNS); absent: where their clients are"},
    {.key = "lookup", .type = PARAM_KIND, .unit = PARAM_DURATION,
     .offset = PARAM_FIELD(struct scenario_dns, lookup, struct param_kind), .fallback = "",
     .of.kinds = &dist_kinds,
     .help = "time until a resolver that has no answer has one; 0s if absent"},
    {.key = "client_cache", .type = PARAM_MAP,
     .offset = offsetof(struct scenario_dns, client_cache), .fallback = "",
     .of.fields = scenario_dns_cache_params, .size = sizeof(struct scenario_dns_cache),
     .help = "users who keep an answer longer than its TTL"},
    PARAM_END,
};

struct param_list scenario_dns_sites(const struct scenario *scenario, struct arena *arena)
{
    if (scenario->dns.sites.count > 0)
        return scenario->dns.sites;
    uint64_t count = scenario_tier(scenario, 0)->count;
    const struct place *places = scenario_place_instances(scenario, 0, arena);
    struct scenario_dns_site *sites = arena_take(arena, count, sizeof *sites);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        bool known = places[i].zone[0] == '\0';
        for (size_t k = 0; k < found && !known; k++)
            known = strcmp(sites[k].zone, places[i].zone) == 0;
        if (!known)
            sites[found++] =
                (struct scenario_dns_site){places[i].zone, SCENARIO_DNS_PRIORITY, 1, 1};
    }
    return (struct param_list){sites, found};
}

/* -- mistakes -- */

static bool scenario_dns_has(const struct param_list *sites, size_t count, const char *zone)
{
    bool found = false;
    for (size_t i = 0; i < count && !found; i++)
        found = strcmp(PARAM_ITEM(*sites, struct scenario_dns_site, i)->zone, zone) == 0;
    return found;
}

static void scenario_dns_check_sites(const struct scenario *scenario,
                                     const struct param_list *there,
                                     const struct config *config, struct problems *problems)
{
    const struct param_list *sites = &scenario->dns.sites;
    for (size_t i = 0; i < sites->count; i++) {
        const struct scenario_dns_site *site =
            PARAM_ITEM(*sites, struct scenario_dns_site, i);
        if (!scenario_dns_has(there, there->count, site->zone)) {
            problem_add(problems, config_mark(config, &site->zone),
                        "no instance of '%s', the first tier, is in zone '%s'",
                        scenario_tier(scenario, 0)->name, site->zone);
            problem_hint(problems, "its zones are those of `zones` in the first entry of "
                                   "balancers, if `count` is enough for all");
        } else if (scenario_dns_has(sites, i, site->zone)) {
            problem_add(problems, config_mark(config, &site->zone),
                        "the site in zone '%s' is there twice", site->zone);
            problem_hint(problems, "a zone is one site; `ratio` gives it more of the answers");
        }
    }
}

static bool scenario_dns_has_clients(const struct scenario *scenario, const char *zone)
{
    bool found = false;
    for (size_t i = 0; i < scenario->clients.count && !found; i++) {
        const char *own = PARAM_ITEM(scenario->clients, struct scenario_client, i)->zone;
        found = own != NULL && strcmp(own, zone) == 0;
    }
    return found;
}

/* Whether some resolver is in a zone. */
static bool scenario_dns_asks(const struct scenario *scenario, const char *zone)
{
    const char *all = scenario->dns.resolver_zone;
    return all != NULL ? strcmp(all, zone) == 0 : scenario_dns_has_clients(scenario, zone);
}

static void scenario_dns_check_rules(const struct scenario *scenario,
                                     const struct param_list *sites,
                                     const struct config *config, struct problems *problems)
{
    const struct dns_topology *topology = scenario->dns.policy.config;
    for (size_t i = 0; i < topology->rules.count; i++) {
        const struct dns_rule *rule = PARAM_ITEM(topology->rules, struct dns_rule, i);
        if (!scenario_dns_asks(scenario, rule->from)) {
            problem_add(problems, config_mark(config, &rule->from),
                        "no resolver is in zone '%s'", rule->from);
            problem_hint(problems, "resolvers are where their clients are, or all in "
                                   "`dns.resolver_zone`");
        }
        for (size_t k = 0; k < rule->to.count; k++) {
            const char *const *zone = PARAM_ITEM(rule->to, char *, k);
            if (scenario_dns_has(sites, sites->count, *zone))
                continue;
            problem_add(problems, config_mark(config, zone), "there is no site in zone '%s'",
                        *zone);
            problem_hint(problems, "a site is a zone with instances of the first tier, and in "
                                   "`dns.sites` where that is given");
        }
    }
}

/* What goes by where resolvers are. */
static void scenario_dns_check_places(const struct scenario *scenario,
                                      const struct param_list *there,
                                      const struct config *config, struct problems *problems)
{
    const struct scenario_dns *dns = &scenario->dns;
    const char *zone = dns->resolver_zone;
    if (zone != NULL && !scenario_dns_has(there, there->count, zone) &&
        !scenario_dns_has_clients(scenario, zone)) {
        problem_add(problems, config_mark(config, &dns->resolver_zone),
                    "neither clients nor a site are in zone '%s'", zone);
        problem_hint(problems, "name a zone whose distances are known");
    }
    if (!dns_ops(&dns->policy)->wants_places || zone != NULL)
        return;
    for (size_t i = 0; i < scenario->clients.count; i++) {
        const struct scenario_client *client =
            PARAM_ITEM(scenario->clients, struct scenario_client, i);
        if (client->zone != NULL)
            continue;
        problem_add(problems, config_mark(config, client),
                    "dns policy '%s' goes by where resolvers are, and client group '%s' is in "
                    "no zone", dns->policy.kind->name, client->name);
        problem_hint(problems, "give the group a `zone`, or all resolvers a "
                               "`dns.resolver_zone`");
    }
}

static void scenario_dns_check_cost(const struct scenario *scenario,
                                    const struct config *config, struct problems *problems)
{
    const struct param_kind *preset = &scenario->dns.health_check.preset;
    const struct health_config *health = preset->config;
    if (preset->kind == NULL || health->cost == 0)
        return;
    problem_add(problems, config_mark(config, &health->cost),
                "a check of a site is no work to its pods");
    problem_hint(problems, "leave `cost` out; those of balancers may have one");
}

void scenario_dns_check(const struct scenario *scenario, const struct config *config,
                        struct problems *problems)
{
    const struct scenario_dns *dns = &scenario->dns;
    if (!scenario_dns_is_used(dns))
        return;
    struct arena arena = {0};
    struct scenario bare = *scenario;
    bare.dns.sites = (struct param_list){0};
    struct param_list there = scenario_dns_sites(&bare, &arena);
    if (there.count == 0) {
        problem_add(problems, config_mark(config, dns),
                    "dns answers with zones, and no instance of '%s', the first tier, is in any",
                    scenario_tier(scenario, 0)->name);
        problem_hint(problems, "say where its instances are, as in `zones: [east, west]`");
        arena_free(&arena);
        return;
    }
    scenario_dns_check_sites(scenario, &there, config, problems);
    struct param_list sites = scenario_dns_sites(scenario, &arena);
    if (dns->policy.kind == &dns_policy_topology.kind)
        scenario_dns_check_rules(scenario, &sites, config, problems);
    scenario_dns_check_places(scenario, &there, config, problems);
    scenario_dns_check_cost(scenario, config, problems);
    arena_free(&arena);
}
