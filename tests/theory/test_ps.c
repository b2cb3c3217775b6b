/* SPDX-License-Identifier: GPL-3.0-or-later
   Processor sharing: the mean response of M/G/1-PS is E[S] / (1 - rho) whatever the law of
   the work (insensitivity), and x / (1 - rho) for a request of work x; with c workers the
   mean is that of M/M/c. */
#include "tests/theory/queueing.h"
#include "tests/theory/theory.h"

static void assert_insensitive(const char *demand, double bound)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 160s, warmup: 10s, replications: 20, seed: 5}\n"
                  "clients: [{arrivals: {poisson: {rate: 700/s}}, demand: {%s}}]\n"
                  "pods: [{count: 1, discipline: ps}]\n"
                  "balancers: [{policy: random}]\n", demand);
    THEORY_ASSERT(&report, demand, NULL, "mean", 1e-3 / (1 - 0.7), bound, 0);
    report_free(&report);
}

static void test_any_law(void **state)
{
    (void)state;
    assert_insensitive("deterministic: {value: 1ms}", 0.01);
    assert_insensitive("exponential: {mean: 1ms}", 0.015);
    assert_insensitive("lognormal: {mean: 1ms, cv: 2}", 0.03);
    assert_insensitive("hyperexponential: {mean: 1ms, cv: 3}", 0.03);
}

/* A pod that shares does no more work at once than its one worker can. */
static void test_utilisation(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 60s, warmup: 10s, replications: 20, seed: 5}\n"
                  "clients: [{arrivals: {poisson: {rate: 700/s}}, "
                  "demand: {exponential: {mean: 1ms}}}]\n"
                  "pods: [{count: 1, discipline: ps}]\n"
                  "balancers: [{policy: random}]\n");
    THEORY_ASSERT(&report, "M/M/1-PS", NULL, "utilisation", 0.7, 0.02, 0);
    report_free(&report);
}

static void test_many_workers(void **state)
{
    (void)state;
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 85s, warmup: 5s, replications: 20, seed: 6}\n"
                  "clients: [{arrivals: {poisson: {rate: 3.2/ms}}, "
                  "demand: {hyperexponential: {mean: 2ms, cv: 2}}}]\n"
                  "pods: [{count: 1, workers: 4, speed: 2, discipline: ps}]\n"
                  "balancers: [{policy: random}]\n");
    double wait = queueing_mmc_wait(&(struct queueing_mmc){4, 0.8});
    THEORY_ASSERT(&report, "M/G/4-PS", NULL, "mean", 1e-3 * (1 + wait), 0.02, 0);
    report_free(&report);
}

/* Slowdown by work, in five classes of it.  The tolerance is that of the replications'
   means, as for a report. */
static void test_slowdown_is_the_same_for_all(void **state)
{
    (void)state;
    enum { CLASSES = 5, RUNS = 20 };
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 60s, warmup: 10s, replications: 20, seed: 7}\n"
               "clients: [{arrivals: {poisson: {rate: 600/s}}, "
               "demand: {uniform: {min: 0s, max: 2ms}}}]\n"
               "pods: [{count: 1, discipline: ps}]\n"
               "balancers: [{policy: random}]\n");
    double found[CLASSES][RUNS];
    for (uint64_t run = 0; run < RUNS; run++) {
        struct scene_rows rows = scene_run(&scene, 0, run + 1);
        double time[CLASSES] = {0}, work[CLASSES] = {0};
        for (size_t i = 0; i < rows.count; i++) {
            const struct trace_row *row = &rows.rows[i];
            if (row->phase != PHASE_MEASURE)
                continue;
            size_t class = (size_t)(row->demand * CLASSES / (2 * SIM_MILLISECOND + 1));
            time[class] += (double)(row->ended - row->due);
            work[class] += (double)row->demand;
        }
        for (size_t i = 0; i < CLASSES; i++)
            found[i][run] = time[i] / work[i];
        free(rows.rows);
    }
    for (size_t i = 0; i < CLASSES; i++) {
        double mean = 0;
        for (size_t run = 0; run < RUNS; run++)
            mean += found[i][run] / RUNS;
        struct interval interval = interval_of(mean, found[i], RUNS);
        double half = interval.high - mean;
        print_message("    slowdown in class %zu: exact 2.5, found %.4g ± %.2g\n", i, mean,
                      half);
        ASSERT_NEAR(mean, 2.5, half * interval_t(THEORY_LEVEL, RUNS - 1) /
                                   interval_t(0.95, RUNS - 1));
        assert_true(half < 0.02 * 2.5);
    }
    scene_close(&scene);
}

/* Mean latency, ms. */
static double mean_of(const struct scene *scene, size_t policy)
{
    struct scene_rows rows = scene_run(scene, policy, 1);
    double sum = 0;
    for (size_t i = 0; i < rows.count; i++)
        sum += (double)(rows.rows[i].ended - rows.rows[i].due) / 1e6;
    free(rows.rows);
    return sum / (double)rows.count;
}

/* What a pod tells of itself is true under processor sharing too: those who go by the work left
   there or by how busy it is do not do worse than taking turns. */
static void test_what_sharing_pods_tell(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 40s, warmup: 0s, replications: 1, seed: 61}\n"
                       "clients: [{arrivals: {poisson: {rate: 600/s}}, "
                       "demand: {exponential: {mean: 10ms}}}]\n"
                       "pods: [{count: 10, discipline: ps}]\n"
                       "balancers: [{policy: [round_robin, least_work_left, "
                       "{grpc.weighted_round_robin: {blackout_period: 1s}, as: weighted}]}]\n");
    double turns = mean_of(&scene, 0), left = mean_of(&scene, 1), weighted = mean_of(&scene, 2);
    if (left >= turns || weighted > 1.2 * turns)
        fail_msg("round_robin %.3g ms, least_work_left %.3g ms, weighted %.3g ms", turns, left,
                 weighted);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_sharing_pods_tell),
    cmocka_unit_test(test_any_law),
    cmocka_unit_test(test_utilisation),
    cmocka_unit_test(test_many_workers),
    cmocka_unit_test(test_slowdown_is_the_same_for_all),
};

TEST_MAIN(tests)
