/* SPDX-License-Identifier: GPL-3.0-or-later
   Moments worked by hand. */
#include "sim/stats/sample.h"

#include "tests/test.h"

static void moments_are_as_worked_by_hand(void **state)
{
    (void)state;
    const double even[] = {1, 2, 3, 4, 5};
    ASSERT_NEAR(sample_mean(even, 5), 3, 0);
    ASSERT_NEAR(sample_variance(even, 5), 2.5, 1e-15);
    ASSERT_NEAR(sample_skewness(even, 5), 0, 1e-15);
    /* Mean 1; squares 1 + 1 + 1 + 9, cubes -1 -1 -1 + 27: 6 / 3^1.5. */
    const double skewed[] = {0, 0, 0, 4};
    ASSERT_NEAR(sample_variance(skewed, 4), 4, 1e-15);
    ASSERT_NEAR(sample_skewness(skewed, 4), 6 / (3 * sqrt(3)), 1e-15);
}

static void few_values_have_no_spread(void **state)
{
    (void)state;
    const double equal[] = {7, 7, 7};
    assert_true(isnan(sample_mean(equal, 0)));
    assert_true(isnan(sample_variance(equal, 1)));
    ASSERT_NEAR(sample_variance(equal, 3), 0, 0);
    ASSERT_NEAR(sample_skewness(equal, 3), 0, 0);
}

/* Of 1 2 3 4 the mean is 2.5, products of neighbours 0.75 - 0.25 + 0.75, squares 5; of turns
   between 1 and 3 the products are -1 each, one fewer than there are values. */
static void neighbours_are_correlated(void **state)
{
    (void)state;
    const double rising[] = {1, 2, 3, 4}, turning[] = {1, 3, 1, 3}, equal[] = {2, 2};
    ASSERT_NEAR(sample_lag(rising, 4), 0.25, 1e-15);
    ASSERT_NEAR(sample_lag(turning, 4), -0.75, 1e-15);
    ASSERT_NEAR(sample_lag(equal, 2), 0, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(moments_are_as_worked_by_hand),
    cmocka_unit_test(few_values_have_no_spread),
    cmocka_unit_test(neighbours_are_correlated),
};

TEST_MAIN(tests)
