/* SPDX-License-Identifier: GPL-3.0-or-later
   Every distribution against its law, its stated moments, GSL's sampler, and its own bits;
   and what is refused when parameters do not fit together. */
#include "tests/sim/engine/dist_test.h"

#include <gsl/gsl_randist.h>
#include <string.h>

static double test_dist_uniform_cdf(double x, const double *p)
{
    return gsl_cdf_flat_P(x, p[0], p[1]);
}

static double test_dist_exponential_cdf(double x, const double *p)
{
    return gsl_cdf_exponential_P(x, p[0]);
}

static double test_dist_gamma_cdf(double x, const double *p)
{
    return gsl_cdf_gamma_P(x, p[0], p[1] / p[0]);
}

static double test_dist_weibull_cdf(double x, const double *p)
{
    return gsl_cdf_weibull_P(x, p[1] / tgamma(1 + 1 / p[0]), p[0]);
}

static double test_dist_lognormal_cdf(double x, const double *p)
{
    double variance = log1p(p[1] * p[1]);
    return gsl_cdf_lognormal_P(x, log(p[0]) - variance / 2, sqrt(variance));
}

static double test_dist_hyperexponential_cdf(double x, const double *p)
{
    double square = p[1] * p[1], usual = 0.5 * (1 + sqrt((square - 1) / (square + 1)));
    return usual * gsl_cdf_exponential_P(x, p[0] / (2 * usual)) +
           (1 - usual) * gsl_cdf_exponential_P(x, p[0] / (2 * (1 - usual)));
}

static double test_dist_bounded_pareto_cdf(double x, const double *p)
{
    return (1 - pow(p[1] / x, p[0])) / (1 - pow(p[1] / p[2], p[0]));
}

static double test_dist_uniform_gsl(const gsl_rng *gsl, const double *p)
{
    return gsl_ran_flat(gsl, p[0], p[1]);
}

static double test_dist_exponential_gsl(const gsl_rng *gsl, const double *p)
{
    return gsl_ran_exponential(gsl, p[0]);
}

static double test_dist_gamma_gsl(const gsl_rng *gsl, const double *p)
{
    return gsl_ran_gamma(gsl, p[0], p[1] / p[0]);
}

static double test_dist_weibull_gsl(const gsl_rng *gsl, const double *p)
{
    return gsl_ran_weibull(gsl, p[1] / tgamma(1 + 1 / p[0]), p[0]);
}

static double test_dist_lognormal_gsl(const gsl_rng *gsl, const double *p)
{
    double variance = log1p(p[1] * p[1]);
    return gsl_ran_lognormal(gsl, log(p[0]) - variance / 2, sqrt(variance));
}

static double test_dist_hyperexponential_gsl(const gsl_rng *gsl, const double *p)
{
    double square = p[1] * p[1], usual = 0.5 * (1 + sqrt((square - 1) / (square + 1)));
    double share = gsl_ran_bernoulli(gsl, usual) ? usual : 1 - usual;
    return gsl_ran_exponential(gsl, p[0] / (2 * share));
}

/* Pareto's law, drawn until it is below the bound. */
static double test_dist_bounded_pareto_gsl(const gsl_rng *gsl, const double *p)
{
    double x;
    do
        x = gsl_ran_pareto(gsl, p[0], p[1]);
    while (x > p[2]);
    return x;
}

struct test_dist_row {
    const char *name;
    struct test_dist_setting settings[4];
    law_cdf cdf;
    double (*gsl)(const gsl_rng *gsl, const double *parameters);
    double variance; /* worked out apart from this code */
    uint64_t hash;   /* of 100,000 draws */
};

#define TEST_DIST_LAW(name) test_dist_##name##_cdf, test_dist_##name##_gsl

static const struct test_dist_row test_dist_rows[] = {
    {"uniform", {{"min", 1e6}, {"max", 4e6}}, TEST_DIST_LAW(uniform),
     750000000000.0, UINT64_C(0x42ec86f276804b55)},
    {"exponential", {{"mean", 2385000}}, TEST_DIST_LAW(exponential),
     5688225000000.0, UINT64_C(0xf458048ac4e394bb)},
    {"erlang", {{"shape", 1}, {"mean", 3e6}}, TEST_DIST_LAW(gamma),
     9000000000000.0, UINT64_C(0xfad22fc2c4dd3272)},
    {"erlang", {{"shape", 3}, {"mean", 2e6}}, TEST_DIST_LAW(gamma),
     1333333333333.3333, UINT64_C(0x16e20f7acb7fe39c)},
    {"erlang", {{"shape", 7}, {"mean", 2e6}}, TEST_DIST_LAW(gamma),
     571428571428.5714, UINT64_C(0x4c932918f47c34b1)},
    {"gamma", {{"shape", 0.3}, {"mean", 5e6}}, TEST_DIST_LAW(gamma),
     83333333333333.34, UINT64_C(0x269a522e2299c35b)},
    {"gamma", {{"shape", 2.385}, {"mean", 5e6}}, TEST_DIST_LAW(gamma),
     10482180293501.049, UINT64_C(0xf851c51061432852)},
    {"weibull", {{"shape", 0.6}, {"mean", 4e6}}, TEST_DIST_LAW(weibull),
     49452732182043.07, UINT64_C(0xcad9cf9d68575d96)},
    {"weibull", {{"shape", 1.7}, {"mean", 4e6}}, TEST_DIST_LAW(weibull),
     5865689933890.794, UINT64_C(0x3d332c66732a035b)},
    {"lognormal", {{"mean", 4e6}, {"cv", 1.5}}, TEST_DIST_LAW(lognormal),
     36000000000000.0, UINT64_C(0x2938c2e0cb9d0fa0)},
    {"lognormal", {{"mean", 4e6}, {"cv", 0.001}}, TEST_DIST_LAW(lognormal),
     16000000.0, UINT64_C(0xcb59d1577acb36c8)},
    {"hyperexponential", {{"mean", 4e6}, {"cv", 1}}, TEST_DIST_LAW(hyperexponential),
     16000000000000.0, UINT64_C(0x9fad71ba59d1d1c8)},
    {"hyperexponential", {{"mean", 4e6}, {"cv", 4}}, TEST_DIST_LAW(hyperexponential),
     256000000000000.0, UINT64_C(0xa62207e7cca3aebb)},
    {"bounded_pareto", {{"shape", 1.1}, {"min", 1e6}, {"max", 1e9}}, TEST_DIST_LAW(bounded_pareto),
     581509785641121.1, UINT64_C(0x245513aa8f4a4d0e)},
    {"bounded_pareto", {{"shape", 2}, {"min", 1e6}, {"max", 5e7}}, TEST_DIST_LAW(bounded_pareto),
     3982501756656.994, UINT64_C(0xdcfb75916ef837b5)},
};

enum { TEST_DIST_ROWS = sizeof(test_dist_rows) / sizeof(*test_dist_rows) };

static void test_dist_assert_law(const struct test_dist_row *row, uint64_t index,
                                 const struct param_kind *dist)
{
    double parameters[3];
    struct rng rng;
    for (int i = 0; i < 3; i++)
        parameters[i] = row->settings[i].value;
    rng_open(&rng, 1, "law", index);
    dist_draw_many(dist, &rng, test_dist_values, TEST_DIST_DRAWS);
    law_assert_moments(test_dist_values, TEST_DIST_DRAWS, dist_mean(dist),
                       dist_variance(dist));
    double distance =
        law_distance(test_dist_values, TEST_DIST_DRAWS, row->cdf, parameters);
    ASSERT_NEAR(distance, 0, law_distance_limit);
    gsl_rng *gsl = gsl_rng_alloc(rng_gsl_type);
    gsl_rng_set(gsl, rng_key(2, "law", index));
    for (int i = 0; i < TEST_DIST_DRAWS; i++)
        test_dist_others[i] = row->gsl(gsl, parameters);
    gsl_rng_free(gsl);
    distance = law_distance_of_two(test_dist_values, test_dist_others, TEST_DIST_DRAWS);
    ASSERT_NEAR(distance, 0, law_distance_limit);
}

static void draws_follow_their_laws(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < TEST_DIST_ROWS; i++) {
        struct param_kind dist =
            test_dist_open(&arena, test_dist_rows[i].name, test_dist_rows[i].settings);
        test_dist_assert_law(&test_dist_rows[i], i, &dist);
    }
    arena_free(&arena);
}

static void moments_are_exact(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < TEST_DIST_ROWS; i++) {
        const struct test_dist_row *row = &test_dist_rows[i];
        struct param_kind dist = test_dist_open(&arena, row->name, row->settings);
        ASSERT_NEAR(dist_variance(&dist) / row->variance, 1, 1e-10);
        for (int j = 0; j < 3 && row->settings[j].key != NULL; j++)
            if (strcmp(row->settings[j].key, "mean") == 0)
                ASSERT_NEAR(dist_mean(&dist) / row->settings[j].value, 1, 1e-15);
    }
    arena_free(&arena);
}

/* E[x] and E[x^2] of a cut-off Pareto by Simpson's rule over log(x). */
static void moments_of_bounded_pareto_hold_for_every_shape(void **state)
{
    (void)state;
    static const double shapes[] = {0.01, 0.5, 0.999999, 1, 1.0000001, 1.5, 2, 2.0001, 3, 50};
    enum { STEPS = 4000 };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
        double a = shapes[i], top = 7, sums[3] = {0};
        struct test_dist_setting settings[] = {
            {"shape", a}, {"min", 1}, {"max", exp(top)}, {NULL, 0}};
        struct param_kind dist = test_dist_open(&arena, "bounded_pareto", settings);
        for (int step = 0; step <= STEPS; step++) {
            double y = top * step / STEPS;
            double weight = step == 0 || step == STEPS ? 1 : step % 2 == 0 ? 2 : 4;
            for (int k = 0; k < 3; k++)
                sums[k] += weight * exp((k - a) * y);
        }
        double mean = sums[1] / sums[0], square = sums[2] / sums[0];
        ASSERT_NEAR(dist_mean(&dist) / mean, 1, 1e-6);
        ASSERT_NEAR(dist_variance(&dist) / (square - mean * mean), 1, 1e-4);
    }
    arena_free(&arena);
}

/* Whatever the compiler, its options and the machine's instructions. */
static void every_build_draws_the_same_bits(void **state)
{
    (void)state;
    struct arena arena = {0};
    int others = 0;
    for (size_t i = 0; i < TEST_DIST_ROWS; i++) {
        const struct test_dist_row *row = &test_dist_rows[i];
        struct param_kind dist = test_dist_open(&arena, row->name, row->settings);
        uint64_t hash = test_dist_hash(&dist);
        if (hash != row->hash)
            print_error("%zu %s: found %#018lx\n", i, row->name, (unsigned long)hash);
        others += hash != row->hash;
    }
    assert_int_equal(others, 0);
    arena_free(&arena);
}

static void draws_do_not_depend_on_how_many_are_asked_for(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < TEST_DIST_ROWS; i++) {
        struct param_kind dist =
            test_dist_open(&arena, test_dist_rows[i].name, test_dist_rows[i].settings);
        test_dist_assert_order(&dist);
    }
    arena_free(&arena);
}

static void registry_is_complete(void **state)
{
    (void)state;
    const struct kind *kind;
    assert_string_equal(dist_kinds.noun, "distribution");
    assert_string_equal(test_dist_find(dist_kinds.shorthand)->params[0].key, "value");
    for (size_t i = 0; (kind = dist_kinds.at(i)) != NULL; i++) {
        const struct param_kind dist = {kind, NULL, kind->name};
        const struct dist_ops *ops = dist_ops(&dist);
        assert_true(kind->summary != NULL && kind->params != NULL && kind->config_size > 0);
        assert_true(ops->mean != NULL && ops->variance != NULL && ops->draw != NULL);
        for (const struct param *param = kind->params; param->key != NULL; param++) {
            assert_non_null(param->help);
            assert_true(param->offset < kind->config_size);
        }
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kind->name, dist_kinds.at(j)->name);
    }
}

static void constants_take_nothing_from_the_stream(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct test_dist_setting value[] = {{"value", 5e6}, {NULL, 0}};
    const struct test_dist_setting mean[] = {{"mean", 5e6}, {NULL, 0}};
    struct param_kind dist = test_dist_open(&arena, "deterministic", value);
    struct param_kind absent = {0}, other = test_dist_open(&arena, "exponential", mean);
    struct rng rng, before;
    rng_open(&rng, 1, "constant", 0);
    before = rng;
    assert_true(dist_draw(&dist, &rng) == 5e6 && dist_draw(&absent, &rng) == 0);
    assert_memory_equal(&rng, &before, sizeof(rng));
    assert_true(dist_mean(&dist) == 5e6 && dist_variance(&dist) == 0);
    assert_true(dist_mean(&absent) == 0 && dist_variance(&absent) == 0);
    assert_true(dist_is_constant(&dist) && dist_is_constant(&absent));
    assert_false(dist_is_constant(&other));
    arena_free(&arena);
}

static void widest_parameters_give_finite_draws(void **state)
{
    (void)state;
    static const struct test_dist_row rows[] = {
        {.name = "weibull", .settings = {{"shape", 0.1}, {"mean", DIST_LARGEST}}},
        {.name = "weibull", .settings = {{"shape", 100}, {"mean", 0}}},
        {.name = "gamma", .settings = {{"shape", 0.01}, {"mean", DIST_LARGEST}}},
        {.name = "lognormal", .settings = {{"mean", DIST_LARGEST}, {"cv", 1000}}},
        {.name = "lognormal", .settings = {{"mean", 7}, {"cv", 0}}},
        {.name = "hyperexponential", .settings = {{"mean", DIST_LARGEST}, {"cv", 1000}}},
        {.name = "hyperexponential", .settings = {{"mean", 7}, {"cv", 1}}},
        {.name = "uniform", .settings = {{"min", 3}, {"max", 3}}},
        {.name = "erlang", .settings = {{"shape", 1e6}, {"mean", 5}}},
        {.name = "bounded_pareto",
         .settings = {{"shape", 0.01}, {"min", 1e-9}, {"max", DIST_LARGEST}}},
        {.name = "bounded_pareto",
         .settings = {{"shape", 100}, {"min", 1e-9}, {"max", DIST_LARGEST}}},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct param_kind dist = test_dist_open(&arena, rows[i].name, rows[i].settings);
        test_dist_assert_order(&dist);
        assert_true(isfinite(dist_mean(&dist)) && dist_variance(&dist) >= 0);
    }
    arena_free(&arena);
}

static void parameters_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *message;
        struct test_dist_setting settings[4];
    } rows[] = {
        {"uniform", "min is above max; swap them", {{"min", 3}, {"max", 2}}},
        {"bounded_pareto", "min must be below max", {{"shape", 1}, {"min", 2}, {"max", 2}}},
    };
    struct arena arena = {0};
    char message[256];
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct param_kind dist = test_dist_make(&arena, rows[i].name, rows[i].settings);
        assert_false(test_dist_check(&dist, &arena, message, sizeof(message)));
        assert_string_equal(message, rows[i].message);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(registry_is_complete),
    cmocka_unit_test(draws_follow_their_laws),
    cmocka_unit_test(moments_are_exact),
    cmocka_unit_test(moments_of_bounded_pareto_hold_for_every_shape),
    cmocka_unit_test(draws_do_not_depend_on_how_many_are_asked_for),
    cmocka_unit_test(constants_take_nothing_from_the_stream),
    cmocka_unit_test(widest_parameters_give_finite_draws),
    cmocka_unit_test(parameters_that_do_not_fit_are_refused),
    cmocka_unit_test(every_build_draws_the_same_bits),
};

TEST_MAIN(tests)
