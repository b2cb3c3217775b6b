/* SPDX-License-Identifier: GPL-3.0-or-later
   Moments: hand-worked values, exactness where floating sums lose everything. */
#include "sim/stats/moments.h"

#include "tests/test.h"

static struct moments test_of(const uint64_t *values, size_t count)
{
    struct moments moments = {0};
    for (size_t i = 0; i < count; i++)
        moments_add(&moments, values[i]);
    return moments;
}

static void nothing_has_no_moments(void **state)
{
    (void)state;
    struct moments none = {0};
    assert_true(isnan(moments_mean(&none)));
    assert_true(isnan(moments_deviation(&none)));
    assert_true(isnan(moments_cv(&none)));
    assert_true(isnan(moments_jain(&none)));
    struct moments zeros = test_of((const uint64_t[]){0, 0, 0}, 3);
    ASSERT_NEAR(moments_mean(&zeros), 0, 0);
    ASSERT_NEAR(moments_deviation(&zeros), 0, 0);
    assert_true(isnan(moments_cv(&zeros)));
}

static void moments_are_as_worked_by_hand(void **state)
{
    (void)state;
    struct moments moments = test_of((const uint64_t[]){2, 4, 4, 4, 5, 5, 7, 9}, 8);
    ASSERT_NEAR(moments_mean(&moments), 5, 0);
    ASSERT_NEAR(moments_deviation(&moments), 2, 0);
    ASSERT_NEAR(moments_cv(&moments), 0.4, 1e-15);
    ASSERT_NEAR(moments_jain(&moments), 40.0 * 40 / (8 * 232), 1e-15);
    assert_int_equal(moments.largest, 9);
}

static void jain_goes_from_one_in_n_to_one(void **state)
{
    (void)state;
    struct moments one = test_of((const uint64_t[]){0, 0, 0, 100}, 4);
    ASSERT_NEAR(moments_jain(&one), 0.25, 1e-15);
    struct moments even = test_of((const uint64_t[]){7, 7, 7}, 3);
    ASSERT_NEAR(moments_jain(&even), 1, 0);
}

/* Values near 2^60 with a deviation of 1: their squares have 120 bits. */
static void a_small_spread_of_large_numbers_is_exact(void **state)
{
    (void)state;
    const uint64_t center = UINT64_C(1) << 60;
    struct moments moments = {0};
    for (int i = 0; i < 100; i++) {
        moments_add(&moments, center - 1);
        moments_add(&moments, center + 1);
    }
    ASSERT_NEAR(moments_deviation(&moments), 1, 0);
    ASSERT_NEAR(moments_mean(&moments), (double)center, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nothing_has_no_moments),
    cmocka_unit_test(moments_are_as_worked_by_hand),
    cmocka_unit_test(jain_goes_from_one_in_n_to_one),
    cmocka_unit_test(a_small_spread_of_large_numbers_is_exact),
};

TEST_MAIN(tests)
