/* SPDX-License-Identifier: GPL-3.0-or-later
   The member algorithms of GSLB pools of NSX ALB (Avi): round robin with ratios, consistent
   hash, geo, topology, preference order.  What Avi hashes is the address that asks, which is
   the resolver's; here the hash is by rendezvous (Thaler and Ravishankar 1998). */
#include "models/dns_policy.h"

#include "sim/engine/rng.h"

#include <string.h>

static uint32_t dns_policy_turn(const struct dns_question *question)
{
    return question->open[(*question->turn)++ % question->open_count];
}

static uint32_t dns_policy_in_turn(const void *config, const struct dns_question *question)
{
    (void)config;
    return dns_policy_turn(question);
}

/* Smooth: each is owed its ratio a turn, who is owed most is taken and pays for all. */
static uint32_t dns_policy_by_ratio(const void *config, const struct dns_question *question)
{
    (void)config;
    struct dns_choice *best = NULL;
    double total = 0;
    for (uint32_t i = 0; i < question->open_count; i++) {
        struct dns_choice *site = &question->sites[question->open[i]];
        total += site->ratio;
        site->credit += site->ratio;
        if (best == NULL || site->credit > best->credit)
            best = site;
    }
    best->credit -= total;
    return (uint32_t)(best - question->sites);
}

static uint32_t dns_policy_by_hash(const void *config, const struct dns_question *question)
{
    (void)config;
    uint32_t best = question->open[0];
    uint64_t highest = 0;
    for (uint32_t i = 0; i < question->open_count; i++) {
        uint32_t site = question->open[i];
        uint64_t hash = rng_key(question->resolver, question->sites[site].zone, 0);
        if (hash <= highest)
            continue;
        highest = hash;
        best = site;
    }
    return best;
}

/* Those that are equally near take turns. */
static uint32_t dns_policy_nearest(const void *config, const struct dns_question *question)
{
    (void)config;
    if (question->distances == NULL)
        return dns_policy_turn(question);
    double least = question->distances[question->open[0]];
    for (uint32_t i = 1; i < question->open_count; i++)
        if (question->distances[question->open[i]] < least)
            least = question->distances[question->open[i]];
    uint32_t equal = 0;
    for (uint32_t i = 0; i < question->open_count; i++)
        equal += question->distances[question->open[i]] <= least;
    uint32_t nth = (*question->turn)++ % equal, place = 0;
    while (question->distances[question->open[place]] > least || nth-- > 0)
        place++;
    return question->open[place];
}

static bool dns_policy_find(const struct dns_question *question, const char *zone,
                            uint32_t *found)
{
    for (uint32_t i = 0; i < question->open_count; i++) {
        *found = question->open[i];
        if (strcmp(question->sites[*found].zone, zone) == 0)
            return true;
    }
    return false;
}

static uint32_t dns_policy_by_rule(const void *config, const struct dns_question *question)
{
    const struct dns_topology *topology = config;
    for (size_t i = 0; question->zone != NULL && i < topology->rules.count; i++) {
        const struct dns_rule *rule = PARAM_ITEM(topology->rules, struct dns_rule, i);
        uint32_t site;
        if (strcmp(rule->from, question->zone) != 0)
            continue;
        for (size_t k = 0; k < rule->to.count; k++)
            if (dns_policy_find(question, *PARAM_ITEM(rule->to, char *, k), &site))
                return site;
    }
    return dns_policy_turn(question);
}

static uint32_t dns_policy_first(const void *config, const struct dns_question *question)
{
    (void)config;
    return question->open[0];
}

/* -- the table -- */

static const struct param dns_policy_to_item = {
    .key = "to", .type = PARAM_NAME, .help = "the zone of a site"};

static const struct param dns_policy_rule_params[] = {
    {.key = "from", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct dns_rule, from, const char *),
     .help = "the zone that the resolver is in"},
    {.key = "to", .type = PARAM_LIST, .offset = PARAM_FIELD(struct dns_rule, to, struct param_list),
     .min = 1, .max = 1000, .of.item = &dns_policy_to_item,
     .help = "its sites, the first that is up"},
    PARAM_END,
};

static const struct param dns_policy_rule_item = {
    .key = "rules", .type = PARAM_MAP, .of.fields = dns_policy_rule_params,
    .size = sizeof(struct dns_rule), .help = "where those are sent who ask from a zone"};

static const struct param dns_policy_topology_params[] = {
    {.key = "rules", .type = PARAM_LIST, .keyed = true,
     .offset = PARAM_FIELD(struct dns_topology, rules, struct param_list), .min = 1,
     .max = 1000, .of.item = &dns_policy_rule_item,
     .help = "which sites a zone is sent to, as in `{east: [east, west], west: west}`; whoever "
             "no rule speaks of, or whose sites are all down, gets the others in turn"},
    PARAM_END,
};

const struct dns_ops dns_policy_topology = {
    .kind = {.name = "topology", .summary = "By rules: from this zone to these sites",
             .params = dns_policy_topology_params, .config_size = sizeof(struct dns_topology)},
    .wants_places = true,
    .choose = dns_policy_by_rule,
};

static const struct dns_ops dns_policy_rest[] = {
    {.kind = {.name = "round_robin", .summary = "The sites in turn, answer by answer"},
     .choose = dns_policy_in_turn},
    {.kind = {.name = "ratio", .summary = "In turn, each site so often as its `ratio` says"},
     .choose = dns_policy_by_ratio},
    {.kind = {.name = "consistent_hash",
              .summary = "By a hash of the resolver: it gets the same site as long as that is up"},
     .choose = dns_policy_by_hash},
    {.kind = {.name = "geo",
              .summary = "The site that is nearest to the resolver, by `network.zones`"},
     .wants_places = true,
     .choose = dns_policy_nearest},
    {.kind = {.name = "preference", .summary = "The first site that is up, in their order"},
     .choose = dns_policy_first},
};

static const struct kind *dns_policy_at(size_t index)
{
    const size_t rest = sizeof dns_policy_rest / sizeof *dns_policy_rest;
    if (index < rest)
        return &dns_policy_rest[index].kind;
    return index == rest ? &dns_policy_topology.kind : NULL;
}

const struct kind_list dns_kinds = {.noun = "DNS policy", .at = dns_policy_at};
