/* SPDX-License-Identifier: GPL-3.0-or-later
   Studentized bootstrap: near Student's t where that is right, better where values are
   skewed, the same bytes for the same values. */
#include "sim/stats/bootstrap.h"

#include "sim/engine/rng.h"
#include "sim/stats/interval.h"
#include "sim/stats/sample.h"
#include "tests/test.h"

static void even_values_give_about_the_t_interval(void **state)
{
    (void)state;
    double values[40], low, high;
    for (int i = 0; i < 40; i++)
        values[i] = i;
    bootstrap_interval(values, 40, 0.95, &low, &high);
    double half = interval_t(0.95, 39) * sqrt(sample_variance(values, 40) / 40);
    ASSERT_NEAR(low, 19.5 - half, 0.1 * half);
    ASSERT_NEAR(high, 19.5 + half, 0.1 * half);
}

static void the_same_values_give_the_same_interval(void **state)
{
    (void)state;
    const double values[] = {1, 1, 2, 3, 5, 8, 13, 21, 34, 55};
    double low, high, low_again, high_again;
    bootstrap_interval(values, 10, 0.95, &low, &high);
    bootstrap_interval(values, 10, 0.95, &low_again, &high_again);
    assert_true(low == low_again && high == high_again);
    /* The long tail is above, so the mean may be far above too. */
    double mean = sample_mean(values, 10);
    assert_true(high - mean > 1.5 * (mean - low));
}

static void without_spread_there_is_none(void **state)
{
    (void)state;
    const double equal[] = {4, 4, 4, 4};
    double low = 0, high = 0;
    bootstrap_interval(equal, 4, 0.95, &low, &high);
    assert_true(isnan(low) && isnan(high));
    bootstrap_interval((const double[]){1, 2}, 2, 0.95, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

/* Exponential values, 20 of them: the t interval covers about 92 in 100, the bootstrap must do
   better than that; 400 cases have a standard error of 1.1 points. */
static void skewed_values_are_covered(void **state)
{
    (void)state;
    enum { CASES = 400, SIZE = 20 };
    struct rng rng;
    int covered = 0;
    rng_seed(&rng, 31);
    for (int i = 0; i < CASES; i++) {
        double values[SIZE], low, high;
        for (int k = 0; k < SIZE; k++)
            values[k] = -log(rng_uniform_open(&rng));
        bootstrap_interval(values, SIZE, 0.95, &low, &high);
        covered += low <= 1 && 1 <= high;
    }
    print_message("coverage of the bootstrap %.1f %%\n", 100.0 * covered / CASES);
    ASSERT_NEAR(100.0 * covered / CASES, 95, 3);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(even_values_give_about_the_t_interval),
    cmocka_unit_test(the_same_values_give_the_same_interval),
    cmocka_unit_test(without_spread_there_is_none),
    cmocka_unit_test(skewed_values_are_covered),
};

TEST_MAIN(tests)
