/* SPDX-License-Identifier: GPL-3.0-or-later
   Holm's adjustment worked by hand, and what it promises of a family. */
#include "sim/stats/holm.h"

#include "sim/engine/rng.h"
#include "tests/test.h"

static void steps_are_as_worked_by_hand(void **state)
{
    (void)state;
    /* In order: 4 * 0.005, 3 * 0.01, 2 * 0.03, and 0.04 held up by the one before. */
    double p[] = {0.01, 0.04, 0.03, 0.005};
    assert_int_equal(holm_adjust(p, p, 4), 4);
    ASSERT_NEAR(p[0], 0.03, 1e-15);
    ASSERT_NEAR(p[1], 0.06, 1e-15);
    ASSERT_NEAR(p[2], 0.06, 1e-15);
    ASSERT_NEAR(p[3], 0.02, 1e-15);
}

static void one_alone_stays_and_none_exceeds_one(void **state)
{
    (void)state;
    double alone = 0.04, large[] = {0.6, 0.9, 0.7};
    assert_int_equal(holm_adjust(&alone, &alone, 1), 1);
    ASSERT_NEAR(alone, 0.04, 0);
    holm_adjust(large, large, 3);
    for (int i = 0; i < 3; i++)
        ASSERT_NEAR(large[i], 1, 0);
    assert_int_equal(holm_adjust(&alone, &alone, 0), 0);
}

static void what_could_not_be_compared_is_not_counted(void **state)
{
    (void)state;
    double p[] = {NAN, 0.02, NAN, 0.03};
    assert_int_equal(holm_adjust(p, p, 4), 2);
    assert_true(isnan(p[0]) && isnan(p[2]));
    ASSERT_NEAR(p[1], 0.04, 1e-15);
    ASSERT_NEAR(p[3], 0.04, 1e-15);
}

/* Of 9 true hypotheses at least one is rejected in 5 of 100 families: with 4000 of them the
   standard error is 0.35 points, so a right method misses these bounds once in 10^5. */
static void a_family_errs_in_five_of_a_hundred_cases(void **state)
{
    (void)state;
    enum { FAMILIES = 4000, SIZE = 9 };
    struct rng rng;
    int wrong = 0;
    rng_seed(&rng, 5);
    for (int i = 0; i < FAMILIES; i++) {
        double p[SIZE], least = 1;
        for (int k = 0; k < SIZE; k++)
            p[k] = rng_uniform_open(&rng);
        holm_adjust(p, p, SIZE);
        for (int k = 0; k < SIZE; k++)
            least = p[k] < least ? p[k] : least;
        wrong += least <= 0.05;
    }
    ASSERT_NEAR(100.0 * wrong / FAMILIES, 4.9, 1.5);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(steps_are_as_worked_by_hand),
    cmocka_unit_test(one_alone_stays_and_none_exceeds_one),
    cmocka_unit_test(what_could_not_be_compared_is_not_counted),
    cmocka_unit_test(a_family_errs_in_five_of_a_hundred_cases),
};

TEST_MAIN(tests)
