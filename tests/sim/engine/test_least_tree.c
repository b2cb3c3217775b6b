/* SPDX-License-Identifier: GPL-3.0-or-later
   The tree of minima against a search of the whole array. */
#include "sim/engine/least_tree.h"
#include "sim/engine/rng.h"
#include "tests/test.h"

static uint32_t search(const uint64_t *values, uint32_t count, uint32_t from)
{
    uint64_t least = LEAST_TREE_ABSENT;
    for (uint32_t i = 0; i < count; i++)
        least = values[i] < least ? values[i] : least;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t i = from < count ? (from + k) % count : k;
        if (values[i] == least)
            return i;
    }
    return UINT32_MAX;
}

/* Every size around powers of two, every place to start from, few values so that ties
   abound. */
static void test_against_a_search(void **state)
{
    (void)state;
    enum { MOST = 67 };
    for (uint32_t count = 1; count <= MOST; count++) {
        struct arena arena = {0};
        struct least_tree tree;
        uint64_t values[MOST];
        struct rng rng;
        rng_open(&rng, count, "tree", 0);
        least_tree_init(&tree, count, &arena);
        assert_true(least_tree_value(&tree) == LEAST_TREE_ABSENT);
        for (uint32_t i = 0; i < count; i++)
            values[i] = LEAST_TREE_ABSENT;
        for (int step = 0; step < 400; step++) {
            uint32_t i = (uint32_t)rng_below(&rng, count);
            values[i] = rng_below(&rng, 5);
            if (values[i] == 4)
                values[i] = LEAST_TREE_ABSENT;
            least_tree_set(&tree, i, values[i]);
            if (least_tree_value(&tree) == LEAST_TREE_ABSENT)
                continue;
            uint32_t from = (uint32_t)rng_below(&rng, count + 3);
            uint32_t found = least_tree_find(&tree, from), expected = search(values, count, from);
            if (found != expected)
                fail_msg("%u values, from %u: found %u, expected %u", count, from, found,
                         expected);
            assert_true(least_tree_value(&tree) == values[expected]);
        }
        arena_free(&arena);
    }
}

/* Values use all 64 bits but the one pattern that means absent. */
static void test_large_values(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct least_tree tree;
    least_tree_init(&tree, 3, &arena);
    least_tree_set(&tree, 2, LEAST_TREE_ABSENT - 1);
    assert_int_equal(least_tree_find(&tree, 0), 2);
    least_tree_set(&tree, 0, LEAST_TREE_ABSENT - 2);
    assert_int_equal(least_tree_find(&tree, 1), 0);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_against_a_search),
    cmocka_unit_test(test_large_values),
};

TEST_MAIN(tests)
