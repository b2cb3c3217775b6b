/* SPDX-License-Identifier: GPL-3.0-or-later
   p99 of single replications, and what several say together. */
#include "sim/report/glance.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

/* 98 requests of 100 ns and two that were given up after 5 us: the p99 is where one of a hundred
   is left.  The same from a closed tally, whose histograms are packed. */
static void a_tally_has_a_p99(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    assert_true(isnan(glance_of(tally).p99));
    for (int i = 0; i < 100; i++) {
        struct trace_row row = i < 98 ? rows_ok(1000 + i, 0, 40, 42)
                                      : rows_failed(1500, OUTCOME_TIMEOUT, 5000);
        tally_rows(tally, &row, 1);
    }
    struct glance glance = glance_of(tally);
    assert_int_equal(glance.requests, 100);
    ASSERT_NEAR(glance.p99, 5e-6, 5e-9);
    tally_close(tally);
    ASSERT_NEAR(glance_of(tally).p99, glance.p99, 0);
    assert_int_equal(glance_of(tally).requests, 100);
    tally_free(tally);
    roster_free(&roster);
}

/* 1, 2 … 10: mean 5.5, variance 55 / 6, so the half-width is 2.262 * sqrt(55 / 60). */
static void several_have_a_mean_and_an_interval(void **state)
{
    (void)state;
    struct glance glances[11];
    for (int i = 0; i < 10; i++)
        glances[i] = (struct glance){i + 1, 300};
    glances[10] = (struct glance){(double)NAN, 0};
    struct interval interval = glance_pool(glances, 11);
    assert_false(interval.thin);
    ASSERT_NEAR(interval.value, 5.5, 1e-12);
    ASSERT_NEAR(interval.high - interval.value, 2.2622 * sqrt(55.0 / 60), 1e-3);
    interval = glance_pool(glances, 10);
    ASSERT_NEAR(interval.value, 5.5, 1e-12);
    interval = glance_pool(glances + 1, 9); /* 2700 requests have 27 beyond */
    assert_true(interval.thin && isnan(interval.value));
    glances[1].requests = 600;
    interval = glance_pool(glances + 1, 9);
    ASSERT_NEAR(interval.value, 6, 1e-12);
    assert_true(isnan(interval.low));
    assert_true(glance_pool(glances, 0).thin);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_tally_has_a_p99),
    cmocka_unit_test(several_have_a_mean_and_an_interval),
};
TEST_MAIN(tests)
