/* SPDX-License-Identifier: GPL-3.0-or-later
   The order of backends by key and by coming, against a list that is searched. */
#include "models/blocks/fifo_tree.h"
#include "tests/test.h"

enum { COUNT = 20 };

struct record {
    uint64_t key, order;
    bool is_in;
};

static backend_id first_of(const struct record *records)
{
    backend_id first = NO_BACKEND;
    for (backend_id i = 0; i < COUNT; i++) {
        if (!records[i].is_in)
            continue;
        const struct record *best = first == NO_BACKEND ? NULL : &records[first];
        if (best == NULL || records[i].key < best->key ||
            (records[i].key == best->key && records[i].order < best->order))
            first = i;
    }
    return first;
}

/* Crosses the end of the order numbers on the way. */
static void test_order(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct fifo_tree fifo;
    struct record records[COUNT] = {0};
    struct rng rng;
    rng_seed(&rng, 3);
    fifo_tree_init(&fifo, COUNT, &arena);
    assert_true(fifo_tree_is_empty(&fifo));
    fifo.next = UINT32_MAX - 3000;
    for (uint64_t step = 1; step < 6000; step++) {
        backend_id backend = (backend_id)rng_below(&rng, COUNT);
        if (rng_below(&rng, 4) == 0) {
            fifo_tree_remove(&fifo, backend);
            records[backend].is_in = false;
        } else {
            uint32_t key = rng_below(&rng, 8) == 0 ? UINT32_MAX : (uint32_t)rng_below(&rng, 4);
            fifo_tree_insert(&fifo, backend, key);
            records[backend] = (struct record){key, step, true};
        }
        backend_id expected = first_of(records);
        assert_int_equal(fifo_tree_is_empty(&fifo), expected == NO_BACKEND);
        if (expected == NO_BACKEND)
            continue;
        assert_int_equal(fifo_tree_first(&fifo), expected);
        assert_int_equal(fifo_tree_least_key(&fifo), records[expected].key);
    }
    assert_true(fifo.next < 10000);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_order),
};

TEST_MAIN(tests)
