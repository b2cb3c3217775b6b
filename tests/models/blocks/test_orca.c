/* SPDX-License-Identifier: GPL-3.0-or-later
   Weights from reports, held to what Envoy's and grpc-go's own tests of them assert. */
#include "models/blocks/orca.h"

#include "tests/test.h"

static const sim_time second = 1000000000;

struct fixture {
    struct arena arena;
    struct orca orca;
};

static void open_with(struct fixture *fixture, enum orca_product product, double penalty)
{
    const struct orca_config config = {10 * second, 180 * second, second, penalty};
    *fixture = (struct fixture){0};
    orca_init(&fixture->orca, &config, product, 1, &fixture->arena);
    orca_restart(&fixture->orca, 0);
}

static void report(struct fixture *fixture, sim_time now, double rate, double utilisation)
{
    struct load_report load = {.rate = rate, .utilisation = utilisation};
    struct outcome_report outcome = {.success = true, .load = &load};
    orca_learn(&fixture->orca, now, &outcome);
}

/* The weight at a moment, -1 where there is none. */
static double weight_at(struct fixture *fixture, sim_time now)
{
    double weight;
    return orca_weight(&fixture->orca, 0, now, &weight) ? weight : -1;
}

static double weight_of(enum orca_product product, double penalty, int errors, double rate,
                        double utilisation)
{
    struct fixture fixture;
    open_with(&fixture, product, penalty);
    struct outcome_report failure = {.success = false};
    for (int i = 0; i < errors; i++)
        orca_learn(&fixture.orca, 0, &failure);
    for (int i = errors; i < 10; i++)
        report(&fixture, 0, rate, utilisation);
    double weight = weight_at(&fixture, 20 * second);
    arena_free(&fixture.arena);
    return weight;
}

static void test_formula(void **state)
{
    (void)state;
    ASSERT_NEAR(weight_of(ORCA_ENVOY, 0, 0, 1000, 0.5), 2000, 0);
    ASSERT_NEAR(weight_of(ORCA_GRPC, 0, 0, 1000, 0.5), 2000, 0);
    ASSERT_NEAR(weight_of(ORCA_ENVOY, 0, 0, 1e13, 1e-7), 4294967295, 0);
    ASSERT_NEAR(weight_of(ORCA_ENVOY, 0, 1, 1000, 0.5), 2000, 0);
    ASSERT_NEAR(weight_of(ORCA_ENVOY, 2, 1, 1000, 0.5), 1428, 0);
    ASSERT_NEAR(weight_of(ORCA_GRPC, 2, 1, 1000, 0.5), 1000 / 0.7, 1e-9);
    ASSERT_NEAR(weight_of(ORCA_ENVOY, 0, 0, 0, 0.5), -1, 0);
    ASSERT_NEAR(weight_of(ORCA_GRPC, 0, 0, 0, 0.5), -1, 0);
    ASSERT_NEAR(weight_of(ORCA_ENVOY, 0, 0, 1000, 0), -1, 0);
    ASSERT_NEAR(weight_of(ORCA_ENVOY, 1, 1, 1000, 0), 10000, 0);
    ASSERT_NEAR(weight_of(ORCA_GRPC, 1, 1, 1000, 0), -1, 0);
}

static void test_blackout(void **state)
{
    (void)state;
    for (int product = 0; product < 2; product++) {
        struct fixture fixture;
        open_with(&fixture, (enum orca_product)product, 0);
        ASSERT_NEAR(weight_at(&fixture, 100 * second), -1, 0);
        report(&fixture, 5 * second, 42, 1);
        report(&fixture, 9 * second, 43, 1);
        ASSERT_NEAR(weight_at(&fixture, 15 * second - 1), -1, 0);
        ASSERT_NEAR(weight_at(&fixture, 15 * second), 43, 0);
        arena_free(&fixture.arena);
    }
}

/* What has expired is blacked out again when reports come back. */
static void test_expiration(void **state)
{
    (void)state;
    for (int product = 0; product < 2; product++) {
        struct fixture fixture;
        open_with(&fixture, (enum orca_product)product, 0);
        report(&fixture, 0, 42, 1);
        ASSERT_NEAR(weight_at(&fixture, 180 * second - 1), 42, 0);
        ASSERT_NEAR(weight_at(&fixture, 180 * second), product == ORCA_ENVOY ? 42 : -1, 0);
        ASSERT_NEAR(weight_at(&fixture, 180 * second + 1), -1, 0);
        report(&fixture, 200 * second, 7, 1);
        ASSERT_NEAR(weight_at(&fixture, 201 * second), -1, 0);
        ASSERT_NEAR(weight_at(&fixture, 210 * second), 7, 0);
        orca_forget(&fixture.orca, 0);
        ASSERT_NEAR(weight_at(&fixture, 210 * second), -1, 0);
        arena_free(&fixture.arena);
    }
}

/* Errors count for this second and the one before. */
static void test_errors_fade(void **state)
{
    (void)state;
    struct fixture fixture;
    open_with(&fixture, ORCA_GRPC, 1);
    orca_learn(&fixture.orca, second / 2, &(struct outcome_report){.success = false});
    report(&fixture, second + second / 2, 10, 0.5);
    ASSERT_NEAR(weight_at(&fixture, 20 * second), 10, 0);
    report(&fixture, 2 * second, 10, 0.5);
    ASSERT_NEAR(weight_at(&fixture, 20 * second), 20, 0);
    arena_free(&fixture.arena);
}

static void test_periods(void **state)
{
    (void)state;
    struct fixture fixture;
    sim_time at = 0;
    open_with(&fixture, ORCA_GRPC, 1);
    assert_false(orca_is_due(&fixture.orca, second - 1, &at));
    assert_true(orca_is_due(&fixture.orca, second + 5, &at));
    assert_true(at == second);
    assert_false(orca_is_due(&fixture.orca, second + 5, &at));
    assert_true(orca_is_due(&fixture.orca, 7 * second + 3, &at));
    assert_true(at == 7 * second);
    orca_restart(&fixture.orca, 7 * second + 3);
    assert_false(orca_is_due(&fixture.orca, 8 * second + 2, &at));
    assert_true(orca_is_due(&fixture.orca, 8 * second + 3, &at));
    arena_free(&fixture.arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_formula),    cmocka_unit_test(test_blackout),
    cmocka_unit_test(test_expiration), cmocka_unit_test(test_errors_fade),
    cmocka_unit_test(test_periods),
};

TEST_MAIN(tests)
