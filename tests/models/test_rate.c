/* SPDX-License-Identifier: GPL-3.0-or-later
   Rate curves as functions: the time at which the integral reaches a value, the mean, and
   what is refused. */
#include "models/rate.h"
#include "sim/engine/rng.h"
#include "tests/theory/scene.h"

#define WITH_RATE(curve) \
    "version: 1\nname: rate\nclients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms, " \
    "rate: {" curve "}}]\npods: [{}]\nbalancers: [{policy: random}]\n"

static const struct param_kind *open_rate(struct scene *scene, const char *curve)
{
    scene_open(scene,
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms, rate: {%s}}]\n"
               "pods: [{}]\nbalancers: [{policy: random}]\n", curve);
    return &PARAM_ITEM(scene->scenario->clients, struct scenario_client, 0)->rate;
}

/* Times in seconds. */
static void assert_times(const char *curve, const double *areas, const double *times,
                         size_t count)
{
    struct scene scene;
    const struct param_kind *rate = open_rate(&scene, curve);
    struct rate_cursor cursor = {0};
    for (size_t i = 0; i < count; i++) {
        double found = rate_time(rate, &cursor, areas[i] * 1e9) / 1e9;
        if (!(found == times[i] || fabs(found - times[i]) < 1e-9))
            fail_msg("%s: area %.6g at %.12g s, expected %.12g", curve, areas[i], found,
                     times[i]);
    }
    scene_close(&scene);
}

#define NUMBERS(...) ((const double[]){__VA_ARGS__})
#define TIMES(curve, areas, times) \
    assert_times(curve, areas, times, sizeof(areas) / sizeof(double))

static void test_times(void **state)
{
    (void)state;
    TIMES("steps: {points: [{at: 2s, factor: 3}, {at: 5s, factor: 0}, {at: 6s, factor: 0.5}]}",
          NUMBERS(1, 2, 3.5, 11, 12), NUMBERS(1, 2, 2.5, 5, 8));
    TIMES("steps: {points: [{at: 0s, factor: 2}, {at: 3s, factor: 0}], repeat: 4s}",
          NUMBERS(1, 6, 7, 13), NUMBERS(0.5, 3, 4.5, 8.5));
    TIMES("piecewise: {points: [{at: 1s, factor: 1}, {at: 3s, factor: 3}]}",
          NUMBERS(0.5, 1, 2.5, 5, 8), NUMBERS(0.5, 1, 2, 3, 4));
    TIMES("ramp: {from: 0, to: 2, end: 4s}", NUMBERS(0, 1, 4, 6), NUMBERS(0, 2, 4, 5));
    TIMES("ramp: {from: 2, to: 0, begin: 1s, end: 3s}", NUMBERS(2, 3.5, 4, 4.1),
          NUMBERS(1, 2, 3, (double)INFINITY));
    TIMES("spike: {at: 1s, for: 1s, factor: 5}", NUMBERS(1, 3.5, 6, 7), NUMBERS(1, 1.5, 2, 3));
    TIMES("spike: {at: 1s, for: 1s, factor: 0, every: 3s}", NUMBERS(1, 2, 3, 5),
          NUMBERS(1, 3, 4, 7));
    TIMES("sine: {period: 4s, amplitude: 0%}", NUMBERS(1, 5, 9), NUMBERS(1, 5, 9));
    TIMES("sine: {period: 4s, amplitude: 100%}", NUMBERS(4, 8, 400), NUMBERS(4, 8, 400));
}

/* Half a wave up brings amplitude / pi of a period more. */
static void test_sine(void **state)
{
    (void)state;
    struct scene scene;
    const struct param_kind *rate = open_rate(&scene, "sine: {period: 10s, amplitude: 60%}");
    ASSERT_NEAR(rate_mean(rate, 5e9) * 5, 5 + 0.6 * 10 / 3.14159265358979, 1e-3);
    ASSERT_NEAR(rate_mean(rate, 10e9), 1, 1e-12);
    ASSERT_NEAR(rate_mean(rate, 35e9), 1 + 0.6 * 10 / 3.14159265358979 / 35, 1e-4);
    scene_close(&scene);
}

/* mean(d) d is the area up to d, whose time is d. */
static void test_mean_and_time_agree(void **state)
{
    (void)state;
    static const char *const curves[] = {
        "steps: {points: [{at: 2s, factor: 3}, {at: 5s, factor: 0.1}, {at: 6s, factor: 0.5}]}",
        "steps: {points: [{at: 0s, factor: 2}, {at: 3s, factor: 0.25}], repeat: 4s}",
        "piecewise: {points: [{at: 1s, factor: 2}, {at: 4s, factor: 0.5}], repeat: 5s}",
        "ramp: {from: 0.5, to: 2.5, begin: 2s, end: 6s}",
        "sine: {period: 5s, amplitude: 80%}",
        "spike: {at: 1s, for: 500ms, factor: 4, every: 2s}",
    };
    for (size_t c = 0; c < sizeof curves / sizeof *curves; c++) {
        struct scene scene;
        const struct param_kind *rate = open_rate(&scene, curves[c]);
        struct rate_cursor cursor = {0};
        struct rng rng;
        rng_open(&rng, c, "rate", 0);
        double time = 0, last = 0;
        for (int i = 0; i < 20000; i++) {
            time += rng_uniform(&rng) * 1e7;
            double found = rate_time(rate, &cursor, rate_mean(rate, time) * time);
            if (fabs(found - time) > 1e-9 * time + 1e-3)
                fail_msg("%s: %.15g ns became %.15g", curves[c], time, found);
            assert_true(found >= last);
            last = found;
        }
        scene_close(&scene);
    }
}

static void test_absent(void **state)
{
    (void)state;
    struct rate_cursor cursor = {0};
    const struct param_kind none = {0};
    ASSERT_NEAR(rate_time(&none, &cursor, 123.25), 123.25, 0);
    ASSERT_NEAR(rate_mean(&none, 5e9), 1, 0);
}

/* Nothing ever comes. */
static void test_zero_for_ever(void **state)
{
    (void)state;
    TIMES("steps: {points: [{at: 0s, factor: 0}]}", NUMBERS(1), NUMBERS((double)INFINITY));
    TIMES("steps: {points: [{at: 0s, factor: 0}], repeat: 3s}", NUMBERS(1),
          NUMBERS((double)INFINITY));
}

static void assert_refused(const char *text, const char *message)
{
    struct scene scene;
    struct problems problems = {0};
    scene_try(&scene, text, &problems);
    assert_null(scene.scenario);
    assert_true(problems.count > 0);
    if (strstr(problems.items[0].message, message) == NULL)
        fail_msg("expected '%s', found '%s'", message, problems.items[0].message);
    problems_free(&problems);
    scene_close(&scene);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused(WITH_RATE("steps: {points: [{at: 2s, factor: 1}, {at: 2s, factor: 2}]}"),
                   "point 2 is not later than the one before it");
    assert_refused(WITH_RATE("piecewise: {points: [{at: 2s, factor: 1}], repeat: 2s}"),
                   "repeat must be later than the last point");
    assert_refused(WITH_RATE("ramp: {to: 2, begin: 4s, end: 4s}"),
                   "end must be later than begin");
    assert_refused(WITH_RATE("spike: {at: 2s, for: 2s, factor: 3, every: 3s}"),
                   "every must be at least at + for");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_times),
    cmocka_unit_test(test_sine),
    cmocka_unit_test(test_mean_and_time_agree),
    cmocka_unit_test(test_absent),
    cmocka_unit_test(test_zero_for_ever),
    cmocka_unit_test(test_refusals),
};

TEST_MAIN(tests)
