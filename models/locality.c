/* SPDX-License-Identifier: GPL-3.0-or-later
   The kinds of choosing a zone that Envoy has: zone_aware_lb_config and
   locality_weighted_lb_config of a cluster (load_balancer_impl.cc and
   source/common/upstream/locality_wrr.cc). */
#include "models/locality.h"

#include <stdio.h>
#include <string.h>

struct locality_ops {
    struct kind kind;
    void (*update)(struct locality *locality);
    uint32_t (*choose)(struct locality *locality, struct rng *rng);
    bool is_everywhere; /* in all priorities, not the first alone */
};

/* -- zone-aware -- */

static const struct param locality_zone_aware_params[] = {
    {.key = "min_cluster_size", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct zone_aware_config, min_cluster_size, uint64_t),
     .fallback = "6", .max = 1e9,
     .help = "with fewer healthy pods of the first priority, zones do not matter"},
    {.key = "routing_enabled", .type = PARAM_RATIO,
     .offset = PARAM_FIELD(struct zone_aware_config, routing_enabled, double),
     .fallback = "100%", .max = 1,
     .help = "share of the requests that zones are chosen for, in whole percents"},
    {.key = "force_locality_direct_routing", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct zone_aware_config, force_locality_direct_routing, bool),
     .fallback = "false",
     .help = "all stays in the own zone while any of its pods is healthy, however few"},
    {.key = "fail_traffic_on_panic", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct zone_aware_config, fail_traffic_on_panic, bool),
     .fallback = "false",
     .help = "a request for a priority in panic is refused (503), not sent to any of its pods; "
             "so is one for pods that are all full"},
    PARAM_END,
};

static void locality_update_zone_aware(struct locality *locality)
{
    zone_aware_find(locality->kind->config, locality->zones, locality->count, locality->own,
                    &locality->routes);
}

static uint32_t locality_choose_zone_aware(struct locality *locality, struct rng *rng)
{
    return zone_aware_choose(&locality->routes, rng);
}

/* -- weighted -- */

struct locality_weighted {
    struct param_list weights; /* of struct locality_share */
};

static const struct param locality_share_params[] = {
    {.key = "zone", .type = PARAM_NAME,
     .offset = PARAM_FIELD(struct locality_share, zone, const char *), .help = "its name"},
    {.key = "weight", .type = PARAM_COUNT,
     .offset = PARAM_FIELD(struct locality_share, weight, uint64_t), .max = 4294967295.0,
     .help = "its share, as a part of the sum of all"},
    PARAM_END,
};

static const struct param locality_share_item = {
    .key = "weights", .type = PARAM_MAP, .of.fields = locality_share_params,
    .size = sizeof(struct locality_share), .help = "a zone and its weight"};

static const struct param locality_weighted_params[] = {
    {.key = "weights", .type = PARAM_LIST, .keyed = true,
     .offset = PARAM_FIELD(struct locality_weighted, weights, struct param_list), .min = 1,
     .max = 1000, .of.item = &locality_share_item,
     .help = "of the zones, as in `{a: 70, b: 30}`"},
    PARAM_END,
};

static bool locality_check_weighted(void *bound, struct arena *arena, char *message,
                                    size_t size)
{
    (void)arena;
    const struct param_list *list = &((struct locality_weighted *)bound)->weights;
    uint64_t sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct locality_share *share = PARAM_ITEM(*list, struct locality_share, i);
        sum += share->weight;
        for (size_t k = 0; k < i; k++)
            if (strcmp(share->zone, PARAM_ITEM(*list, struct locality_share, k)->zone) == 0) {
                snprintf(message, size, "zone '%.64s' has two weights; give it one",
                         share->zone);
                return false;
            }
    }
    if (sum > 0)
        return true;
    snprintf(message, size, "all weights are 0; give at least one zone more");
    return false;
}

static double locality_turn(const void *context, uint32_t zone)
{
    return ((const double *)context)[zone];
}

/* With Envoy's 1.4 a zone keeps its whole weight until fewer than 1/1.4 of its pods are
   healthy. */
static void locality_update_weighted(struct locality *locality)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < locality->count; i++) {
        const struct zone_aware_zone *zone = &locality->zones[i];
        if (zone->healthy == 0 || locality->given[i] <= 0)
            continue;
        double able = 1.0 * zone->healthy / zone->hosts * locality->able;
        locality->weights[i] = locality->given[i] * (able < 1 ? able : 1);
        locality->items[count++] = i;
    }
    edf_fill(&locality->turns, locality->items, count, locality->picks,
             (struct edf_weights){locality_turn, locality->weights});
}

static uint32_t locality_choose_weighted(struct locality *locality, struct rng *rng)
{
    (void)rng;
    if (locality->turns.count == 0)
        return LOCALITY_ANY;
    uint32_t zone = edf_first(&locality->turns);
    edf_turn(&locality->turns, locality->weights[zone]);
    return zone;
}

/* -- the table -- */

static const struct locality_ops locality_list[] = {
    {.kind = {.name = "envoy_zone_aware",
              .summary = "Envoy's zone-aware routing: the own zone gets what it can serve, the "
                         "rest goes where there are more pods than balancers",
              .params = locality_zone_aware_params,
              .config_size = sizeof(struct zone_aware_config)},
     .update = locality_update_zone_aware,
     .choose = locality_choose_zone_aware},
    {.kind = {.name = "locality_weighted",
              .summary = "Envoy's locality-weighted balancing: zones take turns by weight, less "
                         "of it as their pods fail",
              .params = locality_weighted_params,
              .config_size = sizeof(struct locality_weighted),
              .check = locality_check_weighted},
     .update = locality_update_weighted,
     .choose = locality_choose_weighted,
     .is_everywhere = true},
};

static const struct kind *locality_at(size_t index)
{
    return index < sizeof locality_list / sizeof *locality_list ? &locality_list[index].kind
                                                                : NULL;
}

const struct kind_list locality_kinds = {.noun = "locality", .at = locality_at};

static const struct locality_ops *locality_ops(const struct param_kind *kind)
{
    return (const struct locality_ops *)kind->kind;
}

void locality_open(struct locality *locality, const struct param_kind *kind,
                   struct locality_place place, struct rng *rng, struct arena *arena)
{
    uint32_t count = place.count;
    *locality = (struct locality){.kind = kind, .count = count, .own = place.own};
    locality->zones = arena_take(arena, count, sizeof *locality->zones);
    locality->routes.residual = arena_take(arena, count, sizeof *locality->routes.residual);
    locality->items = arena_take(arena, count, sizeof *locality->items);
    locality->given = arena_take(arena, count, sizeof *locality->given);
    locality->weights = arena_take(arena, count, sizeof *locality->weights);
    edf_init(&locality->turns, EDF_TIE_INSERTED,
             arena_take(arena, count, sizeof *locality->turns.heap));
    locality->picks = (uint32_t)rng_next(rng);
    locality->able = place.overprovisioning / 100.0;
    for (uint32_t i = 0; i < count; i++) {
        locality->zones[i].callers = place.callers[i];
        locality->given[i] = locality_weight(kind, place.zones[i]);
    }
}

void locality_update(struct locality *locality)
{
    locality_ops(locality->kind)->update(locality);
}

uint32_t locality_choose(struct locality *locality, struct rng *rng)
{
    return locality_ops(locality->kind)->choose(locality, rng);
}

struct param_list locality_shares(const struct param_kind *kind)
{
    if (!locality_is_weighted(kind))
        return (struct param_list){0};
    return ((const struct locality_weighted *)kind->config)->weights;
}

bool locality_is_weighted(const struct param_kind *kind)
{
    return kind->kind != NULL && locality_ops(kind)->choose == locality_choose_weighted;
}

double locality_weight(const struct param_kind *kind, const char *zone)
{
    struct param_list shares = locality_shares(kind);
    for (size_t i = 0; i < shares.count; i++)
        if (strcmp(PARAM_ITEM(shares, struct locality_share, i)->zone, zone) == 0)
            return (double)PARAM_ITEM(shares, struct locality_share, i)->weight;
    return -1;
}

/* NULL for others. */
static const struct zone_aware_config *locality_zone_aware(const struct param_kind *kind)
{
    bool is_one = kind->kind != NULL && locality_ops(kind)->choose == locality_choose_zone_aware;
    return is_one ? kind->config : NULL;
}

bool locality_is_forced(const struct param_kind *kind)
{
    const struct zone_aware_config *config = locality_zone_aware(kind);
    return config != NULL && config->force_locality_direct_routing;
}

bool locality_fails(const struct param_kind *kind)
{
    const struct zone_aware_config *config = locality_zone_aware(kind);
    return config != NULL && config->fail_traffic_on_panic;
}

bool locality_is_everywhere(const struct param_kind *kind)
{
    return kind->kind != NULL && locality_ops(kind)->is_everywhere;
}
