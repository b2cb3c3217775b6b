/* SPDX-License-Identifier: GPL-3.0-or-later
   A mixture has the law and the moments that follow from its parts. */
#include "tests/sim/engine/dist_test.h"

/* A mixture as the parameter table binds it: a list of maps of a weight and a kind. */
static struct param_kind test_dist_mix(struct arena *arena, const struct param_kind *parts,
                                       const double *weights, size_t count)
{
    static const struct test_dist_setting none[] = {{NULL, 0}};
    struct param_kind dist = test_dist_make(arena, "mixture", none);
    const struct param *row = test_dist_param(dist.kind->params, "parts");
    const struct param *item = row->of.item;
    struct param_list list = {arena_take(arena, count, item->size), count};
    for (size_t i = 0; i < count; i++) {
        char *part = (char *)list.items + i * item->size;
        test_dist_set(item->of.fields, part, "weight", weights[i]);
        const struct param *of = test_dist_param(item->of.fields, "of");
        assert_ptr_equal(of->of.kinds, &dist_kinds);
        memcpy(part + of->offset, &parts[i], sizeof(parts[i]));
    }
    memcpy((char *)dist.config + row->offset, &list, sizeof(list));
    return dist;
}

static double test_dist_mixture_cdf(double x, const double *p)
{
    return 0.75 * gsl_cdf_exponential_P(x, p[0]) + 0.25 * gsl_cdf_gamma_P(x, 9, p[1] / 9);
}

static void mixtures_follow_their_parts(void **state)
{
    (void)state;
    struct arena arena = {0};
    char message[256];
    const double weights[] = {3, 1}, means[] = {1e6, 2e7};
    const struct test_dist_setting usual[] = {{"mean", 1e6}, {NULL, 0}};
    const struct test_dist_setting rare[] = {{"shape", 9}, {"mean", 2e7}, {NULL, 0}};
    struct param_kind parts[] = {test_dist_open(&arena, "exponential", usual),
                                 test_dist_open(&arena, "gamma", rare)};
    struct param_kind dist = test_dist_mix(&arena, parts, weights, 2);
    assert_true(test_dist_check(&dist, &arena, message, sizeof(message)));
    double mean = 0.75 * 1e6 + 0.25 * 2e7;
    double square = 0.75 * 2e12 + 0.25 * 4e14 * (1 + 1.0 / 9);
    ASSERT_NEAR(dist_mean(&dist) / mean, 1, 1e-14);
    ASSERT_NEAR(dist_variance(&dist) / (square - mean * mean), 1, 1e-13);
    test_dist_assert_order(&dist);
    assert_int_equal(test_dist_hash(&dist), UINT64_C(0x861441713ae51bca));
    law_assert_moments(test_dist_values, TEST_DIST_DRAWS, mean, square - mean * mean);
    double distance =
        law_distance(test_dist_values, TEST_DIST_DRAWS, test_dist_mixture_cdf, means);
    ASSERT_NEAR(distance, 0, law_distance_limit);
    arena_free(&arena);
}

static void weights_of_nothing_are_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    char message[256];
    const double weights[] = {1, 0};
    const struct test_dist_setting mean[] = {{"mean", 1e6}, {NULL, 0}};
    struct param_kind part = test_dist_open(&arena, "exponential", mean);
    struct param_kind parts[] = {part, part};
    struct param_kind dist = test_dist_mix(&arena, parts, weights, 2);
    assert_false(test_dist_check(&dist, &arena, message, sizeof(message)));
    assert_string_equal(message, "the weight of part 1 must be above 0");
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(mixtures_follow_their_parts),
    cmocka_unit_test(weights_of_nothing_are_refused),
};

TEST_MAIN(tests)
