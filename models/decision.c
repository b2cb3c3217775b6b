/* SPDX-License-Identifier: GPL-3.0-or-later
   Kinds of cost of a decision, and the cost at a number of pods. */
#include "models/decision.h"

#include "sim/engine/check.h"

#include <string.h>

#define DECISION_COST_MAX 8.64e13 /* a day */

static const struct param decision_fixed_params[] = {
    {.key = "pick", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct decision_config, fixed.pick, sim_time), .fallback = "0s",
     .max = DECISION_COST_MAX, .help = "delays the request that is picked for"},
    {.key = "rebuild", .type = PARAM_DURATION,
     .offset = PARAM_FIELD(struct decision_config, fixed.rebuild, sim_time), .fallback = "0s",
     .max = DECISION_COST_MAX,
     .help = "after a change of members or weights, or of who is up; what arrives meanwhile "
             "waits for its end"},
    {.key = "serial", .type = PARAM_BOOL,
     .offset = PARAM_FIELD(struct decision_config, fixed.serial, bool), .fallback = "false",
     .help = "an instance decides about one request after the other, as one core does, and can "
             "be too busy; otherwise picks delay only their own requests"},
    PARAM_END,
};

static const struct param decision_measured_params[] = {
    {.key = "file", .type = PARAM_PATH,
     .offset = PARAM_FIELD(struct decision_config, file, const char *),
     .help = "CSV as `lbsim bench policies --format csv` writes it; the path starts from the "
             "scenario's folder"},
    PARAM_END,
};

static const struct kind decision_fixed = {
    .name = "fixed",
    .summary = "The same for every policy and number of pods",
    .params = decision_fixed_params,
    .config_size = sizeof(struct decision_config),
};

static const struct kind decision_measured = {
    .name = "measured",
    .summary = "As measured of each policy, by number of pods that are up; linear in between",
    .params = decision_measured_params,
    .config_size = sizeof(struct decision_config),
    .check = decision_load,
};

static const struct kind *const decision_list[] = {&decision_fixed, &decision_measured};

enum { DECISION_OWN = sizeof decision_list / sizeof *decision_list };

static const struct kind *decision_at(size_t index)
{
    if (index < DECISION_OWN)
        return decision_list[index];
    for (const struct kind *kind = decision_rules_kinds; kind->name != NULL; kind++)
        if (index-- == DECISION_OWN)
            return kind;
    return NULL;
}

const struct kind_list decision_kinds = {
    .noun = "decision cost", .shorthand = "fixed", .at = decision_at};

bool decision_is_free(const struct param_kind *decision)
{
    const struct decision_config *config = decision->config;
    return decision->kind == &decision_fixed && config->fixed.pick == 0 &&
           config->fixed.rebuild == 0;
}

bool decision_is_even(const struct param_kind *decision)
{
    const struct decision_config *config = decision->config;
    return decision->kind == &decision_fixed && config->fixed.rebuild == 0 &&
           !config->fixed.serial;
}

const struct decision_rules *decision_syncs(const struct param_kind *decision)
{
    const struct decision_config *config = decision->config;
    bool own = decision->kind == &decision_fixed || decision->kind == &decision_measured;
    return own ? NULL : &config->rules;
}

static const struct decision_policy *decision_find(const struct decision_config *config,
                                                   const char *policy)
{
    for (size_t i = 0; i < config->policy_count; i++)
        if (strcmp(config->policies[i].name, policy) == 0)
            return &config->policies[i];
    return NULL;
}

bool decision_knows(const struct param_kind *decision, const char *policy)
{
    return decision->kind != &decision_measured ||
           decision_find(decision->config, policy) != NULL;
}

struct decision_cost decision_cost(const struct param_kind *decision, const char *policy,
                                   uint32_t pods)
{
    const struct decision_config *config = decision->config;
    if (decision->kind == &decision_fixed)
        return config->fixed;
    const struct decision_rules *rules = decision_syncs(decision);
    if (rules != NULL)
        return (struct decision_cost){.pick = decision_rules_pick(rules, pods)};
    const struct decision_policy *measured = decision_find(config, policy);
    CHECK(measured != NULL);
    size_t above = 0;
    while (above < measured->count && measured->sizes[above].pods < pods)
        above++;
    const struct decision_size *low = &measured->sizes[above > 0 ? above - 1 : 0];
    const struct decision_size *high =
        &measured->sizes[above < measured->count ? above : measured->count - 1];
    double between = high->pods > low->pods ? (pods - low->pods) / (high->pods - low->pods) : 0;
    return (struct decision_cost){
        .pick = sim_time_of(low->pick_ns + between * (high->pick_ns - low->pick_ns)),
        .rebuild = sim_time_of(low->rebuild_ns + between * (high->rebuild_ns - low->rebuild_ns)),
    };
}
