/* SPDX-License-Identifier: GPL-3.0-or-later
   Forty windows of 500 ms, the first four of them warm-up, with ten replications that differ by a
   few per cent in the same way in every window, so that every ratio is exact. */
#include "sim/report/steady.h"

#include "sim/report/scope.h"
#include "tests/test.h"

#include <stdio.h>

enum { WINDOWS = 40, REPLICATIONS = 10 };

struct run {
    struct measure measures[WINDOWS];
    double values[WINDOWS][REPLICATIONS];
    char names[WINDOWS][32];
    struct report report;
};

static struct steady check(struct run *run, const double *levels)
{
    *run = (struct run){.report = {.measures = run->measures, .count = WINDOWS}};
    for (int i = 0; i < WINDOWS; i++) {
        for (int r = 0; r < REPLICATIONS; r++)
            run->values[i][r] = levels[i] * (0.955 + 0.01 * r);
        snprintf(run->names[i], sizeof run->names[i], "%s%dms..%dms", scope_words[SCOPE_WINDOW],
                 500 * i, 500 * i + 500);
        run->measures[i] = (struct measure){.policy = "p", .scope = run->names[i],
                                            .metric = "in_flight", .value = levels[i],
                                            .values = run->values[i],
                                            .value_count = REPLICATIONS};
    }
    return steady_check(&run->report, "p", 2 * SIM_SECOND, 20 * SIM_SECOND);
}

static void test_settled(void **state)
{
    (void)state;
    struct run run;
    double levels[WINDOWS];
    for (int i = 0; i < WINDOWS; i++)
        levels[i] = i < 4 ? 5 : 10;
    struct steady steady = check(&run, levels);
    assert_false(steady.grows);
    assert_false(steady.is_cold);
    ASSERT_NEAR(steady.early, 10, 1e-9);
    assert_int_equal(steady.settled, 2 * SIM_SECOND);
}

/* 1, 2, 3, … : the first third of the 36 measured has 5 to 16, the last 29 to 40. */
static void test_grows(void **state)
{
    (void)state;
    struct run run;
    double levels[WINDOWS];
    for (int i = 0; i < WINDOWS; i++)
        levels[i] = i + 1;
    struct steady steady = check(&run, levels);
    assert_true(steady.grows);
    ASSERT_NEAR(steady.early, 10.5, 1e-9);
    ASSERT_NEAR(steady.late, 34.5, 1e-9);
}

/* The first tenth of the measured part is four windows: 8 in place of 10. */
static void test_cold(void **state)
{
    (void)state;
    struct run run;
    double levels[WINDOWS];
    for (int i = 0; i < WINDOWS; i++)
        levels[i] = i < 4 ? 5 : i < 8 ? 8 : 10;
    struct steady steady = check(&run, levels);
    assert_false(steady.grows);
    assert_true(steady.is_cold);
    ASSERT_NEAR(steady.bias, -0.2, 1e-9);
    assert_int_equal(steady.settled, 4 * SIM_SECOND);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_settled),
    cmocka_unit_test(test_grows),
    cmocka_unit_test(test_cold),
};

TEST_MAIN(tests)
