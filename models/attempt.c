/* SPDX-License-Identifier: GPL-3.0-or-later
   The pool of attempts: slots in one array that doubles, with a list of free ones. */
#include "models/attempt.h"

#include "sim/engine/check.h"
#include "sim/engine/range.h"

enum { ATTEMPT_ROOM_MIN = 1024 };

void attempt_pool_open(struct attempt_pool *pool)
{
    *pool = (struct attempt_pool){.free = ATTEMPT_NONE};
    attempt_pool_grow(pool);
}

void attempt_pool_close(struct attempt_pool *pool)
{
    range_free(pool->attempts, pool->room * sizeof *pool->attempts);
}

void attempt_pool_grow(struct attempt_pool *pool)
{
    CHECK(pool->room < ATTEMPT_NONE / 2);
    uint32_t room = pool->room > 0 ? 2 * pool->room : ATTEMPT_ROOM_MIN;
    pool->attempts = range_grow(pool->attempts, pool->room * sizeof *pool->attempts,
                                room * sizeof *pool->attempts);
    pool->room = room;
}
