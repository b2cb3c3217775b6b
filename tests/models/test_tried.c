/* SPDX-License-Identifier: GPL-3.0-or-later
   Records of requests: shared by the attempts of a request, used again, and kept apart while
   there are many. */
#include "models/state.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

static void test_shared(void **state)
{
    (void)state;
    struct world world = {.now = 5};
    attempt_pool_open(&world.pool);
    uint32_t one = attempt_take(&world.pool), two = attempt_take(&world.pool);
    assert_null(tried_find(&world, one));
    struct tried *tried = tried_begin(&world, one);
    assert_true(tried->since == 5 && tried->open == 1 && tried_retries(tried) == 0);
    assert_null(tried_find(&world, two));
    tried_join(&world, two, one);
    tried = tried_find(&world, two);
    assert_true(tried == tried_find(&world, one) && tried->open == 2);
    tried->attempts = 4;
    tried->hedges = 1;
    assert_int_equal(tried_retries(tried), 2);
    tried_leave(&world, one);
    assert_null(tried_find(&world, one));
    assert_true(tried->open == 1 && tried->slots[0] == two);
    tried_end(&world, two);
    assert_null(tried_find(&world, two));
    assert_int_equal(tried_begin(&world, one)->attempts, 1);
    assert_int_equal(world.tried.count, 1);
    slot_book_close(&world.tried);
    attempt_pool_close(&world.pool);
}

static void test_many(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    struct world world = {.now = 0};
    attempt_pool_open(&world.pool);
    for (uint32_t i = 0; i < MANY; i++) {
        world.now = i;
        tried_begin(&world, attempt_take(&world.pool));
    }
    for (uint32_t i = 0; i < MANY; i += 2)
        tried_end(&world, i);
    for (uint32_t i = 0; i < MANY; i++) {
        const struct tried *tried = tried_find(&world, i);
        assert_true(i % 2 == 0 ? tried == NULL : tried->since == i);
    }
    slot_book_close(&world.tried);
    attempt_pool_close(&world.pool);
}

/* Of 40 pods eligible the first that is not known; beyond what is remembered nobody is. */
static void test_pods(void **state)
{
    (void)state;
    backend_id eligible[40];
    for (uint32_t i = 0; i < 40; i++)
        eligible[i] = i;
    const struct view view = {.eligible = eligible, .eligible_count = 40, .count = 40};
    struct tried tried = {.open = 1};
    for (backend_id pod = 0; pod < TRIED_PODS_MAX; pod++) {
        assert_int_equal(tried_other(&tried, &view), pod);
        assert_false(tried_is_known(&tried, pod));
        tried_note(&tried, pod);
        assert_true(tried_is_known(&tried, pod));
    }
    assert_int_equal(tried_other(&tried, &view), NO_BACKEND);
    tried_note(&tried, 39);
    assert_int_equal(tried.pod_count, TRIED_PODS_MAX);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shared),
    cmocka_unit_test(test_many),
    cmocka_unit_test(test_pods),
};

TEST_MAIN(tests)
