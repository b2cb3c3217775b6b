/* SPDX-License-Identifier: GPL-3.0-or-later
   The search ends on both sides of the truth, as narrow as asked for, or around what nobody
   could decide. */
#include "sim/cli/bisection.h"

#include "tests/test.h"

/* Searches where values up to `truth` are near; those from `dim` to `bright` are unclear. */
static struct bisection search(struct bisection bisection, double truth, double dim,
                               double bright)
{
    double value;
    while (bisection_next(&bisection, &value)) {
        assert_true(value >= bisection.least && value <= bisection.most);
        for (size_t i = 0; i < bisection.count; i++)
            assert_true(bisection.tried[i] != value);
        bisection_tell(&bisection, value,
                       value > dim && value < bright ? BISECTION_UNCLEAR
                       : value <= truth              ? BISECTION_NEAR
                                                     : BISECTION_FAR);
    }
    return bisection;
}

static void the_truth_is_between_narrow_ends(void **state)
{
    (void)state;
    static const double truths[] = {0.011, 0.4, 0.999, 1, 1.7, 63};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        struct bisection found =
            search(bisection_open(1, 0.01, 100, 0.02, false), truths[i], 0, 0);
        assert_true(found.near <= truths[i] && truths[i] < found.far);
        assert_true(found.far <= 1.0201 * found.near);
        assert_true(found.count < 20);
    }
}

static void what_is_unclear_is_enclosed(void **state)
{
    (void)state;
    struct bisection found = search(bisection_open(1, 0.01, 100, 0.02, false), 2, 1.5, 2.5);
    assert_true(found.near <= 1.5 && found.near > 1.5 / 1.03);
    assert_true(found.far >= 2.5 && found.far < 2.5 * 1.03);
    assert_true(found.unclear_low > 1.5 && found.unclear_high < 2.5);
}

static void whole_numbers_end_as_neighbours(void **state)
{
    (void)state;
    static const double truths[] = {1, 7, 8, 9, 31, 99};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        struct bisection found =
            search(bisection_open(8, 1, 1000, 1e-4, true), truths[i], 0, 0);
        ASSERT_NEAR(found.near, truths[i], 0);
        ASSERT_NEAR(found.far, truths[i] + 1, 0);
    }
}

static void bounds_end_the_search(void **state)
{
    (void)state;
    struct bisection up = search(bisection_open(1, 0.1, 10, 0.02, false), 50, 0, 0);
    ASSERT_NEAR(up.near, 10, 0);
    assert_true(isnan(up.far));
    struct bisection down = search(bisection_open(1, 0.1, 10, 0.02, false), 0.01, 0, 0);
    ASSERT_NEAR(down.far, 0.1, 0);
    assert_true(isnan(down.near));
    struct bisection never = search(bisection_open(1, 0.1, 10, 0.02, false), 1, 0, 100);
    assert_true(isnan(never.near) && isnan(never.far));
    assert_true(never.count < 12);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_truth_is_between_narrow_ends),
    cmocka_unit_test(what_is_unclear_is_enclosed),
    cmocka_unit_test(whole_numbers_end_as_neighbours),
    cmocka_unit_test(bounds_end_the_search),
};

TEST_MAIN(tests)
