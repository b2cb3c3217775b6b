/* SPDX-License-Identifier: GPL-3.0-or-later
   How many requests come when: the mean rate of every arrival process, and rate curves,
   whose integral over a window is the number of requests in it: within one for equal gaps,
   by Poisson's law for a Poisson process. */
#include "tests/law.h"
#include "tests/theory/theory.h"

/* So many workers that the throughput is the rate of arrivals. */
static void assert_rate(const char *arrivals, double rate, double bound)
{
    struct report report;
    THEORY_REPORT(&report,
                  "run: {duration: 120s, warmup: 20s, replications: 20, seed: 20}\n"
                  "clients: [{arrivals: {%s}, demand: {deterministic: {value: 1us}}}]\n"
                  "pods: [{count: 1, workers: 1000000}]\n"
                  "balancers: [{policy: random}]\n", arrivals);
    THEORY_ASSERT(&report, arrivals, NULL, "throughput", rate, bound, 0);
    report_free(&report);
}

static void test_mean_rates(void **state)
{
    (void)state;
    assert_rate("poisson: {rate: 500/s}", 500, 0.01);
    assert_rate("renewal: {rate: 500/s, cv: 0.3}", 500, 0.01);
    assert_rate("renewal: {rate: 500/s, cv: 3}", 500, 0.01);
    assert_rate("bursts: {rate: 200/s, burst_rate: 2000/s, calm: 90ms, burst: 10ms}", 380,
                0.02);
    assert_rate("bursts: {rate: 0/s, burst_rate: 2000/s, calm: 30ms, burst: 10ms}", 500,
                0.02);
}

/* An M/M/1 queue is worse off with bursts than without at the same rate. */
static void test_bursts_are_bursty(void **state)
{
    (void)state;
    struct report calm, bursty;
    const char *rest = "demand: {exponential: {mean: 1ms}}}]\npods: [{count: 1}]\n"
                       "balancers: [{policy: random}]\n";
    const char *run = "run: {duration: 60s, warmup: 10s, replications: 10, seed: 21}\n";
    THEORY_REPORT(&calm, "%sclients: [{arrivals: {poisson: {rate: 560/s}}, %s", run, rest);
    THEORY_REPORT(&bursty,
                  "%sclients: [{arrivals: {bursts: {rate: 400/s, burst_rate: 2000/s, "
                  "calm: 900ms, burst: 100ms}}, %s", run, rest);
    assert_true(theory_find(&bursty, NULL, "mean")->low >
                2 * theory_find(&calm, NULL, "mean")->high);
    report_free(&calm);
    report_free(&bursty);
}

/* A curve, and its integral from 0 to t seconds, written down by hand. */
struct rate_curve {
    const char *text;
    double (*area)(double t);
};

static double between(double t, double from, double to)
{
    return t < from ? 0 : t > to ? to - from : t - from;
}

static double area_steps(double t)
{
    return between(t, 0, 2) + 3 * between(t, 2, 5) + 0 * between(t, 5, 6) +
           0.5 * between(t, 6, 1e9);
}

static double area_steps_again(double t)
{
    double turns = floor(t / 4), rest = t - 4 * turns;
    return turns * (2 * 3 + 0.25) + 2 * between(rest, 0, 3) + 0.25 * between(rest, 3, 4);
}

/* Level 2 until 1 s, down to 0.5 at 4 s, up to 3 at 6 s, level. */
static double area_piecewise(double t)
{
    double down = between(t, 1, 4), up = between(t, 4, 6);
    return 2 * between(t, 0, 1) + 2 * down - down * down / 4 + 0.5 * up +
           1.25 * up * up / 2 + 3 * between(t, 6, 1e9);
}

static double area_ramp(double t)
{
    double up = between(t, 2, 6);
    return 0.5 * between(t, 0, 2) + 0.5 * up + 0.5 * up * up / 2 + 2.5 * between(t, 6, 1e9);
}

static double area_sine(double t)
{
    const double turn = 2 * 3.14159265358979323846 / 5;
    return t + 0.8 * (1 - cos(turn * t)) / turn;
}

static double area_spike(double t)
{
    return between(t, 0, 3) + 8 * between(t, 3, 3.5) + between(t, 3.5, 1e9);
}

static double area_spikes(double t)
{
    double turns = floor(t / 2), rest = t - 2 * turns;
    return turns * (1.5 + 0.5 * 4) + between(rest, 0, 1) + 4 * between(rest, 1, 1.5) +
           between(rest, 1.5, 2);
}

static const struct rate_curve curves[] = {
    {"steps: {points: [{at: 2s, factor: 3}, {at: 5s, factor: 0}, {at: 6s, factor: 0.5}]}",
     area_steps},
    {"steps: {points: [{at: 0s, factor: 2}, {at: 3s, factor: 0.25}], repeat: 4s}",
     area_steps_again},
    {"piecewise: {points: [{at: 1s, factor: 2}, {at: 4s, factor: 0.5}, {at: 6s, factor: 3}]}",
     area_piecewise},
    {"ramp: {from: 0.5, to: 2.5, begin: 2s, end: 6s}", area_ramp},
    {"sine: {period: 5s, amplitude: 80%}", area_sine},
    {"spike: {at: 3s, for: 500ms, factor: 8}", area_spike},
    {"spike: {at: 1s, for: 500ms, factor: 4, every: 2s}", area_spikes},
};

enum { WINDOWS = 40, SECONDS = 10 };

/* Counts by window of 250 ms; the number before the end of each in `until`. */
static void count_arrivals(const char *curve, const char *arrivals, double *counts,
                           double *until)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: %ds, warmup: 0s, replications: 1, seed: 22}\n"
               "clients: [{arrivals: {%s}, rate: {%s}, "
               "demand: {deterministic: {value: 1us}}}]\n"
               "pods: [{count: 1, workers: 1000}]\n"
               "balancers: [{policy: random}]\n", SECONDS, arrivals, curve);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    memset(counts, 0, WINDOWS * sizeof *counts);
    const sim_time window = SECONDS * SIM_SECOND / WINDOWS;
    for (size_t i = 0; i < rows.count; i++)
        if (rows.rows[i].due < SECONDS * SIM_SECOND)
            counts[rows.rows[i].due / window]++;
    for (int i = 0; i < WINDOWS; i++)
        until[i] = counts[i] + (i > 0 ? until[i - 1] : 0);
    free(rows.rows);
    scene_close(&scene);
}

static void test_curves_with_equal_gaps(void **state)
{
    (void)state;
    double counts[WINDOWS], until[WINDOWS];
    for (size_t c = 0; c < sizeof curves / sizeof *curves; c++) {
        count_arrivals(curves[c].text, "deterministic: {rate: 1000/s}", counts, until);
        for (int i = 0; i < WINDOWS; i++) {
            double t = (i + 1) * (double)SECONDS / WINDOWS, exact = 1000 * curves[c].area(t);
            if (fabs(until[i] - exact) > 1.2)
                fail_msg("%s: %.0f requests before %.4g s, exact %.6g", curves[c].text,
                         until[i], t, exact);
        }
    }
}

static void test_curves_with_poisson(void **state)
{
    (void)state;
    double counts[WINDOWS], until[WINDOWS], expected[WINDOWS];
    for (size_t c = 0; c < sizeof curves / sizeof *curves; c++) {
        print_message("    %s\n", curves[c].text);
        count_arrivals(curves[c].text, "poisson: {rate: 2000/s}", counts, until);
        for (int i = 0; i < WINDOWS; i++) {
            double t = i * (double)SECONDS / WINDOWS, end = t + (double)SECONDS / WINDOWS;
            expected[i] = 2000 * (curves[c].area(end) - curves[c].area(t));
        }
        law_assert_counts(counts, expected, WINDOWS);
    }
}

/* A curve bends the clock of the process, so bursts stay bursts: with all the time in one
   phase, the count is that of the rate of the phase. */
static void test_curve_bends_bursts(void **state)
{
    (void)state;
    double counts[WINDOWS], until[WINDOWS];
    count_arrivals("steps: {points: [{at: 5s, factor: 2}]}",
                   "bursts: {rate: 1000/s, burst_rate: 1000/s, calm: 1s, burst: 1s}", counts,
                   until);
    double before = until[WINDOWS / 2 - 1], after = until[WINDOWS - 1] - before;
    ASSERT_NEAR(before, 5000, 4 * sqrt(5000));
    ASSERT_NEAR(after, 10000, 4 * sqrt(10000));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_mean_rates),
    cmocka_unit_test(test_bursts_are_bursty),
    cmocka_unit_test(test_curves_with_equal_gaps),
    cmocka_unit_test(test_curves_with_poisson),
    cmocka_unit_test(test_curve_bends_bursts),
};

TEST_MAIN(tests)
