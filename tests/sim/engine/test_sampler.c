/* SPDX-License-Identifier: GPL-3.0-or-later
   The samplers against their laws, their tables against the equations that define them,
   the elementary functions against libm; and that every build draws the same bits. */
#include "sim/engine/sampler.h"
#include "tests/law.h"
#include "tests/test.h"

#include <float.h>
#include <gsl/gsl_randist.h>
#include <xxhash.h>

enum { TEST_SAMPLER_DRAWS = 200000, TEST_SAMPLER_PINNED = 100000 };

static double test_sampler_values[TEST_SAMPLER_DRAWS], test_sampler_others[TEST_SAMPLER_DRAWS];

static double test_sampler_exponential_cdf(double x, const double *base)
{
    return gsl_cdf_exponential_P(x - *base, 1);
}

static double test_sampler_normal_cdf(double x, const double *none)
{
    (void)none;
    return gsl_cdf_ugaussian_P(x);
}

/* Of a normal's magnitude beyond the base. */
static double test_sampler_tail_cdf(double x, const double *base)
{
    return 1 - gsl_cdf_ugaussian_Q(x) / gsl_cdf_ugaussian_Q(*base);
}

static double test_sampler_gamma_cdf(double x, const double *shape)
{
    return gsl_cdf_gamma_P(x, *shape, 1);
}

static void test_sampler_assert_law(law_cdf cdf, const double *parameters)
{
    double distance =
        law_distance(test_sampler_values, TEST_SAMPLER_DRAWS, cdf, parameters);
    ASSERT_NEAR(distance, 0, law_distance_limit);
}

/* Each layer has the area v: the base with its tail, the others between two edges. */
static void exponential_layers_have_equal_areas(void **state)
{
    (void)state;
    const double *x = sampler_exponential_edges;
    double area = (x[1] + 1) * exp(-x[1]);
    ASSERT_NEAR(x[0] * exp(-x[1]) / area, 1, 1e-14);
    for (int i = 1; i < SAMPLER_LAYERS; i++) {
        double height = exp(-x[i]) * expm1(x[i] - x[i + 1]);
        ASSERT_NEAR(x[i] * height / area, 1, 1e-13);
    }
    assert_true(x[SAMPLER_LAYERS] == 0);
}

static void normal_layers_have_equal_areas(void **state)
{
    (void)state;
    const double *x = sampler_normal_edges;
    double density = exp(-0.5 * x[1] * x[1]);
    double area = x[1] * density + sqrt(acos(-1) / 2) * erfc(x[1] / sqrt(2));
    ASSERT_NEAR(x[0] * density / area, 1, 1e-14);
    for (int i = 1; i < SAMPLER_LAYERS; i++) {
        double exponent = 0.5 * (x[i] - x[i + 1]) * (x[i] + x[i + 1]);
        double height = exp(-0.5 * x[i] * x[i]) * expm1(exponent);
        ASSERT_NEAR(x[i] * height / area, 1, 1e-13);
    }
    assert_true(x[SAMPLER_LAYERS] == 0);
}

/* The reference is long double; where that is no wider than double (valgrind), only the
   coarse part of what is asserted can be seen. */
static long double test_sampler_slack(long double fine)
{
    volatile long double one = 1, step = 0x1p-60L;
    return one + step > one ? fine : 0x1p-50L;
}

static void tables_of_powers_and_logarithms_are_right(void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLER_POWERS; i++) {
        long double off = sampler_powers[i] - exp2l((long double)i / SAMPLER_POWERS);
        assert_true(fabsl(off) <= test_sampler_slack(0x1.01p-53L));
    }
    for (int i = 0; i < SAMPLER_LOGARITHMS; i++) {
        const struct sampler_logarithm *row = &sampler_logarithms[i];
        long double off = row->high + (logl(row->inverse) + row->low);
        assert_true(fabsl(off) <= test_sampler_slack(0x1p-63L));
        assert_true(row->high * 0x1p42 == rint(row->high * 0x1p42));
        assert_true(row->inverse * 0x1p23 == rint(row->inverse * 0x1p23));
        double half = i < 64 ? 1 : 0.5, low = half * (1 + i / 128.0);
        assert_true(fabs(low * row->inverse - 1) <= 0x1p-7);
        assert_true(fabs((low + half / 128) * row->inverse - 1) <= 0x1p-7);
    }
}

/* Distance in units of the last place of `expected`. */
static double test_sampler_ulps(double found, long double expected)
{
    double near = fabs((double)expected);
    return (double)(fabsl(found - expected) / (nextafter(near, INFINITY) - near));
}

static void test_sampler_assert_ulps(double found, long double expected, double limit,
                                     double x)
{
    double ulps = test_sampler_ulps(found, expected);
    if (!(ulps <= limit))
        print_error("at %a: found %a, expected %La, %g ulp off\n", x, found, expected, ulps);
    assert_true(ulps <= limit);
}

/* A positive number of any size, near 1, or anywhere near 1 to the last bits, by turns. */
static double test_sampler_argument(struct rng *rng, int turn)
{
    static const double widths[] = {1400, 4, 0.02};
    if (turn % 4 == 3)
        return 1 + (rng_uniform(rng) - 0.5) * pow(2, -rng_uniform(rng) * 50);
    return exp((rng_uniform(rng) - 0.5) * widths[turn % 4]);
}

static void functions_agree_with_libm(void **state)
{
    (void)state;
    struct rng rng;
    rng_open(&rng, 1, "functions", 0);
    for (int i = 0; i < 300000; i++) {
        double x = test_sampler_argument(&rng, i), logarithm = log(x);
        test_sampler_assert_ulps(sampler_log(x), logl(x), 0.6, x);
        double y = (rng_uniform(&rng) - 0.5) * (i % 2 == 0 ? 1410 : 2);
        test_sampler_assert_ulps(sampler_exp(y), expl(y), 1.5, y);
        if (logarithm == 0)
            continue;
        double power = y / logarithm;
        test_sampler_assert_ulps(sampler_pow(x, power), powl(x, power), 4, x);
    }
}

static void test_sampler_assert_same(double found, double expected)
{
    if (!(found == expected || (isnan(found) && isnan(expected))))
        print_error("found %a, expected %a\n", found, expected);
    assert_true(found == expected || (isnan(found) && isnan(expected)));
}

static void functions_keep_to_c_at_the_edges(void **state)
{
    (void)state;
    static const double edges[] = {0.0,   -0.0,  1.0,     -1.0,    0x1p-1022, 0x1p-1074,
                                   3e-310, DBL_MAX, -DBL_MAX, INFINITY, -INFINITY, NAN, 800, -800};
    for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
        double x = edges[i];
        test_sampler_assert_same(sampler_exp(x), exp(x));
        if (fpclassify(x) == FP_SUBNORMAL || x == 0x1p-1022 || x == DBL_MAX)
            test_sampler_assert_ulps(sampler_log(x), logl(x), 0.6, x);
        else
            test_sampler_assert_same(sampler_log(x), log(x));
        for (size_t j = 0; j < sizeof(edges) / sizeof(*edges); j++)
            if (x >= 0 && fabs(edges[j]) != 1)
                test_sampler_assert_same(sampler_pow(fabs(x), edges[j]), pow(fabs(x), edges[j]));
    }
    assert_true(sampler_pow(2, 10) == 1024 && sampler_pow(0.25, 0.5) == 0.5);
}

/* Results below the normal range are rounded once, to the step of 2^-1074. */
static void exponential_function_underflows_gradually(void **state)
{
    (void)state;
    for (double x = -708; x > -746; x -= 0.0037) {
        ASSERT_NEAR(sampler_exp(x) / 0x1p-1074, (double)(expl(x) / 0x1p-1074L),
                    1 + sampler_exp(x) * 0x1p1022 * 2);
    }
    assert_true(sampler_exp(-745.13) == 0x1p-1074 && sampler_exp(-745.14) == 0);
    assert_true(sampler_exp(709.78) < INFINITY && sampler_exp(709.79) == INFINITY);
}

static void gamma_function_agrees_with_libm(void **state)
{
    (void)state;
    double factorial = 1;
    for (int i = 1; i <= 170; i++) {
        ASSERT_NEAR(sampler_gamma_function(i) / factorial, 1, 1e-14);
        factorial *= i;
    }
    for (double x = 0.01; x < 171; x += 0.0123)
        ASSERT_NEAR(sampler_gamma_function(x) / tgamma(x), 1, 1e-14);
    assert_true(sampler_gamma_function(180) == INFINITY);
    assert_true(sampler_gamma_function(1e300) == INFINITY);
}

static void exponentials_follow_their_law(void **state)
{
    (void)state;
    struct rng rng;
    const double zero = 0;
    rng_open(&rng, 1, "exponential", 0);
    for (int i = 0; i < TEST_SAMPLER_DRAWS; i++)
        test_sampler_values[i] = sampler_exponential(&rng);
    law_assert_moments(test_sampler_values, TEST_SAMPLER_DRAWS, 1, 1);
    test_sampler_assert_law(test_sampler_exponential_cdf, &zero);
}

static void normals_follow_their_law(void **state)
{
    (void)state;
    struct rng rng;
    rng_open(&rng, 1, "normal", 0);
    for (int i = 0; i < TEST_SAMPLER_DRAWS; i++)
        test_sampler_values[i] = sampler_normal(&rng);
    law_assert_moments(test_sampler_values, TEST_SAMPLER_DRAWS, 0, 1);
    test_sampler_assert_law(test_sampler_normal_cdf, NULL);
}

/* Beyond the base, where one draw in two thousand falls: how many, and their law. */
static void tails_follow_their_law(void **state)
{
    (void)state;
    enum { DRAWS = 4000000 };
    const double exponential = sampler_exponential_edges[1], normal = sampler_normal_edges[1];
    double beyond[2] = {0};
    struct rng rng;
    rng_open(&rng, 1, "tail", 0);
    for (int i = 0; i < DRAWS; i++) {
        beyond[0] += sampler_exponential(&rng) > exponential;
        beyond[1] += fabs(sampler_normal(&rng)) > normal;
    }
    double expected[] = {DRAWS * exp(-exponential), DRAWS * 2 * gsl_cdf_ugaussian_Q(normal)};
    for (int i = 0; i < 2; i++)
        ASSERT_NEAR(beyond[i], expected[i], 5 * sqrt(expected[i]));
    for (int i = 0; i < TEST_SAMPLER_DRAWS; i++) {
        test_sampler_values[i] = sampler_exponential_rest(&rng, 0, exponential);
        test_sampler_others[i] = sampler_normal_rest(&rng, 0, normal);
    }
    test_sampler_assert_law(test_sampler_exponential_cdf, &exponential);
    memcpy(test_sampler_values, test_sampler_others, sizeof(test_sampler_values));
    test_sampler_assert_law(test_sampler_tail_cdf, &normal);
}

/* A draw that shared bits between layer, place and sign would show here. */
static void places_are_independent_of_layers_and_neighbours(void **state)
{
    (void)state;
    enum { CELLS = 64 };
    static double counts[CELLS * CELLS], expected[CELLS * CELLS];
    struct rng rng;
    rng_open(&rng, 1, "pairs", 0);
    memset(counts, 0, sizeof(counts));
    for (int i = 0; i < 2 * TEST_SAMPLER_DRAWS; i++) {
        double u = gsl_cdf_exponential_P(sampler_exponential(&rng), 1);
        double v = gsl_cdf_ugaussian_P(sampler_normal(&rng));
        counts[(int)(u * CELLS) * CELLS + (int)(v * CELLS)]++;
    }
    for (int i = 0; i < CELLS * CELLS; i++)
        expected[i] = 2.0 * TEST_SAMPLER_DRAWS / (CELLS * CELLS);
    law_assert_counts(counts, expected, CELLS * CELLS);
}

static void gammas_follow_their_law(void **state)
{
    (void)state;
    static const double shapes[] = {0.1, 0.5, 1, 1.37, 2.5, 40, 1e5};
    for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
        struct rng rng;
        rng_open(&rng, 1, "gamma", i);
        for (int j = 0; j < TEST_SAMPLER_DRAWS; j++)
            test_sampler_values[j] = sampler_gamma(&rng, shapes[i]);
        law_assert_moments(test_sampler_values, TEST_SAMPLER_DRAWS, shapes[i], shapes[i]);
        test_sampler_assert_law(test_sampler_gamma_cdf, &shapes[i]);
    }
}

static double test_sampler_gamma_of_five_halves(struct rng *rng)
{
    return sampler_gamma(rng, 2.5);
}

static double test_sampler_gamma_of_a_third(struct rng *rng)
{
    return sampler_gamma(rng, 1.0 / 3);
}

static double test_sampler_exponential(struct rng *rng)
{
    return sampler_exponential(rng);
}

static double test_sampler_normal(struct rng *rng)
{
    return sampler_normal(rng);
}

static double test_sampler_log(struct rng *rng)
{
    return sampler_log(rng_uniform_open(rng));
}

static double test_sampler_exp(struct rng *rng)
{
    return sampler_exp(1500 * rng_uniform(rng) - 750);
}

static double test_sampler_pow(struct rng *rng)
{
    double x = rng_uniform_open(rng);
    return sampler_pow(x, 10 * rng_uniform(rng) - 5);
}

static double test_sampler_gamma_function(struct rng *rng)
{
    return sampler_gamma_function(50 * rng_uniform_open(rng));
}

/* Whatever the compiler, its options and the machine's instructions. */
static void every_build_draws_the_same_bits(void **state)
{
    (void)state;
    static const struct {
        double (*draw)(struct rng *rng);
        uint64_t hash;
    } rows[] = {
        {test_sampler_exponential, UINT64_C(0x38cd507401fb15bd)},
        {test_sampler_normal, UINT64_C(0x19d059b2bd6bc343)},
        {test_sampler_gamma_of_five_halves, UINT64_C(0x987448a48ee027b4)},
        {test_sampler_gamma_of_a_third, UINT64_C(0xabbfe9e03ffa4432)},
        {test_sampler_log, UINT64_C(0xcfa5ef29cf0799a6)},
        {test_sampler_exp, UINT64_C(0x8418d15cf577b7f0)},
        {test_sampler_pow, UINT64_C(0xb138818d2e7726e8)},
        {test_sampler_gamma_function, UINT64_C(0x38af869fb5a43f0b)},
    };
    int others = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct rng rng;
        rng_open(&rng, 1, "bits", i);
        for (int j = 0; j < TEST_SAMPLER_PINNED; j++)
            test_sampler_values[j] = rows[i].draw(&rng);
        uint64_t hash = XXH3_64bits(test_sampler_values, TEST_SAMPLER_PINNED * sizeof(double));
        if (hash != rows[i].hash)
            print_error("row %zu: found %#018lx\n", i, (unsigned long)hash);
        others += hash != rows[i].hash;
    }
    assert_int_equal(others, 0);
}

/* GSL's own samplers on our generator, and ours, as two samples of one law. */
static void samples_agree_with_those_of_gsl(void **state)
{
    (void)state;
    gsl_rng *gsl = gsl_rng_alloc(rng_gsl_type);
    for (int law = 0; law < 3; law++) {
        struct rng rng;
        rng_open(&rng, 2, "two samples", (uint64_t)law);
        gsl_rng_set(gsl, rng_key(3, "two samples", (uint64_t)law));
        for (int i = 0; i < TEST_SAMPLER_DRAWS; i++) {
            test_sampler_values[i] = law == 0   ? sampler_exponential(&rng)
                                     : law == 1 ? sampler_normal(&rng)
                                                : sampler_gamma(&rng, 2.5);
            test_sampler_others[i] = law == 0   ? gsl_ran_exponential(gsl, 1)
                                     : law == 1 ? gsl_ran_gaussian(gsl, 1)
                                                : gsl_ran_gamma(gsl, 2.5, 1);
        }
        double distance = law_distance_of_two(test_sampler_values, test_sampler_others,
                                              TEST_SAMPLER_DRAWS);
        ASSERT_NEAR(distance, 0, law_distance_limit);
    }
    gsl_rng_free(gsl);
}

/* Correctly rounded, so within the error of the function that works them out. */
static void heights_are_those_of_the_edges(void **state)
{
    (void)state;
    for (int i = 0; i <= SAMPLER_LAYERS; i++) {
        double found = sampler_exponential_heights[i];
        double expected = (double)expl(-(long double)sampler_exponential_edges[i]);
        test_sampler_assert_ulps(found, expected, 1, sampler_exponential_edges[i]);
        test_sampler_assert_ulps(found, (long double)sampler_exp(-sampler_exponential_edges[i]),
                                 2, sampler_exponential_edges[i]);
    }
}

/* Many at once are those one by one, and leave the stream where they do. */
static void many_exponentials_are_as_many_single_ones(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    static double many[DRAWS];
    struct rng one, other;
    rng_seed(&one, 11);
    rng_seed(&other, 11);
    sampler_exponential_many(&one, 3.5, many, DRAWS);
    for (int i = 0; i < DRAWS; i++)
        test_sampler_assert_same(many[i], 3.5 * sampler_exponential(&other));
    assert_memory_equal(&one, &other, sizeof one);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(exponential_layers_have_equal_areas),
    cmocka_unit_test(normal_layers_have_equal_areas),
    cmocka_unit_test(tables_of_powers_and_logarithms_are_right),
    cmocka_unit_test(functions_agree_with_libm),
    cmocka_unit_test(functions_keep_to_c_at_the_edges),
    cmocka_unit_test(exponential_function_underflows_gradually),
    cmocka_unit_test(gamma_function_agrees_with_libm),
    cmocka_unit_test(exponentials_follow_their_law),
    cmocka_unit_test(heights_are_those_of_the_edges),
    cmocka_unit_test(many_exponentials_are_as_many_single_ones),
    cmocka_unit_test(normals_follow_their_law),
    cmocka_unit_test(tails_follow_their_law),
    cmocka_unit_test(places_are_independent_of_layers_and_neighbours),
    cmocka_unit_test(gammas_follow_their_law),
    cmocka_unit_test(samples_agree_with_those_of_gsl),
    cmocka_unit_test(every_build_draws_the_same_bits),
};

TEST_MAIN(tests)
