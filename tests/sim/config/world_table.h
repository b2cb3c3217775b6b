/* SPDX-License-Identifier: GPL-3.0-or-later
   The table of a whole document for the tests of sim/config: every type of parameter, maps
   and lists within each other, absent ones and defaults. */
#ifndef TESTS_SIM_CONFIG_WORLD_TABLE_H
#define TESTS_SIM_CONFIG_WORLD_TABLE_H

#include "sim/engine/param.h"
#include "tests/sim/config/event_table.h"
#include "tests/sim/config/kind_table.h"

struct run {
    sim_time duration, warmup;
    uint64_t repeats, seed;
};
struct limits {
    uint64_t memory;
    double share;
    bool strict;
};
struct group {
    const char *name;
    struct param_kind like; /* preset */
    struct param_kind arrivals, demand, size; /* flow, law of time, law of bytes or absent */
    uint64_t count;
    sim_time timeout;
    uint32_t order;
    struct limits limits; /* may be absent */
};
struct world {
    uint64_t version;
    const char *title, *file;
    struct run run;
    struct param_list groups, rules, weights; /* struct group, struct param_kind, double */
    double factor;
    struct limits limits;
    struct param_list events; /* struct event */
};

static const struct param run_params[] = {
    {"duration", PARAM_DURATION, PARAM_FIELD(struct run, duration, sim_time), "10m", 1e6, 1e16,
     .help = "how long to look"},
    {"warmup", PARAM_DURATION, PARAM_FIELD(struct run, warmup, sim_time), "auto",
     .help = "what is not looked at", .also = "auto"},
    {"repeats", PARAM_COUNT, PARAM_FIELD(struct run, repeats, uint64_t), "auto", 1, 1000,
     .help = "how often", .also = "auto"},
    {"seed", PARAM_COUNT, PARAM_FIELD(struct run, seed, uint64_t), "1", .help = "of chance"},
    PARAM_END};
static const struct param limits_params[] = {
    {"memory", PARAM_SIZE, PARAM_FIELD(struct limits, memory, uint64_t), "64Ki", 1, 1e12,
     .help = "bytes"},
    {"share", PARAM_RATIO, PARAM_FIELD(struct limits, share, double), "25%", 0, 1,
     .help = "part of it"},
    {"strict", PARAM_BOOL, PARAM_FIELD(struct limits, strict, bool), "true", .help = "or not"},
    PARAM_END};
static const struct kind group_like_list[] = {
    {.name = "busy", .summary = "many"},
    {.name = "idle", .summary = "hardly any"},
    {.name = "urgent", .summary = "at once"},
};
static const struct kind *group_like_at(size_t index)
{
    return index < sizeof group_like_list / sizeof *group_like_list ? &group_like_list[index]
                                                                    : NULL;
}
static const struct kind_list group_likes = {"preset", NULL, group_like_at};
static const char *group_like_settings(const struct kind *kind)
{
    return kind == &group_like_list[0]   ? "{arrivals: 100/s, demand: {normal: 4ms}, count: 5}"
           : kind == &group_like_list[1] ? "{arrivals: 1/s, name: idle}"
                                         : "{order: lifo}";
}
static const char *const group_orders[] = {"fifo", "lifo", "shared", NULL};
static const struct param group_params[] = {
    {"name", PARAM_NAME, PARAM_FIELD(struct group, name, const char *), .help = "a name"},
    {"arrivals", PARAM_KIND, PARAM_FIELD(struct group, arrivals, struct param_kind),
     .help = "when requests come", .of.kinds = &flow_kinds},
    {"demand", PARAM_KIND, PARAM_FIELD(struct group, demand, struct param_kind),
     .help = "work", .of.kinds = &law_kinds, .unit = PARAM_DURATION},
    {"size", PARAM_KIND, PARAM_FIELD(struct group, size, struct param_kind), "",
     .help = "bytes", .of.kinds = &law_kinds, .unit = PARAM_SIZE},
    {"count", PARAM_COUNT, PARAM_FIELD(struct group, count, uint64_t), "1", 1, 1e6,
     .help = "how many"},
    {"timeout", PARAM_DURATION, PARAM_FIELD(struct group, timeout, sim_time), "none", 1, 1e13,
     .help = "patience", .also = "none"},
    {"order", PARAM_CHOICE, PARAM_FIELD(struct group, order, uint32_t), "fifo",
     .help = "who is next", .of.words = group_orders},
    {"limits", PARAM_MAP, PARAM_FIELD(struct group, limits, struct limits), "",
     .help = "limits of its own", .of.fields = limits_params},
    {"like", PARAM_KIND, PARAM_FIELD(struct group, like, struct param_kind), "",
     .help = "what is usual", .of.kinds = &group_likes, .settings = group_like_settings},
    PARAM_END};
static const struct param world_event = {
    "events", PARAM_MAP, .of.fields = event_params, .size = sizeof(struct event)};
static const struct param world_group = {
    "groups", PARAM_MAP, .of.fields = group_params, .size = sizeof(struct group)};
static const struct param world_rule = {
    "rules", PARAM_KIND, .of.kinds = &rule_kinds, .unit = PARAM_DURATION, .labelled = true};
static const struct param world_weight = {"weights", PARAM_NUMBER, .max = 100};
static const struct param world_params[] = {
    {"version", PARAM_COUNT, PARAM_FIELD(struct world, version, uint64_t), NULL, 1, 1,
     .help = "of the format"},
    {"title", PARAM_TEXT, PARAM_FIELD(struct world, title, const char *), "", .help = "text"},
    {"file", PARAM_PATH, PARAM_FIELD(struct world, file, const char *), "", .help = "a file"},
    {"run", PARAM_MAP, PARAM_FIELD(struct world, run, struct run), "{}", .help = "the run",
     .of.fields = run_params},
    {"groups", PARAM_LIST, PARAM_FIELD(struct world, groups, struct param_list), NULL, 1, 1000,
     .help = "who sends", .of.item = &world_group},
    {"rules", PARAM_LIST, PARAM_FIELD(struct world, rules, struct param_list), NULL, 1, 9,
     .help = "who serves", .of.item = &world_rule},
    {"weights", PARAM_LIST, PARAM_FIELD(struct world, weights, struct param_list), "[1, 2]",
     .help = "of things", .of.item = &world_weight},
    {"factor", PARAM_NUMBER, PARAM_FIELD(struct world, factor, double), "1.5", -100, 100,
     .help = "a factor"},
    {"limits", PARAM_MAP, PARAM_FIELD(struct world, limits, struct limits), "{strict: false}",
     .help = "limits for all", .of.fields = limits_params},
    {"events", PARAM_LIST, PARAM_FIELD(struct world, events, struct param_list), "",
     .help = "what happens meanwhile", .of.item = &world_event},
    PARAM_END};

#endif
