/* SPDX-License-Identifier: GPL-3.0-or-later
   Every policy between random and one queue for all, from two pods to a hundred. */
#include "tests/theory/policies_bounds.h"

static void test_between_random_and_one_queue(void **state)
{
    (void)state;
    static const struct policies_case cases[] = {
        {2, 0.7, 20000, 20}, {2, 0.9, 20000, 20}, {3, 0.7, 20000, 20}, {3, 0.9, 20000, 20},
        {10, 0.7, 40000, 20}, {10, 0.9, 40000, 20}, {100, 0.7, 80000, 10}, {100, 0.9, 80000, 10},
    };
    int wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        wrong += policies_check_bounds(cases[i]);
    assert_int_equal(wrong, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_between_random_and_one_queue),
};

TEST_MAIN(tests)
