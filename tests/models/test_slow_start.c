/* SPDX-License-Identifier: GPL-3.0-or-later
   Slow start: weights over time worked out by hand, and that every change of the factor falls
   on a step. */
#include "models/slow_start.h"
#include "tests/models/kind_bind.h"

struct slow_start_point {
    double age; /* s */
    double factor;
};

static void assert_factors(const char *text, const struct slow_start_point *points,
                           size_t count)
{
    struct kind_bound bound = kind_bind(&slow_start_kinds, text);
    for (size_t i = 0; i < count; i++) {
        double found = slow_start_factor(&bound.kind, sim_time_of(points[i].age * 1e9));
        if (fabs(found - points[i].factor) > 1e-12)
            fail_msg("%s: %.17g at %g s, expected %.17g", text, found, points[i].age,
                     points[i].factor);
    }
    arena_free(&bound.arena);
}

#define FACTORS(text, ...) \
    assert_factors(text, (const struct slow_start_point[]){__VA_ARGS__}, \
                   sizeof((const struct slow_start_point[]){__VA_ARGS__}) / \
                       sizeof(struct slow_start_point))

static void test_envoy(void **state)
{
    (void)state;
    FACTORS("{envoy: {slow_start_window: 60s}}", {0, 0.1}, {5.9, 0.1}, {6, 0.1}, {9, 0.15},
            {30, 0.5}, {30.0004, 0.5}, {45, 0.75}, {59.999, 59999 / 60000.0}, {60, 1}, {900, 1});
    FACTORS("{envoy: {slow_start_window: 100s, aggression: 2, min_weight_percent: 0%}}",
            {0, 0.0031622776601683795}, {1, 0.1}, {25, 0.5}, {81, 0.9}, {100, 1});
    FACTORS("{envoy: {slow_start_window: 100s, aggression: 0.5, min_weight_percent: 0%}}",
            {10, 0.01}, {50, 0.25}, {90, 0.81});
}

/* 32 s: a sixteenth more every 2 s, 1/16 at once.  5 s: floor((16 t + 5) / 5) = 1, 4, 7, 10,
   13.  100 s: 2/16 at 7 s, as 16 * 6.25 = 100; the whole from 94 s on. */
static void test_haproxy(void **state)
{
    (void)state;
    FACTORS("{haproxy: {slowstart: 32s}}", {0, 1 / 16.0}, {1.999, 1 / 16.0}, {2, 2 / 16.0},
            {3.5, 2 / 16.0}, {4, 3 / 16.0}, {29, 15 / 16.0}, {30, 1}, {31, 1}, {32, 1});
    FACTORS("{haproxy: {slowstart: 5s}}", {0.5, 1 / 16.0}, {1, 4 / 16.0}, {2, 7 / 16.0},
            {3, 10 / 16.0}, {4, 13 / 16.0}, {4.999, 13 / 16.0}, {5, 1});
    FACTORS("{haproxy: {slowstart: 100s}}", {6.999, 1 / 16.0}, {7, 2 / 16.0}, {12, 2 / 16.0},
            {13, 3 / 16.0}, {93, 15 / 16.0}, {94, 1});
    FACTORS("{haproxy: {slowstart: 1500ms}}", {0, 1 / 16.0}, {1, 9 / 16.0}, {1.9, 9 / 16.0},
            {2, 1});
}

static void test_linear(void **state)
{
    (void)state;
    FACTORS("{nginx: {slow_start: 30s}}", {0, 0}, {3, 0.1}, {15, 0.5}, {30, 1});
    FACTORS("avi", {0, 0.01}, {6, 0.01}, {60, 0.1}, {300, 0.5}, {600, 1});
    FACTORS("{avi: {connection_ramp_duration: 0s}}", {0, 1});
}

static void assert_steps(const char *text, size_t most)
{
    struct kind_bound bound = kind_bind(&slow_start_kinds, text);
    sim_time age = 0;
    double factor = slow_start_factor(&bound.kind, age);
    size_t steps = 0;
    for (sim_time next; (next = slow_start_step(&bound.kind, age)) != SIM_NEVER; steps++) {
        double grown = slow_start_factor(&bound.kind, next);
        if (next <= age || grown < factor || steps > most)
            fail_msg("%s: step %zu goes from %.17g at %lld to %.17g at %lld", text, steps,
                     factor, (long long)age, grown, (long long)next);
        age = next;
        factor = grown;
    }
    ASSERT_NEAR(factor, 1, 0);
    ASSERT_NEAR(slow_start_factor(&bound.kind, SIM_LONGEST), 1, 0);
    arena_free(&bound.arena);
}

/* Of HAProxy's steps each one changes the factor: none between them does. */
static void test_steps(void **state)
{
    (void)state;
    assert_steps("{envoy: {slow_start_window: 60s}}", 100);
    assert_steps("{nginx: {slow_start: 50ns}}", 50);
    assert_steps("avi", 100);
    const char *texts[] = {"{haproxy: {slowstart: 32s}}", "{haproxy: {slowstart: 7s}}",
                           "{haproxy: {slowstart: 61s}}", "{haproxy: {slowstart: 999ms}}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_steps(texts[i], 16);
        struct kind_bound bound = kind_bind(&slow_start_kinds, texts[i]);
        sim_time change = slow_start_step(&bound.kind, 0);
        for (sim_time age = 0; age < 70 * SIM_SECOND; age += 100 * SIM_MILLISECOND) {
            bool differs = slow_start_factor(&bound.kind, age) !=
                           slow_start_factor(&bound.kind, age > 0 ? age - 1 : 0);
            if (differs != (age == change))
                fail_msg("%s: the factor %s at %lld, the step is at %lld", texts[i],
                         differs ? "changes" : "stays", (long long)age, (long long)change);
            if (age == change)
                change = slow_start_step(&bound.kind, age);
        }
        arena_free(&bound.arena);
    }
}

static void test_who(void **state)
{
    (void)state;
    struct kind_bound envoy = kind_bind(&slow_start_kinds, "{envoy: {slow_start_window: 1s}}");
    struct kind_bound haproxy = kind_bind(&slow_start_kinds, "{haproxy: {slowstart: 1s}}");
    assert_true(slow_start_at_join(&envoy.kind));
    assert_false(slow_start_at_join(&haproxy.kind));
    assert_true(slow_start_at_admit(&haproxy.kind));
    assert_false(slow_start_at_admit(&envoy.kind));
    arena_free(&envoy.arena);
    arena_free(&haproxy.arena);
    const struct param_kind none = {.kind = NULL};
    ASSERT_NEAR(slow_start_factor(&none, 0), 1, 0);
    assert_true(slow_start_step(&none, 0) == SIM_NEVER);
    assert_false(slow_start_at_join(&none));
    kind_bind_refused(&slow_start_kinds, "envoy", "slow_start_window");
    kind_bind_refused(&slow_start_kinds, "{haproxy: {slowstart: 0s}}", "slowstart");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_envoy), cmocka_unit_test(test_haproxy), cmocka_unit_test(test_linear),
    cmocka_unit_test(test_steps), cmocka_unit_test(test_who),
};

TEST_MAIN(tests)
