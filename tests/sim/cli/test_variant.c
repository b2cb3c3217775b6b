/* SPDX-License-Identifier: GPL-3.0-or-later
   Which numbers of a scenario are rates, demands, speeds and delays; and that the settings made
   of them bind. */
#include "sim/cli/variant.h"

#include "sim/cli/perturb.h"
#include "tests/test.h"

#include <string.h>

static const char text[] =
    "version: 1\n"
    "name: parts\n"
    "clients:\n"
    "  - name: web\n"
    "    arrivals: {bursts: {rate: 300/s, burst_rate: 900/s, calm: 1s, burst: 1s}}\n"
    "    demand: {mixture: [{weight: 1, of: {uniform: {min: 1ms, max: 3ms}}},\n"
    "                       {weight: 2, of: {lognormal: {mean: 5ms, cv: 2}}}]}\n"
    "    timeout: 1s\n"
    "  - {name: loop, arrivals: {closed: {users: 3, think: 1s}}, demand: 4ms}\n"
    "pods:\n"
    "  - {name: pod, count: 2, speed: 0.5}\n"
    "network: {to_pod: 200us}\n"
    "balancers:\n"
    "  - policy: random\n";

static const struct scenario *bound(const struct config_setting *settings, size_t count,
                                    struct arena *arena)
{
    struct problems problems = {0};
    const struct source *source =
        source_of_text("test", text, strlen(text), arena, &problems);
    const struct scenario *scenario =
        scenario_bind(source, settings, count, arena, &problems);
    assert_int_equal(problems.errors, 0);
    problems_free(&problems);
    return scenario;
}

static void numbers_are_told_by_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *path, *named, *group;
        enum variant_part part;
        double number;
    } expected[] = {
        {"clients.0.arrivals.bursts.rate", "clients.web.arrivals.bursts.rate",
         "clients.0.arrivals", VARIANT_RATE, 300},
        {"clients.0.arrivals.bursts.burst_rate", "clients.web.arrivals.bursts.burst_rate",
         "clients.0.arrivals", VARIANT_RATE, 900},
        {"clients.0.demand.mixture.parts.0.of.uniform.min",
         "clients.web.demand.mixture.parts.0.of.uniform.min", "clients.0.demand",
         VARIANT_DEMAND, 1e6},
        {"clients.0.demand.mixture.parts.0.of.uniform.max",
         "clients.web.demand.mixture.parts.0.of.uniform.max", "clients.0.demand",
         VARIANT_DEMAND, 3e6},
        {"clients.0.demand.mixture.parts.1.of.lognormal.mean",
         "clients.web.demand.mixture.parts.1.of.lognormal.mean", "clients.0.demand",
         VARIANT_DEMAND, 5e6},
        {"clients.1.demand.deterministic.value", "clients.loop.demand.deterministic.value",
         "clients.1.demand", VARIANT_DEMAND, 4e6},
        {"pods.0.speed", "pods.pod.speed", "pods.0.speed", VARIANT_SPEED, 0.5},
        {"network.to_pod.deterministic.value", "network.to_pod.deterministic.value",
         "network.to_pod", VARIANT_DELAY, 2e5},
    };
    struct arena arena = {0};
    struct variant_list list = variant_list(bound(NULL, 0, &arena), &arena);
    for (size_t i = 0; i < list.count && i < sizeof expected / sizeof *expected; i++) {
        assert_string_equal(list.items[i].path, expected[i].path);
        assert_string_equal(list.items[i].named, expected[i].named);
        assert_string_equal(list.items[i].group, expected[i].group);
        assert_int_equal(list.items[i].part, expected[i].part);
        ASSERT_NEAR(list.items[i].number, expected[i].number, 0);
    }
    assert_int_equal(list.count, sizeof expected / sizeof *expected);
    arena_free(&arena);
}

static void settings_bind_to_the_numbers(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct config_setting settings[16];
    const struct scenario *scenario = bound(NULL, 0, &arena);
    struct variant_list list = variant_list(scenario, &arena);
    double load = scenario_load_factor(scenario);
    assert_true(isnan(load)); /* there is a closed loop */
    for (size_t i = 0; i < list.count; i++)
        settings[i] = variant_set(&list.items[i], list.items[i].number * 1.1, &arena);
    const struct scenario *larger = bound(settings, list.count, &arena);
    struct variant_list scaled = variant_list(larger, &arena);
    assert_int_equal(scaled.count, list.count);
    for (size_t i = 0; i < list.count; i++)
        ASSERT_NEAR(scaled.items[i].number, 1.1 * list.items[i].number,
                    1e-12 * list.items[i].number);
    arena_free(&arena);
}

static void a_path_is_found_in_both_spellings(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct variant_value value;
    const struct scenario *scenario = bound(NULL, 0, &arena);
    assert_true(variant_find(scenario, "clients.loop.arrivals.closed.users", &arena, &value));
    ASSERT_NEAR(value.number, 3, 0);
    assert_string_equal(variant_set(&value, 7.6, &arena).value, "8");
    assert_true(variant_find(scenario, "clients.0.timeout", &arena, &value));
    assert_string_equal(variant_set(&value, 1.5e9, &arena).value, "1500000000ns");
    assert_false(variant_find(scenario, "clients.1.timeout", &arena, &value)); /* none */
    assert_false(variant_find(scenario, "clients.web", &arena, &value));
    arena_free(&arena);
}

/* 4000 log-uniform factors: the mean of their logarithms is 0 within four standard errors of
   ln(1.3) / sqrt(3 * 4000), which chance misses once in 16 000 times; the seeds are fixed. */
static void factors_are_log_uniform(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    double sum = 0, least = 9, most = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        double factor = perturb_factor(1, i, "pods.0.speed", 0.3);
        assert_true(factor >= 1 / 1.3 && factor <= 1.3);
        least = fmin(least, factor);
        most = fmax(most, factor);
        sum += log(factor);
    }
    ASSERT_NEAR(sum / COUNT, 0, 4 * log(1.3) / sqrt(3.0 * COUNT));
    assert_true(least < 0.771 && most > 1.297);
    ASSERT_NEAR(perturb_factor(7, 3, "a", 1), perturb_factor(7, 3, "a", 1), 0);
    assert_true(perturb_factor(7, 3, "a", 1) != perturb_factor(7, 3, "b", 1));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers_are_told_by_their_place),
    cmocka_unit_test(settings_bind_to_the_numbers),
    cmocka_unit_test(a_path_is_found_in_both_spellings),
    cmocka_unit_test(factors_are_log_uniform),
};

TEST_MAIN(tests)
