/* SPDX-License-Identifier: GPL-3.0-or-later
   The book of paths: shared by the attempts of a request, and none that has ended is found. */
#include "models/path.h"

#include "models/state.h"
#include "tests/test.h"

#include <stdlib.h>

static uint32_t take(struct world *world, uint64_t request)
{
    uint32_t slot = attempt_take(&world->pool);
    world_attempt(world, slot)->row.request = request;
    world_attempt(world, slot)->stage = STAGE_SENT;
    return slot;
}

static void test_book(void **state)
{
    (void)state;
    struct world *world = memory_zeroed(1, sizeof *world);
    attempt_pool_open(&world->pool);
    uint32_t one = take(world, 1), two = take(world, 2), again = take(world, 1);
    assert_null(path_find(world, one));
    path_begin(world, one)->tier = 7;
    path_begin(world, two)->hops[1].sent = true;
    path_join(world, again, one);
    assert_int_equal(path_find(world, again)->tier, 7);
    assert_ptr_equal(path_find(world, again), path_find(world, one));
    assert_int_equal(path_count_sent(world, 1), 1);
    assert_int_equal(path_count_sent(world, 0), 0);

    path_end(world, path_find(world, again));
    assert_null(path_find(world, one));
    assert_null(path_find(world, again));
    assert_int_equal(world->paths.live, 1);

    /* The free record is used again, and is not the old request's. */
    uint32_t three = take(world, 3);
    path_begin(world, three);
    assert_int_equal(world->paths.book.count, 2);
    assert_null(path_find(world, one));
    assert_int_equal(path_find(world, three)->pins[0], NO_BACKEND);
    slot_book_close(&world->paths.book);
    attempt_pool_close(&world->pool);
    free(world);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_book),
};

TEST_MAIN(tests)
