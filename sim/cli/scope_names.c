/* SPDX-License-Identifier: GPL-3.0-or-later
   The windows of a run follow from its duration, as there are pods from the beginning on. */
#include "sim/cli/scope_names.h"

#include "sim/engine/check.h"

#include <stdio.h>
#include <string.h>

static size_t scope_names_count(const struct scenario *scenario, enum scope_kind kind)
{
    size_t faults = scenario->faults.count;
    if (kind == SCOPE_CLIENT)
        return scenario->clients.count;
    if (kind == SCOPE_GROUP)
        return scenario->pods.count;
    if (kind == SCOPE_FAULT)
        return faults < HARM_FAULTS_MAX ? faults : HARM_FAULTS_MAX;
    CHECK(kind == SCOPE_WINDOW);
    return window_grid(0, scenario->run.duration).count;
}

static const char *scope_names_at(const struct scenario *scenario, enum scope_kind kind,
                                  size_t index, struct arena *arena)
{
    char name[WINDOW_NAME_SIZE];
    if (kind == SCOPE_CLIENT)
        return PARAM_ITEM(scenario->clients, struct scenario_client, index)->name;
    if (kind == SCOPE_GROUP)
        return PARAM_ITEM(scenario->pods, struct scenario_pods, index)->name;
    struct window_grid grid = window_grid(0, scenario->run.duration);
    if (kind == SCOPE_FAULT)
        snprintf(name, sizeof name, "%zu", index + 1);
    else
        window_name(name, &grid, index);
    return arena_copy_text(arena, name, strlen(name));
}

const char *const *scope_names_expected(const struct scenario *scenario, enum scope_kind kind,
                                        struct arena *arena)
{
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
