/* SPDX-License-Identifier: GPL-3.0-or-later
   Conservation, order, limits and work conservation over random scenarios, under
   every policy; and Little's law. */
#include "tests/theory/laws_scene.h"
#include "tests/theory/theory.h"

/* On failure the scenario printed is the whole of it. */
static void test_random_scenarios(void **state)
{
    (void)state;
    size_t runs = 0;
    for (uint64_t seed = 1; seed <= 60; seed++)
        runs += laws_check_seed(seed);
    print_message("    60 scenarios, %zu runs\n", runs);
}

/* -- Little's law -- */

/* From empty to empty the area under the number of requests in the system is the sum of
   their times in it: exactly, for the whole and at the pods. */
static void test_little(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 4s, warmup: 0s, replications: 1, seed: 30}\n"
                       "clients: [{arrivals: {poisson: {rate: 2.4/ms}}, "
                       "demand: {exponential: {mean: 1ms}}}]\n"
                       "pods: [{count: 3}]\n"
                       "network: {to_pod: 300us}\n"
                       "balancers: [{policy: p2c}]\n");
    struct laws laws = laws_open("Little", &scene, 0);
    struct laws_steps all = laws_take_steps(&laws), pods = laws_take_steps(&laws);
    double in_system = 0, at_pods = 0;
    for (size_t i = 0; i < laws.rows.count; i++) {
        const struct trace_row *row = &laws.rows.rows[i];
        laws_stay(&all, 0, row->due, row->ended);
        laws_stay(&pods, row->pod, row->arrived, row->served);
        in_system += (double)(row->ended - row->due);
        at_pods += (double)(row->served - row->arrived);
    }
    ASSERT_NEAR(laws_measure(&all).area, in_system, 0);
    ASSERT_NEAR(laws_measure(&pods).area, at_pods, 0);
    free(all.steps);
    free(pods.steps);
    laws_close(&laws);
    scene_close(&scene);
}

/* L = lambda W of the report against the number that a look at random instants finds. */
static void test_little_of_a_report(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 22s, warmup: 2s, replications: 10, seed: 31}\n"
                       "clients: [{arrivals: {poisson: {rate: 2.4/ms}}, "
                       "demand: {lognormal: {mean: 1ms, cv: 1.5}}}]\n"
                       "pods: [{count: 3, discipline: ps}]\n"
                       "balancers: [{policy: round_robin}]\n");
    struct report report = theory_report(&scene);
    double number = theory_find(&report, NULL, "throughput")->value *
                    theory_find(&report, NULL, "mean")->value;
    struct scene_rows rows;
    double seen = 0;
    for (uint64_t run = 1; run <= 10; run++) {
        rows = scene_run(&scene, 0, run);
        for (size_t i = 0; i < rows.count; i++) {
            sim_time from = rows.rows[i].due, to = rows.rows[i].ended;
            from = from > 2 * SIM_SECOND ? from : 2 * SIM_SECOND;
            to = to < 22 * SIM_SECOND ? to : 22 * SIM_SECOND;
            seen += to > from ? (double)(to - from) / 20e9 / 10 : 0;
        }
        free(rows.rows);
    }
    /* The edges: a few requests of 48 000. */
    ASSERT_NEAR(number, seen, 0.002 * seen);
    report_free(&report);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_random_scenarios),
    cmocka_unit_test(test_little),
    cmocka_unit_test(test_little_of_a_report),
};

TEST_MAIN(tests)
