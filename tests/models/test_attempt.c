/* SPDX-License-Identifier: GPL-3.0-or-later
   The pool of attempts and the queues in it. */
#include "models/attempt.h"
#include "tests/test.h"

enum { SLOTS = 5000 };

static void test_pool(void **state)
{
    (void)state;
    struct attempt_pool pool;
    attempt_pool_open(&pool);
    for (uint32_t i = 0; i < SLOTS; i++) {
        uint32_t slot = attempt_take(&pool);
        assert_int_equal(slot, i);
        assert_int_equal(pool.attempts[slot].ticket, 0);
        pool.attempts[slot].stage = STAGE_SENT;
        pool.attempts[slot].row.request = i;
    }
    assert_int_equal(pool.top, SLOTS);
    for (uint32_t i = 0; i < SLOTS; i++) /* growing moved them, whole */
        assert_int_equal(pool.attempts[i].row.request, i);
    attempt_return(&pool, 17);
    attempt_return(&pool, 4000);
    assert_int_equal(pool.attempts[17].stage, STAGE_FREE);
    assert_int_equal(pool.attempts[17].ticket, 1);
    assert_int_equal(attempt_take(&pool), 4000);
    assert_int_equal(attempt_take(&pool), 17);
    assert_int_equal(pool.attempts[17].ticket, 1);
    assert_int_equal(attempt_take(&pool), SLOTS);
    assert_int_equal(pool.top, SLOTS + 1);
    attempt_pool_close(&pool);
}

static void assert_queue(const struct attempt_queue *queue, const struct attempt_pool *pool,
                         const uint32_t *slots, size_t count)
{
    uint32_t slot = queue->first, previous = ATTEMPT_NONE;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(slot, slots[i]);
        assert_int_equal(pool->attempts[slot].previous, previous);
        previous = slot;
        slot = pool->attempts[slot].next;
    }
    assert_int_equal(slot, ATTEMPT_NONE);
    assert_int_equal(queue->last, previous);
}

#define QUEUE(...) \
    assert_queue(&queue, &pool, (const uint32_t[]){__VA_ARGS__}, \
                 sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void test_queue(void **state)
{
    (void)state;
    struct attempt_pool pool;
    struct attempt_queue queue = {ATTEMPT_NONE, ATTEMPT_NONE};
    attempt_pool_open(&pool);
    for (int i = 0; i < 5; i++)
        attempt_take(&pool);
    attempt_queue_append(&queue, &pool, 2);
    attempt_queue_append(&queue, &pool, 0);
    attempt_queue_prepend(&queue, &pool, 3);
    attempt_queue_append(&queue, &pool, 4);
    QUEUE(3, 2, 0, 4);
    attempt_queue_remove(&queue, &pool, 2);
    QUEUE(3, 0, 4);
    attempt_queue_remove(&queue, &pool, 3);
    QUEUE(0, 4);
    attempt_queue_remove(&queue, &pool, 4);
    QUEUE(0);
    attempt_queue_remove(&queue, &pool, 0);
    assert_queue(&queue, &pool, NULL, 0);
    attempt_queue_prepend(&queue, &pool, 1);
    QUEUE(1);
    attempt_pool_close(&pool);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pool),
    cmocka_unit_test(test_queue),
};

TEST_MAIN(tests)
