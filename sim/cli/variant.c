/* SPDX-License-Identifier: GPL-3.0-or-later
   Which numbers are what: patterns of paths.  All quantities of one distribution are scaled
   together, which scales the distribution and keeps its shape. */
#include "sim/cli/variant.h"

#include "sim/config/walk.h"
#include "sim/engine/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A '*' stands for any one segment.  The first pattern that fits the beginning of a path and
   the type decides. */
static const struct {
    const char *pattern;
    enum param_type type;
    enum variant_part part;
} variant_rules[] = {
    {"clients.*.arrivals.replay.speed_up", PARAM_NUMBER, VARIANT_RATE},
    {"clients.*.arrivals.replay.demand_scale", PARAM_DURATION, VARIANT_DEMAND},
    {"clients.*.arrivals.replay.demand_offset", PARAM_DURATION, VARIANT_DEMAND},
    {"clients.*.arrivals", PARAM_RATE, VARIANT_RATE},
    {"clients.*.demand", PARAM_DURATION, VARIANT_DEMAND},
    {"pods.*.cache.miss", PARAM_DURATION, VARIANT_DEMAND},
    {"pods.*.speed", PARAM_NUMBER, VARIANT_SPEED},
    {"network.to_balancer", PARAM_DURATION, VARIANT_DELAY},
    {"network.to_pod", PARAM_DURATION, VARIANT_DELAY},
};

enum { VARIANT_RULES = sizeof variant_rules / sizeof variant_rules[0] };

/* Collecting. */
struct variant_walk {
    struct arena *arena;
    struct variant_value *items;
    size_t count, room;
    const char *wanted; /* the path of the only one; NULL: all that rules name */
};

/* Bytes of the path that a pattern covers; 0: it does not fit. */
static size_t variant_fit(const char *pattern, const char *path)
{
    const char *at = path;
    for (;;) {
        size_t length = strcspn(at, "."), want = strcspn(pattern, ".");
        bool any = want == 1 && pattern[0] == '*';
        if (!any && (length != want || memcmp(at, pattern, length) != 0))
            return 0;
        at += length;
        pattern += want;
        if (*pattern == '\0')
            return (size_t)(at - path);
        if (*at == '\0')
            return 0;
        at++, pattern++;
    }
}

static void variant_keep(struct variant_walk *walk, const struct walk_value *value,
                         size_t group, enum variant_part part)
{
    if (walk->count == walk->room) {
        walk->room = walk->room ? 2 * walk->room : 32;
        walk->items = memory_grow(walk->items, walk->room, sizeof *walk->items);
    }
    walk->items[walk->count++] = (struct variant_value){
        .path = arena_copy_text(walk->arena, value->path, strlen(value->path)),
        .named = arena_copy_text(walk->arena, value->named, strlen(value->named)),
        .group = arena_copy_text(walk->arena, value->path, group),
        .part = part, .row = value->row, .type = value->type, .number = walk_number(value)};
}

static void variant_see(void *context, const struct walk_value *value)
{
    struct variant_walk *walk = context;
    double number = walk_number(value);
    if (!isfinite(number))
        return;
    if (walk->wanted) {
        if (strcmp(value->path, walk->wanted) == 0 || strcmp(value->named, walk->wanted) == 0)
            variant_keep(walk, value, strlen(value->path), VARIANT_RATE);
        return;
    }
    for (size_t i = 0; i < VARIANT_RULES && number > 0; i++) {
        size_t group = variant_fit(variant_rules[i].pattern, value->path);
        if (group == 0 || value->type != variant_rules[i].type)
            continue;
        variant_keep(walk, value, group, variant_rules[i].part);
        return;
    }
}

static struct variant_list variant_collect(const struct scenario *scenario, const char *wanted,
                                           struct arena *arena)
{
    struct variant_walk walk = {.arena = arena, .wanted = wanted};
    walk_values(scenario_params, scenario, variant_see, &walk);
    struct variant_list list = {
        arena_take(arena, walk.count + 1, sizeof *list.items), walk.count};
    if (walk.count > 0)
        memcpy(list.items, walk.items, walk.count * sizeof *list.items);
    free(walk.items);
    return list;
}

struct variant_list variant_list(const struct scenario *scenario, struct arena *arena)
{
    return variant_collect(scenario, NULL, arena);
}

bool variant_find(const struct scenario *scenario, const char *path, struct arena *arena,
                  struct variant_value *value)
{
    struct variant_list list = variant_collect(scenario, path, arena);
    if (list.count > 0)
        *value = list.items[0];
    return list.count > 0;
}

struct config_setting variant_set(const struct variant_value *value, double number,
                                  struct arena *arena)
{
    struct walk_value at = {value->path, value->named, value->row, value->type, NULL};
    char *text = arena_take(arena, WALK_TEXT_SIZE, 1);
    return (struct config_setting){.path = value->path,
                                   .value = walk_write(&at, number, text)};
}
