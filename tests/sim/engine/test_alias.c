/* SPDX-License-Identifier: GPL-3.0-or-later
   Alias tables hold exactly the weights that they were built from, and draw by them. */
#include "sim/engine/alias.h"
#include "tests/death.h"
#include "tests/law.h"
#include "tests/test.h"

#include <string.h>

enum { TEST_ALIAS_LARGEST = 5000 };

/* The chance that the cells give each index, added up, against weight / sum. */
static void test_alias_assert_chances(const struct alias *alias, const double *weights,
                                      uint32_t count)
{
    static double chances[TEST_ALIAS_LARGEST];
    double sum = 0;
    memset(chances, 0, sizeof(chances));
    for (uint32_t i = 0; i < count; i++) {
        double keep = alias->cells[i].threshold * 0x1p-32;
        assert_true(alias->cells[i].other < count);
        chances[i] += keep / count;
        chances[alias->cells[i].other] += (1 - keep) / count;
        sum += weights[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        ASSERT_NEAR(chances[i], weights[i] / sum, 0x1p-31);
        if (weights[i] == 0)
            assert_true(chances[i] == 0);
    }
}

static void test_alias_try(const double *weights, uint32_t count)
{
    struct arena arena = {0};
    struct alias alias;
    alias_init(&alias, weights, count, &arena);
    assert_int_equal(alias.count, count);
    test_alias_assert_chances(&alias, weights, count);
    arena_free(&arena);
}

static void tables_hold_the_weights(void **state)
{
    (void)state;
    static const double sets[][6] = {
        {1, 1, 1, 1, 1, 1}, {1, 2, 3, 4, 5, 6}, {1e-300, 1, 1, 1, 1, 1},
        {0, 0, 1, 0, 0, 0}, {0, 1, 0, 1, 0, 1}, {0.1, 0.1, 0.1, 0.1, 0.1, 0.5},
    };
    for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
        test_alias_try(sets[i], 6);
    test_alias_try(&sets[0][0], 1);
}

static void extreme_weights_neither_overflow_nor_vanish(void **state)
{
    (void)state;
    static const double large[] = {1e308, 1e308, 5e307, 0}, same[] = {2, 2, 1, 0};
    static const double small[] = {2e-320, 2e-320, 1e-320, 0};
    struct arena arena = {0};
    struct alias alias;
    alias_init(&alias, large, 4, &arena);
    test_alias_assert_chances(&alias, same, 4);
    alias_init(&alias, small, 4, &arena);
    test_alias_assert_chances(&alias, same, 4);
    arena_free(&arena);
}

static void random_tables_hold_their_weights(void **state)
{
    (void)state;
    static double weights[TEST_ALIAS_LARGEST];
    struct rng rng;
    rng_open(&rng, 1, "alias", 0);
    for (uint32_t count = 1; count <= TEST_ALIAS_LARGEST; count = count * 3 / 2 + 1) {
        for (uint32_t i = 0; i < count; i++)
            weights[i] = i % 7 == 3 ? 0 : pow(rng_uniform_open(&rng), 8);
        test_alias_try(weights, count);
        for (uint32_t i = 0; i < count; i++)
            weights[i] = pow(i + 1, -0.99);
        test_alias_try(weights, count);
    }
}

static void draws_follow_the_weights(void **state)
{
    (void)state;
    enum { CELLS = 100, DRAWS = 500000 };
    double weights[CELLS], counts[CELLS] = {0}, expected[CELLS], sum = 0;
    for (int i = 0; i < CELLS; i++)
        sum += weights[i] = i == 50 ? 0 : 1.0 / (i + 1);
    struct arena arena = {0};
    struct alias alias;
    alias_init(&alias, weights, CELLS, &arena);
    struct rng rng;
    rng_open(&rng, 2, "alias", 0);
    for (int i = 0; i < DRAWS; i++)
        counts[alias_draw(&alias, &rng)]++;
    for (int i = 0; i < CELLS; i++)
        expected[i] = DRAWS * weights[i] / sum;
    law_assert_counts(counts, expected, CELLS);
    arena_free(&arena);
}

static void test_alias_misuse(void *context)
{
    struct arena arena = {0};
    struct alias alias;
    alias_init(&alias, context, 2, &arena);
}

static void impossible_weights_are_our_mistake(void **state)
{
    (void)state;
    double sets[][2] = {{0, 0}, {1, -1}, {1, NAN}, {INFINITY, 1}};
    char words[512];
    for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
        assert_int_equal(death_of(test_alias_misuse, sets[i], words, sizeof(words)), 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(tables_hold_the_weights),
    cmocka_unit_test(extreme_weights_neither_overflow_nor_vanish),
    cmocka_unit_test(random_tables_hold_their_weights),
    cmocka_unit_test(draws_follow_the_weights),
    cmocka_unit_test(impossible_weights_are_our_mistake),
};

TEST_MAIN(tests)
