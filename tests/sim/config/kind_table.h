/* SPDX-License-Identifier: GPL-3.0-or-later
   Registries for the tests of sim/config: with a shorthand, with kinds that hold kinds, that
   check, that take no parameters, and with dots in names. */
#ifndef TESTS_SIM_CONFIG_KIND_TABLE_H
#define TESTS_SIM_CONFIG_KIND_TABLE_H

#include "sim/engine/param.h"

#include <stdio.h>
#include <unistd.h>

struct law_fixed {
    double value;
};
struct law_normal {
    double mean, cv;
};
struct law_between {
    double low, high;
};
struct law_mix {
    struct param_list of; /* of struct param_kind */
};

static const struct param law_fixed_params[] = {
    {"value", PARAM_QUANTITY, PARAM_FIELD(struct law_fixed, value, double), .help = "the value"},
    PARAM_END};
static const struct param law_normal_params[] = {
    {"mean", PARAM_QUANTITY, PARAM_FIELD(struct law_normal, mean, double), .max = 1e15,
     .help = "mean of the draws"},
    {"cv", PARAM_NUMBER, PARAM_FIELD(struct law_normal, cv, double), "0.5", 0, 10,
     .help = "deviation over mean"},
    PARAM_END};
static const struct param law_between_params[] = {
    {"low", PARAM_QUANTITY, PARAM_FIELD(struct law_between, low, double), .help = "lowest"},
    {"high", PARAM_QUANTITY, PARAM_FIELD(struct law_between, high, double), .help = "highest"},
    PARAM_END};

struct law_drawn {
    const char *from;
};
static const struct param law_drawn_params[] = {
    {"from", PARAM_PATH, PARAM_FIELD(struct law_drawn, from, const char *), .help = "a file"},
    PARAM_END};

static bool law_drawn_check(void *config, struct arena *arena, char *message, size_t size)
{
    const struct law_drawn *law = config;
    (void)arena;
    if (access(law->from, R_OK) == 0)
        return true;
    snprintf(message, size, "%s: not there", law->from);
    return false;
}

static const struct kind *law_at(size_t index);
static const struct kind_list law_kinds = {"law", "fixed", law_at};

static const struct param law_mix_item = {
    "of", PARAM_KIND, .help = "a law", .of.kinds = &law_kinds};
static const struct param law_mix_params[] = {
    {"of", PARAM_LIST, PARAM_FIELD(struct law_mix, of, struct param_list), .min = 1, .max = 9,
     .help = "what is mixed", .of.item = &law_mix_item},
    PARAM_END};

static bool law_between_check(void *config, struct arena *arena, char *message, size_t size)
{
    const struct law_between *law = config;
    (void)arena;
    if (law->low <= law->high)
        return true;
    snprintf(message, size, "low must not be above high");
    return false;
}

static const struct kind law_list[] = {
    {"fixed", "always the same", law_fixed_params, sizeof(struct law_fixed), NULL},
    {"normal", "a bell", law_normal_params, sizeof(struct law_normal), NULL},
    {"between", "from low to high", law_between_params, sizeof(struct law_between),
     law_between_check},
    {"drawn", "from a file", law_drawn_params, sizeof(struct law_drawn), law_drawn_check},
    {"mix", "one of several", law_mix_params, sizeof(struct law_mix), NULL},
};

static const struct kind *law_at(size_t index)
{
    return index < sizeof law_list / sizeof *law_list ? &law_list[index] : NULL;
}

struct rule_best {
    uint64_t choices;
    sim_time age;
};
static const struct param rule_best_params[] = {
    {"choices", PARAM_COUNT, PARAM_FIELD(struct rule_best, choices, uint64_t), "2", 1, 64,
     .help = "how many are asked"},
    {"age", PARAM_DURATION, PARAM_FIELD(struct rule_best, age, sim_time), "none",
     .help = "how old news may be", .also = "none"},
    PARAM_END};
static const struct kind rule_list[] = {
    {"best", "the best of some", rule_best_params, sizeof(struct rule_best), NULL},
    {"any", "any of them", NULL, 0, NULL},
    {"shop.best", "the best as a shop does it", rule_best_params, sizeof(struct rule_best), NULL},
};
static const struct kind *rule_at(size_t index)
{
    return index < sizeof rule_list / sizeof *rule_list ? &rule_list[index] : NULL;
}
static const struct kind_list rule_kinds = {"rule", NULL, rule_at};

struct flow_steady {
    double rate;
};
struct flow_file {
    const char *path;
    double speed;
};
static const struct param flow_steady_params[] = {
    {"rate", PARAM_RATE, PARAM_FIELD(struct flow_steady, rate, double), NULL, 0.001, 1e9,
     .help = "requests per second"},
    PARAM_END};
static const struct param flow_file_params[] = {
    {"path", PARAM_PATH, PARAM_FIELD(struct flow_file, path, const char *), .help = "a file"},
    {"speed", PARAM_NUMBER, PARAM_FIELD(struct flow_file, speed, double), "1", 0.01, 100,
     .help = "how fast it plays"},
    PARAM_END};
static const struct kind flow_list[] = {
    {"steady", "evenly", flow_steady_params, sizeof(struct flow_steady), NULL},
    {"file", "as in a file", flow_file_params, sizeof(struct flow_file), NULL},
};
static const struct kind *flow_at(size_t index)
{
    return index < sizeof flow_list / sizeof *flow_list ? &flow_list[index] : NULL;
}
static const struct kind_list flow_kinds = {"flow of requests", "steady", flow_at};

#endif
