/* SPDX-License-Identifier: GPL-3.0-or-later
   The windows of a run follow from its duration, as there are pods from the beginning on; pods
   and changes of membership from the plan that is made before a run. */
#include "sim/cli/scope_names.h"

#include "models/membership.h"
#include "models/scenario_tiers.h"
#include "sim/engine/check.h"
#include "sim/engine/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- pods and changes -- */

static struct membership scope_names_plan(const struct scenario *scenario, uint64_t key,
                                          struct arena *brief)
{
    struct membership membership;
    membership_plan(&membership, &(struct membership_order){
                                     .scenario = scenario, .key = key, .arena = brief,
                                     .brief = brief});
    return membership;
}

/* All that may ever be; none where they are too many for figures of their own. */
static const char *const *scope_names_pods(const struct scenario *scenario, struct arena *arena)
{
    struct arena brief = {0};
    struct membership plan = scope_names_plan(scenario, 0, &brief);
    size_t count = plan.pod_count <= SCOPE_MEMBERS_MAX ? plan.pod_count : 0;
    const char **names = arena_take(arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        const struct scenario_pods *group =
            PARAM_ITEM(scenario->pods, struct scenario_pods, plan.pods[i].group);
        char name[256];
        int size = snprintf(name, sizeof name, "%s-%u", group->name, plan.pods[i].number);
        names[i] = arena_copy_text(arena, name, (size_t)size);
    }
    arena_free(&brief);
    return names;
}

static int scope_names_compare(const void *left, const void *right)
{
    sim_time a = *(const sim_time *)left, b = *(const sim_time *)right;
    return a < b ? -1 : a > b;
}

/* The times within a run at which membership changes, sorted. */
static size_t scope_names_times(const struct scenario *scenario, uint64_t key,
                                struct arena *brief, sim_time **times)
{
    struct membership plan = scope_names_plan(scenario, key, brief);
    size_t count = 0, kept = 0;
    sim_time *all = arena_take(brief, 2 * plan.pod_count + plan.step_count + 1, sizeof *all);
    for (uint32_t i = 0; i < plan.pod_count; i++) {
        if (plan.pods[i].joined > 0)
            all[count++] = plan.pods[i].joined;
        all[count++] = plan.pods[i].left;
    }
    for (uint32_t i = 0; i < plan.step_count; i++)
        if (plan.steps[i].change >= MEMBERSHIP_DOWN)
            all[count++] = plan.steps[i].at;
    qsort(all, count, sizeof *all, scope_names_compare);
    for (size_t i = 0; i < count && all[i] < scenario->run.duration; i++)
        if (kept == 0 || all[i] != all[kept - 1])
            all[kept++] = all[i];
    *times = all;
    return kept;
}

/* NULL where times are drawn, as of pods that start: then the number may be, too. */
static const char *const *scope_names_changes(const struct scenario *scenario,
                                              struct arena *arena)
{
    struct arena brief = {0};
    sim_time *times, *others;
    const char **names = NULL;
    size_t count = scope_names_times(scenario, rng_key(0, "one", 0), &brief, &times);
    size_t other = scope_names_times(scenario, rng_key(0, "other", 0), &brief, &others);
    if (count == other && memcmp(times, others, count * sizeof *times) == 0) {
        char name[32];
        names = arena_take(arena, count + 1, sizeof *names);
        for (size_t i = 0; i < count; i++)
            names[i] = arena_copy_text(
                arena, name, (size_t)snprintf(name, sizeof name, "%zu", i + 1));
    }
    arena_free(&brief);
    return names;
}

/* -- all kinds -- */

/* With a policy that is one for all there may be fewer instances. */
static size_t scope_names_count_tiers(const struct scenario *scenario, enum scope_kind kind)
{
    size_t hopped = scenario_tiers_hopped(scenario), count = scenario->balancers.count;
    uint64_t instances = scenario_tier(scenario, count - 1)->count;
    if (kind == SCOPE_HOP)
        return hopped > 0 ? hop_count(hopped) : 0;
    if (kind == SCOPE_TIER)
        return hopped > 0 || instances > 1 ? count : 0;
    return instances > 1 && instances <= FLEET_LISTED_MAX ? instances : 0;
}

static void scope_names_tier(const struct scenario *scenario, enum scope_kind kind,
                             size_t index, char name[HOP_NAME_SIZE])
{
    struct roster_tier tiers[SCENARIO_TIERS_MAX];
    size_t count = scenario->balancers.count;
    for (size_t i = 0; i < count; i++)
        tiers[i] = (struct roster_tier){.name = scenario_tier(scenario, i)->name};
    if (kind == SCOPE_HOP)
        hop_name(name, tiers, count, index);
    else if (kind == SCOPE_TIER)
        snprintf(name, HOP_NAME_SIZE, "%s", tiers[index].name);
    else
        snprintf(name, HOP_NAME_SIZE, "%s-%zu", tiers[count - 1].name, index);
}

static size_t scope_names_count(const struct scenario *scenario, enum scope_kind kind)
{
    size_t faults = scenario->faults.count;
    if (kind == SCOPE_CLIENT)
        return scenario->clients.count;
    if (kind == SCOPE_GROUP)
        return scenario->pods.count;
    if (kind == SCOPE_FAULT)
        return faults < HARM_FAULTS_MAX ? faults : HARM_FAULTS_MAX;
    if (kind == SCOPE_HOP || kind == SCOPE_TIER || kind == SCOPE_BALANCER)
        return scope_names_count_tiers(scenario, kind);
    CHECK(kind == SCOPE_WINDOW);
    return window_grid(0, scenario->run.duration).count;
}

static const char *scope_names_at(const struct scenario *scenario, enum scope_kind kind,
                                  size_t index, struct arena *arena)
{
    char name[HOP_NAME_SIZE];
    _Static_assert((int)HOP_NAME_SIZE > (int)WINDOW_NAME_SIZE, "room for either");
    if (kind == SCOPE_CLIENT)
        return PARAM_ITEM(scenario->clients, struct scenario_client, index)->name;
    if (kind == SCOPE_GROUP)
        return PARAM_ITEM(scenario->pods, struct scenario_pods, index)->name;
    struct window_grid grid = window_grid(0, scenario->run.duration);
    if (kind == SCOPE_FAULT)
        snprintf(name, sizeof name, "%zu", index + 1);
    else if (kind == SCOPE_HOP || kind == SCOPE_TIER || kind == SCOPE_BALANCER)
        scope_names_tier(scenario, kind, index, name);
    else
        window_name(name, &grid, index);
    return arena_copy_text(arena, name, strlen(name));
}

const char *const *scope_names_expected(const struct scenario *scenario, enum scope_kind kind,
                                        struct arena *arena)
{
    if (kind == SCOPE_POD)
        return scope_names_pods(scenario, arena);
    if (kind == SCOPE_CHANGE)
        return scope_names_changes(scenario, arena);
    size_t count = scope_names_count(scenario, kind);
    const char **names = arena_take(arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = scope_names_at(scenario, kind, i, arena);
    return names;
}

const char *const *scope_names_reported(const struct report *report, enum scope_kind kind,
                                        struct arena *arena)
{
    const char **names = arena_take(arena, report->count + 1, sizeof *names);
    size_t count = 0, word = strlen(scope_words[kind]);
    for (size_t i = 0; i < report->count; i++) {
        const char *scope = report->measures[i].scope;
        if (strncmp(scope, scope_words[kind], word) == 0 &&
            (count == 0 || strcmp(names[count - 1], scope + word) != 0))
            names[count++] = scope + word;
    }
    return names;
}
