/* SPDX-License-Identifier: GPL-3.0-or-later
   Conservation, order, limits and work conservation over five thousand random scenarios,
   under every policy. */
#include "tests/theory/laws_scene.h"

static void test_random_scenarios(void **state)
{
    (void)state;
    size_t runs = 0;
    for (uint64_t seed = 1001; seed <= 6000; seed++)
        runs += laws_check_seed(seed);
    print_message("    5000 scenarios, %zu runs\n", runs);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_random_scenarios),
};

TEST_MAIN(tests)
