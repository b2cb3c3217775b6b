/* SPDX-License-Identifier: GPL-3.0-or-later
   Every policy between random and one queue for all, at few pods; slow_policies.c has more. */
#include "tests/theory/policies_bounds.h"

static void test_between_random_and_one_queue(void **state)
{
    (void)state;
    static const struct policies_case cases[] = {
        {3, 0.7, 8000, 10},
        {10, 0.9, 12000, 10},
    };
    int wrong = 0;
    policies_check_names(policies_no_balance);
    policies_check_names(policies_no_bound);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        wrong += policies_check_bounds(cases[i]);
    assert_int_equal(wrong, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_between_random_and_one_queue),
};

TEST_MAIN(tests)
