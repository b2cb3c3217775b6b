/* SPDX-License-Identifier: GPL-3.0-or-later
   Smooth weighted round robin: exact shares over each cycle whatever the weights, in any set,
   and recovery of effective weights. */
#include "models/blocks/smooth.h"
#include "tests/test.h"

enum { MOST = 9 };

static backend_id turn(struct smooth *smooth, uint32_t count, uint32_t left_out)
{
    struct smooth_turn now = SMOOTH_TURN;
    for (backend_id i = 0; i < count; i++)
        if (i != left_out)
            smooth_visit(smooth, &now, i);
    return smooth_take(smooth, &now);
}

/* After as many turns as the weights add up to, each was taken as often as its weight, and
   all stand where they began. */
static void test_shares(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 5);
    for (int round = 0; round < 200; round++) {
        struct arena arena = {0};
        struct smooth smooth;
        int64_t total = 0, taken[MOST] = {0};
        uint32_t count = 1 + (uint32_t)rng_below(&rng, MOST);
        smooth_init(&smooth, MOST, &arena);
        for (backend_id i = 0; i < count; i++) {
            smooth_reset(&smooth, i, 1 + (int64_t)rng_below(&rng, 20));
            total += smooth.weight[i];
        }
        for (int64_t k = 0; k < total; k++)
            taken[turn(&smooth, count, MOST)]++;
        for (backend_id i = 0; i < count; i++) {
            assert_int_equal(taken[i], smooth.weight[i]);
            assert_int_equal(smooth.current[i], 0);
        }
        arena_free(&arena);
    }
}

/* Who is left out neither gains nor pays. */
static void test_set(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct smooth smooth;
    smooth_init(&smooth, 3, &arena);
    for (backend_id i = 0; i < 3; i++)
        smooth_reset(&smooth, i, 1);
    static const backend_id expected[] = {0, 2, 0, 2};
    for (int i = 0; i < 4; i++)
        assert_int_equal(turn(&smooth, 3, 1), expected[i]);
    assert_int_equal(smooth.current[1], 0);
    arena_free(&arena);
}

/* 0 is gained, then 1, then 2: what is gained is what was there before it came back. */
static void test_recovery(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct smooth smooth;
    smooth_init(&smooth, 2, &arena);
    smooth_reset(&smooth, 0, 2);
    smooth_reset(&smooth, 1, 1);
    smooth.effective[0] = 0;
    assert_int_equal(turn(&smooth, 2, MOST), 1); /* 0 1 */
    assert_int_equal(smooth.effective[0], 1);
    assert_int_equal(turn(&smooth, 2, MOST), 0); /* 1 1 */
    assert_int_equal(smooth.effective[0], 2);
    assert_int_equal(smooth.current[0], -1);
    assert_int_equal(turn(&smooth, 2, MOST), 1); /* 1 2 */
    assert_int_equal(smooth.effective[0], 2);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shares),
    cmocka_unit_test(test_set),
    cmocka_unit_test(test_recovery),
};

TEST_MAIN(tests)
