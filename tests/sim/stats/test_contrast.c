/* SPDX-License-Identifier: GPL-3.0-or-later
   Comparisons: hand-worked cases, values of printed t tables, and how often they err. */
#include "sim/stats/contrast.h"

#include "sim/engine/rng.h"
#include "sim/stats/holm.h"
#include "tests/test.h"

#define T95_9 2.262157 /* t(0.975, 9) */
#define T90_9 1.833113 /* t(0.95, 9) */

/* Log-ratios (i - 5.5) / 10 + shift: variance 82.5 / 9 / 100, standard error of the mean
   sqrt(0.0916667 / 10). */
static const double test_error = 0.09574271077563381;

static struct contrast test_steps(double shift)
{
    double baseline[10], candidate[10];
    for (int i = 0; i < 10; i++) {
        baseline[i] = 3 + i;
        candidate[i] = baseline[i] * exp((i + 1 - 5.5) / 10 + shift);
    }
    return contrast_paired(baseline, candidate, 10);
}

static void paired_ratios_are_as_worked_by_hand(void **state)
{
    (void)state;
    struct contrast contrast = test_steps(0.55);
    assert_true(contrast.is_ratio);
    ASSERT_NEAR(contrast.value, exp(0.55), 1e-12);
    ASSERT_NEAR(contrast.low, exp(0.55 - T95_9 * test_error), 1e-6);
    ASSERT_NEAR(contrast.high, exp(0.55 + T95_9 * test_error), 1e-6);
    ASSERT_NEAR(contrast.degrees, 9, 0);
    ASSERT_NEAR(contrast.skewness, 0, 1e-9);
    assert_true(isnan(contrast.boot_low));
}

static void p_values_are_those_of_the_tables(void **state)
{
    (void)state;
    ASSERT_NEAR(test_steps(T95_9 * test_error).p, 0.05, 1e-6);
    ASSERT_NEAR(test_steps(-T95_9 * test_error).p, 0.05, 1e-6);
    ASSERT_NEAR(test_steps(T90_9 * test_error).p, 0.10, 1e-6);
    ASSERT_NEAR(test_steps(3.249836 * test_error).p, 0.01, 1e-6); /* t(0.995, 9) */
}

/* t(0.995, 9) of the tables. */
static void intervals_at_other_levels(void **state)
{
    (void)state;
    struct contrast contrast = test_steps(0);
    double low, high;
    contrast_interval(&contrast, 0.99, &low, &high);
    ASSERT_NEAR(low, exp(-3.249836 * test_error), 1e-6);
    ASSERT_NEAR(high, exp(3.249836 * test_error), 1e-6);
}

static void values_of_zero_are_compared_by_difference(void **state)
{
    (void)state;
    const double baseline[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    double candidate[10];
    for (int i = 0; i < 10; i++)
        candidate[i] = baseline[i] + 1 + i; /* differences 1 … 10: mean 5.5 */
    struct contrast contrast = contrast_paired(baseline, candidate, 10);
    assert_false(contrast.is_ratio);
    ASSERT_NEAR(contrast.value, 5.5, 1e-12);
    ASSERT_NEAR(contrast.high, 5.5 + T95_9 * 10 * test_error, 1e-5);
}

/* Variances 9.16667 and 36.66667, ten values each: squared error 4.583333, degrees
   4.583333^2 / (0.916667^2 / 9 + 3.666667^2 / 9) = 13.2353 (Welch and Satterthwaite). */
static void independent_samples_are_as_worked_by_hand(void **state)
{
    (void)state;
    double baseline[10], candidate[10];
    for (int i = 0; i < 10; i++) {
        baseline[i] = i - 4;
        candidate[i] = 2 * (i + 1);
    }
    struct contrast contrast = contrast_unpaired(baseline, 10, candidate, 10);
    assert_false(contrast.is_ratio);
    ASSERT_NEAR(contrast.value, 10.5, 1e-12);
    ASSERT_NEAR(contrast.error, sqrt(4.5833333333), 1e-9);
    ASSERT_NEAR(contrast.degrees, 13.2353, 1e-4);
    ASSERT_NEAR(contrast.high - 10.5, 2.1564 * contrast.error, 1e-3); /* t(0.975, 13.24) */
}

static void equal_values_do_not_differ(void **state)
{
    (void)state;
    const double values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct contrast contrast = contrast_paired(values, values, 10);
    ASSERT_NEAR(contrast.value, 1, 0);
    ASSERT_NEAR(contrast.low, 1, 0);
    ASSERT_NEAR(contrast.high, 1, 0);
    ASSERT_NEAR(contrast.p, 1, 0);
    ASSERT_NEAR(contrast_equivalence(&contrast, 0, 5), 0, 0);
}

static void a_constant_difference_is_certain(void **state)
{
    (void)state;
    const double zeros[10] = {0}, ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    struct contrast contrast = contrast_paired(zeros, ones, 10);
    ASSERT_NEAR(contrast.p, 0, 0);
    ASSERT_NEAR(contrast.low, 1, 0);
    ASSERT_NEAR(contrast_equivalence(&contrast, 0.5, 1), 1, 0);
    ASSERT_NEAR(contrast_equivalence(&contrast, 1, 1), 0, 0);
}

static void equality_needs_a_margin(void **state)
{
    (void)state;
    /* The edge is t(0.95, 9) errors away from 0: just significant at 5 %. */
    double margin = exp(T90_9 * test_error) - 1;
    struct contrast contrast = test_steps(0);
    ASSERT_NEAR(contrast_equivalence(&contrast, margin, 1), 0.05, 1e-6);
    assert_true(contrast_equivalence(&contrast, margin / 2, 1) > 0.05);
    contrast = test_steps(0.1);
    ASSERT_NEAR(contrast_equivalence(&contrast, exp(0.1 + T90_9 * test_error) - 1, 1), 0.05,
                1e-6);
}

static void few_or_missing_values_give_no_interval(void **state)
{
    (void)state;
    double values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct contrast contrast = contrast_paired(values, values, 9);
    ASSERT_NEAR(contrast.value, 1, 0);
    assert_true(isnan(contrast.low) && isnan(contrast.p));
    values[4] = NAN;
    contrast = contrast_paired(values, values, 10);
    assert_true(isnan(contrast.value) && isnan(contrast.low) && isnan(contrast.p));
    assert_true(isnan(contrast_equivalence(&contrast, 0.02, 1)));
}

static void skewed_ratios_get_a_second_interval(void **state)
{
    (void)state;
    double baseline[10], candidate[10];
    for (int i = 0; i < 10; i++) {
        baseline[i] = 1;
        candidate[i] = i == 9 ? 8 : 1 + 0.01 * i;
    }
    struct contrast contrast = contrast_paired(baseline, candidate, 10);
    assert_true(contrast.skewness > CONTRAST_SKEWNESS_MAX);
    assert_true(contrast.boot_low > 0 && contrast.boot_low < contrast.value);
    assert_true(contrast.boot_high > contrast.value);
}

/* Sum of four exponentials: what a replication's value may look like. */
static double test_value(struct rng *rng)
{
    double product = 1;
    for (int i = 0; i < 4; i++)
        product *= rng_uniform_open(rng);
    return -log(product);
}

/* Two sets of 20 values with a ratio of 0.8 that share much of what moves them; 2000 cases have a
   standard error of 0.5 points. */
static void paired_intervals_cover_the_ratio(void **state)
{
    (void)state;
    enum { CASES = 2000, RUNS = 20 };
    struct rng rng;
    int covered = 0;
    rng_seed(&rng, 12);
    for (int i = 0; i < CASES; i++) {
        double a[RUNS], b[RUNS];
        for (int k = 0; k < RUNS; k++) {
            double common = test_value(&rng);
            a[k] = common * (9 + test_value(&rng));
            b[k] = 0.8 * common * (9 + test_value(&rng));
        }
        struct contrast contrast = contrast_paired(a, b, RUNS);
        covered += contrast.low <= 0.8 && 0.8 <= contrast.high;
    }
    print_message("coverage of the paired ratio %.1f %%\n", 100.0 * covered / CASES);
    ASSERT_NEAR(100.0 * covered / CASES, 95, 2);
}

/* A against A under different seeds, nine at a time: one alone may be called different in
   3 to 7 of 100 cases, any of the family after Holm in at most 7; 1000 cases have a standard
   error of 0.7 points. */
static void nothing_is_told_from_itself(void **state)
{
    (void)state;
    enum { CASES = 1000, RUNS = 20, FAMILY = 9 };
    struct rng rng;
    int alone = 0, family = 0;
    rng_seed(&rng, 99);
    for (int i = 0; i < CASES; i++) {
        double a[RUNS], b[RUNS], p[FAMILY], least = 1;
        for (int f = 0; f < FAMILY; f++) {
            for (int k = 0; k < RUNS; k++) {
                a[k] = test_value(&rng);
                b[k] = test_value(&rng);
            }
            p[f] = contrast_unpaired(a, RUNS, b, RUNS).p;
        }
        alone += p[0] <= 0.05;
        holm_adjust(p, p, FAMILY);
        for (int f = 0; f < FAMILY; f++)
            least = p[f] < least ? p[f] : least;
        family += least <= 0.05;
    }
    print_message("told from itself: alone %.1f %%, in a family %.1f %%\n",
                  100.0 * alone / CASES, 100.0 * family / CASES);
    ASSERT_NEAR(100.0 * alone / CASES, 5, 2);
    assert_true(family <= CASES * 7 / 100);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(paired_ratios_are_as_worked_by_hand),
    cmocka_unit_test(p_values_are_those_of_the_tables),
    cmocka_unit_test(intervals_at_other_levels),
    cmocka_unit_test(values_of_zero_are_compared_by_difference),
    cmocka_unit_test(independent_samples_are_as_worked_by_hand),
    cmocka_unit_test(equal_values_do_not_differ),
    cmocka_unit_test(a_constant_difference_is_certain),
    cmocka_unit_test(equality_needs_a_margin),
    cmocka_unit_test(few_or_missing_values_give_no_interval),
    cmocka_unit_test(skewed_ratios_get_a_second_interval),
    cmocka_unit_test(paired_intervals_cover_the_ratio),
    cmocka_unit_test(nothing_is_told_from_itself),
};

TEST_MAIN(tests)
