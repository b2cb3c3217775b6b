/* SPDX-License-Identifier: GPL-3.0-or-later
   The histogram against exact selection on samples of many laws, and what merging and
   counting beyond a quantile promise. */
#include "sim/stats/histogram.h"

#include "sim/engine/check.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

enum { TEST_VALUES = 200000 };

struct test_law {
    const char *name;
    sim_time (*draw)(struct rng *rng);
};

static double test_exponential(struct rng *rng)
{
    return -log(rng_uniform_open(rng));
}

static sim_time test_draw_exponential(struct rng *rng)
{
    return sim_time_of(4e6 * test_exponential(rng));
}

static sim_time test_draw_pareto(struct rng *rng)
{
    return sim_time_of(1e3 * pow(rng_uniform_open(rng), -1 / 0.6));
}

static sim_time test_draw_small(struct rng *rng)
{
    return (sim_time)rng_below(rng, 3000);
}

static sim_time test_draw_wide(struct rng *rng) /* uniform in the exponent: 1 ns to 36 years */
{
    return sim_time_of(exp2(60 * rng_uniform(rng)));
}

static sim_time test_draw_constant(struct rng *rng)
{
    (void)rng;
    return 4999999;
}

static sim_time test_draw_atoms(struct rng *rng) /* two neighbours of one bucket, and a tail */
{
    double u = rng_uniform(rng);
    return u < 0.5 ? 1048577 : u < 0.97 ? 1049599 : 1000 * SIM_MILLISECOND;
}

static sim_time test_draw_mixture(struct rng *rng)
{
    return rng_below(rng, 100) < 98 ? test_draw_exponential(rng)
                                    : SIM_SECOND + test_draw_small(rng);
}

static const struct test_law test_laws[] = {
    {"exponential", test_draw_exponential}, {"pareto", test_draw_pareto},
    {"small", test_draw_small},             {"wide", test_draw_wide},
    {"constant", test_draw_constant},       {"atoms", test_draw_atoms},
    {"mixture", test_draw_mixture},
};
enum { TEST_LAWS = sizeof(test_laws) / sizeof(*test_laws) };

static int test_compare(const void *left, const void *right)
{
    sim_time a = *(const sim_time *)left, b = *(const sim_time *)right;
    return (a > b) - (a < b);
}

static sim_time *test_sample(const struct test_law *law)
{
    struct rng rng;
    rng_seed(&rng, 42);
    sim_time *values = memory_take(TEST_VALUES, sizeof(*values));
    for (size_t i = 0; i < TEST_VALUES; i++)
        values[i] = law->draw(&rng);
    return values;
}

static struct histogram test_histogram_of(const sim_time *values, size_t count)
{
    struct histogram histogram;
    histogram_init(&histogram);
    for (size_t i = 0; i < count; i++)
        histogram_add(&histogram, values[i]);
    return histogram;
}

static void test_same(const struct histogram *a, const struct histogram *b)
{
    assert_true(a->count == b->count && a->sum == b->sum);
    assert_true(a->sum_of_squares == b->sum_of_squares);
    assert_int_equal(a->least, b->least);
    assert_int_equal(a->largest, b->largest);
    assert_memory_equal(a->counts, b->counts, HISTOGRAM_BUCKETS * sizeof(*a->counts));
}

/* The value of rank ceil(p n), from 1. */
static double test_exact(const sim_time *sorted, double p)
{
    double rank = ceil(p * TEST_VALUES);
    return (double)sorted[rank < 1 ? 0 : (size_t)rank - 1];
}

static void buckets_cover_all_values_in_order(void **state)
{
    (void)state;
    assert_int_equal(histogram_bucket(0), 0);
    assert_int_equal(histogram_bucket(1), 1);
    assert_int_equal(histogram_bucket(2047), 2047);
    assert_int_equal(histogram_bucket(2048), 2048);
    assert_int_equal(histogram_bucket(2049), 2048);
    assert_int_equal(histogram_bucket(SIM_NEVER), HISTOGRAM_BUCKETS - 1);
    for (int power = 11; power < 63; power++) {
        sim_time value = INT64_C(1) << power;
        assert_int_equal(histogram_bucket(value), histogram_bucket(value - 1) + 1);
    }
}

static void quantiles_are_within_a_thousandth_of_the_exact_ones(void **state)
{
    (void)state;
    for (size_t l = 0; l < TEST_LAWS; l++) {
        sim_time *values = test_sample(&test_laws[l]);
        struct histogram histogram = test_histogram_of(values, TEST_VALUES);
        qsort(values, TEST_VALUES, sizeof(*values), test_compare);
        for (int i = 0; i <= 10000; i++) {
            double p = i / 10000.0, exact = test_exact(values, p);
            double found = histogram_quantile(&histogram, p);
            if (!(fabs(found - exact) <= 0.001 * exact))
                print_error("law %s, p = %g\n", test_laws[l].name, p);
            ASSERT_NEAR(found, exact, 0.001 * exact);
        }
        ASSERT_NEAR(histogram_quantile(&histogram, 0), (double)values[0], 0);
        ASSERT_NEAR(histogram_quantile(&histogram, 1), (double)values[TEST_VALUES - 1], 0);
        histogram_free(&histogram);
        free(values);
    }
}

static void mean_and_deviation_are_exact(void **state)
{
    (void)state;
    sim_time *values = test_sample(&test_laws[0]);
    struct histogram histogram = test_histogram_of(values, TEST_VALUES);
    long double sum = 0, squares = 0;
    for (size_t i = 0; i < TEST_VALUES; i++)
        sum += (long double)values[i];
    long double mean = sum / TEST_VALUES;
    for (size_t i = 0; i < TEST_VALUES; i++)
        squares += ((long double)values[i] - mean) * ((long double)values[i] - mean);
    ASSERT_NEAR(histogram_mean(&histogram), mean, 1e-9 * (double)mean);
    double deviation = sqrt((double)squares / TEST_VALUES);
    ASSERT_NEAR(histogram_deviation(&histogram), deviation, 1e-9 * deviation);
    histogram_free(&histogram);
    free(values);
}

static void merging_is_the_same_in_any_order(void **state)
{
    (void)state;
    enum { PARTS = 7 };
    for (size_t l = 0; l < TEST_LAWS; l++) {
        sim_time *values = test_sample(&test_laws[l]);
        struct histogram whole = test_histogram_of(values, TEST_VALUES);
        struct histogram parts[PARTS], up, down;
        histogram_init(&up);
        histogram_init(&down);
        for (size_t i = 0; i < PARTS; i++) {
            size_t from = i * i * TEST_VALUES / (PARTS * PARTS); /* the first part is empty */
            size_t to = i + 1 < PARTS ? (i + 1) * (i + 1) * TEST_VALUES / (PARTS * PARTS)
                                      : TEST_VALUES;
            parts[i] = test_histogram_of(values + from, to - from);
        }
        for (size_t i = 0; i < PARTS; i++) {
            histogram_merge(&up, &parts[i]);
            histogram_merge(&down, &parts[PARTS - 1 - i]);
        }
        test_same(&up, &whole);
        test_same(&down, &whole);
        for (size_t i = 0; i < PARTS; i++)
            histogram_free(&parts[i]);
        histogram_free(&up);
        histogram_free(&down);
        histogram_free(&whole);
        free(values);
    }
}

static void an_empty_histogram_has_no_quantiles(void **state)
{
    (void)state;
    struct histogram empty, fresh;
    histogram_init(&empty);
    histogram_init(&fresh);
    assert_true(isnan(histogram_quantile(&empty, 0.5)));
    assert_true(isnan(histogram_mean(&empty)));
    assert_true(isnan(histogram_deviation(&empty)));
    ASSERT_NEAR(histogram_above(&empty, 3), 0, 0);
    ASSERT_NEAR(histogram_beyond(&empty, &empty, 0.5), 0, 0);
    histogram_merge(&fresh, &empty);
    test_same(&fresh, &empty);
    histogram_add(&fresh, 5);
    histogram_add(&fresh, SIM_LONGEST);
    histogram_clear(&fresh);
    test_same(&fresh, &empty);
    histogram_free(&fresh);
    histogram_free(&empty);
    histogram_free(&empty);
}

static void counts_above_a_value_interpolate_in_its_bucket(void **state)
{
    (void)state;
    /* 2^20 … 2^20 + 1023 is one bucket. */
    const sim_time low = INT64_C(1) << 20;
    const sim_time values[] = {1, 10, low, low + 500, low + 600, low + 1000, 5 * low};
    struct histogram histogram = test_histogram_of(values, 7);
    ASSERT_NEAR(histogram_above(&histogram, 0.5), 7, 0);
    ASSERT_NEAR(histogram_above(&histogram, 1), 6, 0);
    ASSERT_NEAR(histogram_above(&histogram, 9.5), 6, 0);
    ASSERT_NEAR(histogram_above(&histogram, 10), 5, 0);
    ASSERT_NEAR(histogram_above(&histogram, (double)low), 5, 0);
    ASSERT_NEAR(histogram_above(&histogram, (double)low + 1023.0 / 4), 4, 1e-9);
    ASSERT_NEAR(histogram_above(&histogram, (double)low + 1023), 1, 0);
    ASSERT_NEAR(histogram_above(&histogram, 5.0 * (double)low), 0, 0);
    ASSERT_NEAR(histogram_above(&histogram, INFINITY), 0, 0);
    assert_true(isnan(histogram_above(&histogram, NAN)));
    histogram_free(&histogram);
}

static void counts_above_a_quantile_are_the_rest(void **state)
{
    (void)state;
    sim_time *values = test_sample(&test_laws[0]);
    struct histogram histogram = test_histogram_of(values, TEST_VALUES);
    for (int i = 1; i < 1000; i++) {
        double p = i / 1000.0, rest = (1 - p) * TEST_VALUES;
        ASSERT_NEAR(histogram_above(&histogram, histogram_quantile(&histogram, p)), rest,
                    1e-6 * TEST_VALUES);
        ASSERT_NEAR(histogram_beyond(&histogram, &histogram, p), rest, 1e-6);
    }
    histogram_free(&histogram);
    free(values);
}

/* Ties: when all values are equal, each part is beyond the quantile in its proportion. */
static void parts_beyond_a_quantile_add_up_to_the_rest(void **state)
{
    (void)state;
    for (size_t l = 0; l < TEST_LAWS; l++) {
        sim_time *values = test_sample(&test_laws[l]);
        struct histogram whole = test_histogram_of(values, TEST_VALUES);
        struct histogram first = test_histogram_of(values, TEST_VALUES / 4);
        struct histogram second =
            test_histogram_of(values + TEST_VALUES / 4, TEST_VALUES - TEST_VALUES / 4);
        double beyond = histogram_beyond(&first, &whole, 0.99);
        ASSERT_NEAR(beyond + histogram_beyond(&second, &whole, 0.99), 0.01 * TEST_VALUES,
                    1e-6);
        ASSERT_NEAR(beyond, 0.0025 * TEST_VALUES, 150); /* 6 standard deviations and more */
        histogram_free(&first);
        histogram_free(&second);
        histogram_free(&whole);
        free(values);
    }
}

static void marks_settle_to_the_same_quantiles(void **state)
{
    (void)state;
    sim_time *values = test_sample(&test_laws[6]);
    struct histogram whole = test_histogram_of(values, TEST_VALUES), marked;
    histogram_init(&marked);
    histogram_settle(&marked);
    assert_int_equal(marked.count, 0);
    assert_true(isnan(histogram_quantile(&marked, 0.5)));
    for (size_t i = 0; i < TEST_VALUES; i++)
        histogram_mark(&marked, values[i]);
    histogram_settle(&marked);
    histogram_settle(&marked); /* again changes nothing */
    assert_int_equal(marked.count, TEST_VALUES);
    assert_true(marked.least <= whole.least && marked.largest >= whole.largest);
    for (int i = 0; i <= 100; i++) {
        double exact = histogram_quantile(&whole, i / 100.0);
        ASSERT_NEAR(histogram_quantile(&marked, i / 100.0), exact, 0.001 * exact);
    }
    histogram_free(&marked);
    histogram_free(&whole);
    free(values);
}

/* Wherever the marks lie in the strides that loops pass over. */
static void lonely_marks_are_found(void **state)
{
    (void)state;
    struct histogram marked, merged;
    histogram_init(&marked);
    histogram_init(&merged);
    for (sim_time gap = 0; gap < 3 * HISTOGRAM_STRIDE; gap++)
        for (sim_time low = 100; low < 100 + HISTOGRAM_STRIDE; low++) {
            histogram_mark(&marked, low);
            histogram_mark(&marked, low + gap);
            histogram_settle_within(&marked, 83, low + gap + 37);
            assert_int_equal(marked.count, 2);
            assert_int_equal(marked.least, low);
            assert_int_equal(marked.largest, low + gap);
            ASSERT_NEAR(histogram_quantile(&marked, 0), low, 0);
            ASSERT_NEAR(histogram_quantile(&marked, 1), low + gap, 0);
            histogram_merge(&merged, &marked);
            assert_int_equal(merged.count, 2);
            assert_int_equal(merged.counts[low] + merged.counts[low + gap],
                             gap > 0 ? 2 : 4);
            histogram_clear(&merged);
            histogram_clear(&marked);
        }
    histogram_settle_within(&marked, SIM_NEVER, 0); /* no value at all */
    assert_int_equal(marked.count, 0);
    histogram_free(&marked);
    histogram_free(&merged);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(buckets_cover_all_values_in_order),
    cmocka_unit_test(quantiles_are_within_a_thousandth_of_the_exact_ones),
    cmocka_unit_test(mean_and_deviation_are_exact),
    cmocka_unit_test(merging_is_the_same_in_any_order),
    cmocka_unit_test(an_empty_histogram_has_no_quantiles),
    cmocka_unit_test(counts_above_a_value_interpolate_in_its_bucket),
    cmocka_unit_test(counts_above_a_quantile_are_the_rest),
    cmocka_unit_test(parts_beyond_a_quantile_add_up_to_the_rest),
    cmocka_unit_test(marks_settle_to_the_same_quantiles),
    cmocka_unit_test(lonely_marks_are_found),
};

TEST_MAIN(tests)
