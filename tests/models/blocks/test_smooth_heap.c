/* SPDX-License-Identifier: GPL-3.0-or-later
   Turns by heaps against turns by visits: the same winners and the same weights after them,
   whatever the weights and wherever they begin. */
#include "models/blocks/smooth_heap.h"
#include "tests/test.h"

enum { MOST = 40 };

static backend_id visit_all(struct smooth *smooth, uint32_t count)
{
    struct smooth_turn turn = SMOOTH_TURN;
    for (backend_id i = 0; i < count; i++)
        if (smooth->weight[i] > 0)
            smooth_visit(smooth, &turn, i);
    return smooth_take(smooth, &turn);
}

/* Few or many different weights, 0 among them; weights begin where some turns over a part of
   the set have left them. */
static void draw(struct smooth *plain, struct smooth *other, uint32_t count, struct rng *rng)
{
    uint64_t kinds = 1 + rng_below(rng, 12);
    for (backend_id i = 0; i < count; i++)
        smooth_reset(plain, i, (int64_t)rng_below(rng, kinds));
    plain->weight[0] = plain->effective[0] = 1 + (int64_t)rng_below(rng, 5);
    for (uint64_t k = rng_below(rng, 50); k > 0; k--)
        visit_all(plain, 1 + (uint32_t)rng_below(rng, count));
    for (backend_id i = 0; i < count; i++) {
        smooth_reset(other, i, plain->weight[i]);
        other->current[i] = plain->current[i];
    }
}

static void test_same_as_visits(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 11);
    for (int round = 0; round < 300; round++) {
        struct arena arena = {0};
        struct smooth plain, other;
        struct smooth_heap heap;
        uint32_t count = 1 + (uint32_t)rng_below(&rng, MOST);
        smooth_init(&plain, MOST, &arena);
        smooth_init(&other, MOST, &arena);
        smooth_heap_init(&heap, MOST, &arena);
        draw(&plain, &other, count, &rng);
        for (int part = 0; part < 3; part++) {
            smooth_heap_fill(&heap, &other, count);
            for (uint64_t k = rng_below(&rng, 300); k > 0; k--)
                assert_int_equal(smooth_heap_take(&heap), visit_all(&plain, count));
            smooth_heap_settle(&heap, &other);
            for (backend_id i = 0; i < count; i++)
                assert_int_equal(other.current[i], plain.current[i]);
        }
        arena_free(&arena);
    }
}

/* 5:1:1 from the beginning, as nginx's history has it. */
static void test_known_order(void **state)
{
    (void)state;
    static const backend_id expected[] = {0, 0, 1, 0, 2, 0, 0};
    struct arena arena = {0};
    struct smooth smooth;
    struct smooth_heap heap;
    smooth_init(&smooth, 3, &arena);
    smooth_heap_init(&heap, 3, &arena);
    for (backend_id i = 0; i < 3; i++)
        smooth_reset(&smooth, i, i == 0 ? 5 : 1);
    smooth_heap_fill(&heap, &smooth, 3);
    for (int i = 0; i < 14; i++)
        assert_int_equal(smooth_heap_take(&heap), expected[i % 7]);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_as_visits),
    cmocka_unit_test(test_known_order),
};

TEST_MAIN(tests)
