/* SPDX-License-Identifier: GPL-3.0-or-later
   Resolvers and what they keep:

     a user asks -> [keeps an old answer] -> the resolver has one -> there
                                          -> it has none -> policy, after the lookup -> there

   A run begins in the middle of life: each resolver has an answer that expires at some time
   within the first TTL, evenly, so that not all ask at once. */
#include "models/dns.h"

#include "models/key.h"
#include "models/scenario_place.h"
#include "models/state.h"
#include "models/tiers.h"
#include "sim/engine/dist.h"

#include <stdlib.h>
#include <string.h>

/* An answer that somebody keeps. */
struct dns_record {
    sim_time ready, expires;
    uint32_t site, asked; /* asked: counts lookups */
    bool known;
};

/* -- building -- */

/* One way between two zones, in the mean. */
static double dns_distance(const struct scenario_network *network, const char *from,
                           const char *to)
{
    if (strcmp(from, to) == 0)
        return 0;
    for (size_t i = 0; i < network->zones.count; i++) {
        const struct scenario_distance *distance =
            PARAM_ITEM(network->zones, struct scenario_distance, i);
        const char *one = *PARAM_ITEM(distance->between, char *, 0);
        const char *other = *PARAM_ITEM(distance->between, char *, 1);
        if ((strcmp(one, from) == 0 && strcmp(other, to) == 0) ||
            (strcmp(one, to) == 0 && strcmp(other, from) == 0))
            return dist_mean(&distance->delay);
    }
    return network->cross_zone.kind != NULL ? dist_mean(&network->cross_zone) : 0;
}

/* Those of `count` instances of a tier that are in a zone; all, where there are none. */
static uint32_t dns_list(struct world *world, uint32_t tier, uint32_t count, const char *zone,
                         uint32_t **list)
{
    uint32_t found = 0;
    *list = arena_take(&world->arena, count, sizeof **list);
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(place_of_instance(world, tier, i).zone, zone) == 0)
            (*list)[found++] = i;
    for (uint32_t i = 0; found == 0 && i < count; i++)
        (*list)[i] = i;
    return found > 0 ? found : count;
}

static void dns_build_sites(struct world *world)
{
    struct dns *dns = world->dns;
    struct arena brief = {0};
    struct param_list sites = scenario_dns_sites(world->scenario, &brief);
    dns->site_count = (uint32_t)sites.count;
    dns->sites = arena_take(&world->arena, sites.count, sizeof *dns->sites);
    dns->choices = arena_take(&world->arena, sites.count, sizeof *dns->choices);
    dns->open = arena_take(&world->arena, sites.count, sizeof *dns->open);
    for (uint32_t i = 0; i < dns->site_count; i++) {
        const struct scenario_dns_site *config =
            PARAM_ITEM(sites, struct scenario_dns_site, i);
        struct dns_site *site = &dns->sites[i];
        dns->choices[i] = (struct dns_choice){.zone = config->zone, .ratio = config->ratio};
        site->priority = config->priority;
        site->min_up = config->min_up;
        site->health = (struct health){.is_up = true, .is_known = true};
        site->entry_count =
            dns_list(world, 0, world->entry_count, config->zone, &site->entries);
        site->balancer_count = dns_list(world, world->outer_count, world->balancer_count,
                                        config->zone, &site->balancers);
    }
    arena_free(&brief);
}

static void dns_build_group(struct world *world, uint32_t index)
{
    struct dns *dns = world->dns;
    struct dns_group *group = &dns->groups[index];
    const struct scenario_client *client =
        PARAM_ITEM(world->scenario->clients, struct scenario_client, index);
    group->key = rng_key(rng_key(world->key, client->name, 0), "dns", 0);
    group->zone = dns->config->resolver_zone != NULL ? dns->config->resolver_zone
                                                     : client->zone;
    key_map_init(&group->resolvers, sizeof(struct dns_record));
    key_map_init(&group->keepers, sizeof(struct dns_record));
    if (group->zone == NULL)
        return;
    double *distances = arena_take(&world->arena, dns->site_count, sizeof *distances);
    for (uint32_t i = 0; i < dns->site_count; i++)
        distances[i] = dns_distance(&world->scenario->network, group->zone,
                                    dns->choices[i].zone);
    group->distances = distances;
}

void dns_open(struct world *world)
{
    const struct scenario_dns *config = &world->scenario->dns;
    if (!scenario_dns_is_used(config))
        return;
    struct dns *dns = world->dns = arena_take(&world->arena, 1, sizeof *dns);
    dns->config = config;
    rng_open(&dns->rng, world->key, "dns", 0);
    dns_build_sites(world);
    dns->group_count = (uint32_t)world->scenario->clients.count;
    dns->groups = arena_take(&world->arena, dns->group_count, sizeof *dns->groups);
    for (uint32_t i = 0; i < dns->group_count; i++)
        dns_build_group(world, i);
    dns_refresh(dns);
    dns_check_start(world);
}

void dns_close(struct world *world)
{
    for (uint32_t i = 0; world->dns != NULL && i < world->dns->group_count; i++) {
        key_map_free(&world->dns->groups[i].resolvers);
        key_map_free(&world->dns->groups[i].keepers);
    }
}

/* -- the server -- */

/* With nobody up it answers as if all were: there is nothing better to say. */
void dns_refresh(struct dns *dns)
{
    uint64_t highest = 0;
    bool any = false;
    for (uint32_t i = 0; i < dns->site_count; i++)
        any |= dns->sites[i].health.is_up;
    for (uint32_t i = 0; i < dns->site_count; i++)
        if ((!any || dns->sites[i].health.is_up) && dns->sites[i].priority > highest)
            highest = dns->sites[i].priority;
    dns->open_count = 0;
    for (uint32_t i = 0; i < dns->site_count; i++)
        if ((!any || dns->sites[i].health.is_up) && dns->sites[i].priority == highest)
            dns->open[dns->open_count++] = i;
}

static uint32_t dns_answer(struct dns *dns, const struct dns_group *group, uint64_t resolver)
{
    struct dns_question question = {
        .sites = dns->choices,
        .open = dns->open,
        .open_count = dns->open_count,
        .resolver = rng_key(group->key, "address", resolver),
        .zone = group->zone,
        .distances = group->distances,
        .turn = &dns->turn,
    };
    return dns_ops(&dns->config->policy)->choose(dns->config->policy.config, &question);
}

/* -- resolvers and users -- */

/* When an answer expires that was there before the run, of those that are kept for `time`. */
static sim_time dns_expires_first(uint64_t key, const char *who, uint64_t number,
                                  sim_time time)
{
    struct rng rng;
    rng_open(&rng, key, who, number);
    return sim_time_of(rng_uniform(&rng) * (double)time);
}

static sim_time dns_lookup(const struct dns *dns, const struct dns_group *group,
                           uint64_t resolver, uint32_t nth)
{
    if (dns->config->lookup.kind == NULL)
        return 0;
    struct rng rng;
    rng_open(&rng, rng_key(group->key, "lookup", resolver), "nth", nth);
    return sim_time_of(dist_draw(&dns->config->lookup, &rng));
}

static uint64_t dns_resolver(const struct dns *dns, const struct dns_group *group,
                             uint32_t user)
{
    uint64_t resolver = user;
    if (dns->config->resolvers.kind == NULL)
        return resolver;
    struct rng rng;
    rng_open(&rng, group->key, "user", user);
    key_draw_many(&dns->config->resolvers, &rng, &resolver, 1);
    return resolver;
}

/* What the resolver of a user says. */
static const struct dns_record *dns_ask(struct world *world, struct dns_group *group,
                                        uint32_t user)
{
    struct dns *dns = world->dns;
    uint64_t resolver = dns_resolver(dns, group, user);
    struct dns_record *record = key_map_take(&group->resolvers, resolver);
    if (!record->known)
        record->expires =
            dns_expires_first(group->key, "resolver", resolver, dns->config->ttl);
    bool expired = world->now >= record->expires;
    if (expired || !record->known)
        record->site = dns_answer(dns, group, resolver);
    record->known = true;
    if (expired) {
        record->ready = world->now + dns_lookup(dns, group, resolver, record->asked++);
        record->expires = record->ready + dns->config->ttl;
    }
    return record;
}

static bool dns_keeps(const struct dns *dns, const struct dns_group *group, uint32_t user)
{
    if (dns->config->client_cache.share <= 0)
        return false;
    struct rng rng;
    rng_open(&rng, group->key, "keeps", user);
    return rng_uniform(&rng) < dns->config->client_cache.share;
}

static struct dns_record dns_find(struct world *world, struct dns_group *group, uint32_t user)
{
    const struct scenario_dns *config = world->dns->config;
    if (!dns_keeps(world->dns, group, user))
        return *dns_ask(world, group, user);
    struct dns_record *kept = key_map_take(&group->keepers, user);
    if (kept->known && world->now < kept->expires)
        return *kept;
    struct dns_record found = *dns_ask(world, group, user);
    sim_time until = world->now + config->client_cache.time;
    sim_time first =
        dns_expires_first(group->key, "keeper", user, config->client_cache.time);
    if (!kept->known && world->now < first)
        until = first;
    *kept = found;
    kept->expires = until > found.expires ? until : found.expires;
    return found;
}

uint32_t dns_resolve(struct world *world, uint32_t client, uint32_t user, struct rng *rng,
                     sim_time *ready)
{
    struct dns_record found = dns_find(world, &world->dns->groups[client], user);
    struct dns_site *site = &world->dns->sites[found.site];
    *ready = found.ready > world->now ? found.ready : world->now;
    switch ((enum balancer_spread)tiers_config(world, 0)->spread) {
    case SPREAD_RANDOM:
        return site->entries[site->entry_count > 1 ? rng_below(rng, site->entry_count) : 0];
    case SPREAD_ROUND_ROBIN:
        return site->entries[site->turn++ % site->entry_count];
    case SPREAD_BY_USER:
        return site->entries[user % site->entry_count];
    }
    abort();
}

sim_time dns_direct(struct world *world, struct path *path, const struct trace_row *row)
{
    struct rng rng;
    sim_time ready;
    rng_open(&rng, world->dns->groups[row->client].key, "entry", row->request);
    path->hops[0].instance = dns_resolve(world, row->client, row->user, &rng, &ready);
    return ready;
}
