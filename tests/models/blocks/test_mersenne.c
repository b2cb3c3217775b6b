/* SPDX-License-Identifier: GPL-3.0-or-later
   MT19937: the value that the C++ standard requires ([rand.predef]), and the first one. */
#include "models/blocks/mersenne.h"
#include "tests/test.h"

static void test_standard(void **state)
{
    (void)state;
    struct mersenne mersenne;
    mersenne_seed(&mersenne, 5489);
    assert_int_equal(mersenne_next(&mersenne), 3499211612);
    for (int i = 2; i < 10000; i++)
        mersenne_next(&mersenne);
    assert_int_equal(mersenne_next(&mersenne), 4123659995);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_standard),
};

TEST_MAIN(tests)
