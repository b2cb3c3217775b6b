/* SPDX-License-Identifier: GPL-3.0-or-later
   The tree of weights against a plain list, while members come, go and change. */
#include "models/blocks/weight_tree.h"
#include "tests/test.h"

enum { ROOM = 20 };

/* Each member must be found for exactly as many dice as it weighs. */
static void test_compare(const struct weight_tree *tree, const int64_t *weights)
{
    int64_t found[ROOM] = {0}, total = 0;
    for (int64_t dice = 0; dice < tree->total; dice++) {
        int64_t rest = dice;
        uint32_t place = weight_tree_descend(tree, 0, &rest);
        assert_true(place < tree->count);
        backend_id member = tree->members[place];
        assert_true(rest >= 0 && rest < weights[member]);
        found[member]++;
    }
    for (int i = 0; i < ROOM; i++) {
        assert_int_equal(found[i], weights[i]);
        total += weights[i];
    }
    assert_int_equal(tree->total, total);
}

static void test_life(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct weight_tree tree;
    struct rng rng;
    int64_t weights[ROOM] = {0};
    rng_seed(&rng, 1);
    weight_tree_init(&tree, ROOM, &arena);
    for (int step = 0; step < 500; step++) {
        backend_id one = (backend_id)rng_below(&rng, ROOM);
        int64_t weight = (int64_t)rng_below(&rng, 9) + 1;
        if (tree.place[one] == WEIGHT_TREE_ABSENT)
            weight_tree_add(&tree, one, weights[one] = weight);
        else if (rng_below(&rng, 2) == 0) {
            weight_tree_remove(&tree, one);
            weights[one] = 0;
        } else {
            weight_tree_change(&tree, one, weight - weights[one]);
            weights[one] = weight;
        }
        test_compare(&tree, weights);
    }
    arena_free(&arena);
}

/* a b c d: the last fills the hole that b leaves. */
static void test_hole(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct weight_tree tree;
    weight_tree_init(&tree, 4, &arena);
    for (backend_id i = 0; i < 4; i++)
        weight_tree_add(&tree, i, 10 * (i + 1));
    assert_int_equal(tree.left[0], 20 + 40);
    weight_tree_remove(&tree, 1);
    assert_int_equal(tree.members[1], 3);
    assert_int_equal(tree.left[0], 40);
    assert_int_equal(tree.total, 80);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_life),
    cmocka_unit_test(test_hole),
};

TEST_MAIN(tests)
