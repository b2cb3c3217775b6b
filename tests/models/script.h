/* SPDX-License-Identifier: GPL-3.0-or-later
   Runs of a few requests given one by one, against rows worked out by hand. */
#ifndef TESTS_MODELS_SCRIPT_H
#define TESTS_MODELS_SCRIPT_H

#include "tests/theory/scene.h"

/* What a request comes to, in microseconds. */
struct script_row {
    int received, dispatched, arrived, started, served, ended;
    int pod; /* -1: none */
    enum outcome outcome;
};

/* `lines`: time_us,demand_us,key,user of each request, the first at time 0. */
struct script {
    const char *lines, *timeout, *rest;
};

static inline void script_assert_row(const struct trace_row *found,
                                     const struct script_row *expected, const char *file,
                                     int line)
{
    const sim_time us = SIM_MICROSECOND;
    const struct script_row row = {
        (int)(found->received / us),   (int)(found->dispatched / us),
        (int)(found->arrived / us),    (int)(found->started / us),
        (int)(found->served / us),     (int)(found->ended / us),
        (int)found->pod,               (enum outcome)found->outcome,
    };
    bool whole = found->received % us == 0 && found->dispatched % us == 0 &&
                 found->arrived % us == 0 && found->started % us == 0 &&
                 found->served % us == 0 && found->ended % us == 0;
    if (whole && memcmp(&row, expected, sizeof row) == 0)
        return;
    print_error("request %d: expected %d %d %d %d %d %d at pod %d %s\n", (int)found->request,
                expected->received, expected->dispatched, expected->arrived, expected->started,
                expected->served, expected->ended, expected->pod,
                outcome_names[expected->outcome]);
    print_error("              found %d %d %d %d %d %d at pod %d %s%s\n", row.received,
                row.dispatched, row.arrived, row.started, row.served, row.ended, row.pod,
                outcome_names[row.outcome], whole ? "" : ", and fractions");
    _fail(file, line);
}

static inline void script_assert(struct script script, const struct script_row *expected,
                                 size_t count, const char *file, int line)
{
    char rest[4096];
    snprintf(rest, sizeof rest, "run: {duration: 1s, warmup: 0s, replications: 1, seed: 1}\n%s",
             script.rest);
    struct scene scene;
    scene_open_script(&scene, script.lines, script.timeout, rest);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    assert_int_equal(rows.count, count);
    for (size_t i = 0; i < count; i++)
        script_assert_row(&rows.rows[i], &expected[i], file, line);
    free(rows.rows);
    scene_close(&scene);
}

/* SCRIPT({lines, timeout, rest}, {row}, {row}, …) */
#define SCRIPT(given, ...) \
    script_assert((struct script)SCRIPT_STRIP given, \
                  (const struct script_row[]){__VA_ARGS__}, \
                  sizeof((const struct script_row[]){__VA_ARGS__}) / sizeof(struct script_row), \
                  __FILE__, __LINE__)
#define SCRIPT_STRIP(...) {__VA_ARGS__}

#endif
