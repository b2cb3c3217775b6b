/* SPDX-License-Identifier: GPL-3.0-or-later
   Scenarios as text, run in a test: bound, built, run, and their rows kept. */
#ifndef TESTS_THEORY_SCENE_H
#define TESTS_THEORY_SCENE_H

#include "models/scenario.h"
#include "models/world.h"
#include "sim/engine/check.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scene {
    struct arena arena;
    struct scenario *scenario;
};

enum { SCENE_TEXT_SIZE = 8192 };

/* Binds a text; NULL is left in scene->scenario where it is refused. */
static inline void scene_try(struct scene *scene, const char *text, struct problems *problems)
{
    *scene = (struct scene){0};
    const struct source *source =
        source_of_text("scene", text, strlen(text), &scene->arena, problems);
    if (source != NULL)
        scene->scenario = scenario_bind(source, NULL, 0, &scene->arena, problems);
}

/* Binds printf's text as a scenario that must be fine; version and name are added. */
static inline __attribute__((format(printf, 2, 3))) void scene_open(struct scene *scene,
                                                                    const char *format, ...)
{
    char text[SCENE_TEXT_SIZE] = "version: 1\nname: scene\n";
    size_t head = strlen(text);
    va_list list;
    va_start(list, format);
    int size = vsnprintf(text + head, sizeof text - head, format, list);
    va_end(list);
    assert_true(size > 0 && (size_t)size < sizeof text - head);
    struct problems problems = {0};
    scene_try(scene, text, &problems);
    if (scene->scenario == NULL)
        fail_msg("%s\nrefused: line %u: %s", text, problems.items[0].mark.line,
                 problems.count > 0 ? problems.items[0].message : "?");
    problems_free(&problems);
}

static inline void scene_close(struct scene *scene)
{
    arena_free(&scene->arena);
    *scene = (struct scene){0};
}

static inline const struct scenario_balancer *scene_tier(const struct scene *scene)
{
    return PARAM_ITEM(scene->scenario->balancers, struct scenario_balancer,
                      scene->scenario->compared);
}

static inline size_t scene_policies(const struct scene *scene)
{
    return scene_tier(scene)->policy.count;
}

static inline const struct param_kind *scene_policy(const struct scene *scene, size_t index)
{
    return PARAM_ITEM(scene_tier(scene)->policy, struct param_kind, index);
}

/* The rows of one run, and what was known after it. */
struct scene_rows {
    struct trace_row *rows;
    size_t count, room;
    struct world_account account;
};

static inline void scene_keep(void *context, const struct trace_row *rows, size_t count)
{
    struct scene_rows *kept = context;
    if (kept->count + count > kept->room) {
        kept->room = 2 * (kept->count + count);
        kept->rows = memory_grow(kept->rows, kept->room, sizeof *kept->rows);
    }
    memcpy(kept->rows + kept->count, rows, count * sizeof *rows);
    kept->count += count;
}

/* Runs one policy; rows in the order in which they were closed.  Free .rows. */
static inline struct scene_rows scene_run(const struct scene *scene, size_t policy,
                                          uint64_t replication)
{
    struct scene_rows kept = {0};
    struct world_order order = {
        .scenario = scene->scenario,
        .policy = scene_policy(scene, policy),
        .replication = replication,
        .sink = {scene_keep, &kept},
    };
    struct world *world = world_build(&order);
    kept.account = world_run(world);
    world_free(world);
    return kept;
}

static inline int scene_compare(const void *left, const void *right)
{
    uint64_t a = ((const struct trace_row *)left)->request;
    uint64_t b = ((const struct trace_row *)right)->request;
    return (a > b) - (a < b);
}

/* By request, in order of birth. */
static inline void scene_sort(struct scene_rows *rows)
{
    qsort(rows->rows, rows->count, sizeof *rows->rows, scene_compare);
}

/* A scenario whose requests are given one by one, as CSV lines below the header
   time_us,demand_us,key,user; `rest` is its text but for the clients, `timeout` theirs. */
static inline void scene_open_script(struct scene *scene, const char *lines,
                                     const char *timeout, const char *rest)
{
    char path[] = "/tmp/lbsim-scene-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    fprintf(file, "time_us,demand_us,key,user\n%s", lines);
    assert_int_equal(fclose(file), 0);
    scene_open(scene,
               "clients: [{arrivals: {replay: {file: %s, time: time_us, unit: 1us, "
               "demand: demand_us, demand_scale: 1us, key: key, user: user, at_end: stop}}, "
               "timeout: %s}]\n%s", path, timeout, rest);
    unlink(path);
}

#endif
