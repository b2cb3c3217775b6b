/* SPDX-License-Identifier: GPL-3.0-or-later
   Time-decayed averages against their definition. */
#include "models/blocks/ewma.h"
#include "tests/test.h"

static const sim_time tau = 10 * SIM_SECOND;

static void test_ordinary(void **state)
{
    (void)state;
    struct ewma ewma = {100, SIM_SECOND};
    ewma_feed(&ewma, 20, 11 * SIM_SECOND, tau);
    ASSERT_NEAR(ewma.value, 100 * exp(-1) + 20 * (1 - exp(-1)), 1e-12);
    double before = ewma.value;
    ewma_feed(&ewma, 5000, 11 * SIM_SECOND, tau); /* at the same instant */
    ASSERT_NEAR(ewma.value, before, 0);
    ewma_feed(&ewma, 5000, 3 * SIM_SECOND, tau); /* before it */
    ASSERT_NEAR(ewma.value, before, 0);
    ewma = (struct ewma){100, 0};
    ewma_feed(&ewma, 300, 5 * SIM_SECOND, tau);
    ASSERT_NEAR(ewma.value, 300 - 200 * exp(-0.5), 1e-12);
}

static void test_peak(void **state)
{
    (void)state;
    struct ewma ewma = {100, 0};
    ewma_feed_peak(&ewma, 300, SIM_SECOND, tau);
    ASSERT_NEAR(ewma.value, 300, 0);
    assert_int_equal(ewma.at, SIM_SECOND);
    ewma_feed_peak(&ewma, 300, 2 * SIM_SECOND, tau); /* not above */
    ASSERT_NEAR(ewma.value, 300, 1e-12);
    ewma_feed_peak(&ewma, 0, 12 * SIM_SECOND, tau);
    ASSERT_NEAR(ewma.value, 300 * exp(-1), 1e-12);
}

static void test_faded(void **state)
{
    (void)state;
    struct ewma ewma = {100, SIM_SECOND};
    ASSERT_NEAR(ewma_faded(&ewma, 21 * SIM_SECOND, tau), 100 * exp(-2), 1e-12);
    ASSERT_NEAR(ewma_faded(&ewma, 0, tau), 100, 0);
    ASSERT_NEAR(ewma.value, 100, 0);
    ASSERT_NEAR(ewma_faded(&ewma, SIM_LONGEST, tau), 0, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_ordinary),
    cmocka_unit_test(test_peak),
    cmocka_unit_test(test_faded),
};

TEST_MAIN(tests)
