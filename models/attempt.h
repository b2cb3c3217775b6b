/* SPDX-License-Identifier: GPL-3.0-or-later
   One try of one request.  It fills its own trace row as it lives:

     born -> sent -> received -> [held] -> dispatched -> arrived -> [queued] -> started
          -> served -> answered -> closed (row handed on, slot free)

   A client that gives up ends its side only: the pod does the work all the same, unless it is
   told (cancel.h), and the attempt is closed when both sides are done. */
#ifndef MODELS_ATTEMPT_H
#define MODELS_ATTEMPT_H

#include "sim/engine/rng.h"
#include "sim/trace/row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTEMPT_NONE UINT32_MAX

/* The last stage reached. */
enum attempt_stage {
    STAGE_FREE, /* a slot without an attempt */
    STAGE_SENT,
    STAGE_RECEIVED,
    STAGE_DISPATCHED,
    STAGE_ARRIVED,
    STAGE_STARTED,
    STAGE_SERVED,
    STAGE_LOST, /* a message of it: nothing further happens at the pod's end */
};

enum { ATTEMPT_CANCELLED = 2 };

struct attempt {
    struct trace_row row;
    uint32_t next, previous; /* in the queue that it waits in; next also links free slots */
    uint8_t stage;           /* enum attempt_stage */
    uint8_t answered; /* the client has its end: row.ended and row.outcome are final; and
                         ATTEMPT_CANCELLED: the pod knows, or will when the attempt arrives */
    bool counted;  /* the balancer counts it as outstanding */
    bool held;     /* waits in the balancer's queue */
    uint32_t ticket; /* counts the lives of the slot */
};
_Static_assert(sizeof(struct attempt) == 128, "two cache lines");

/* All attempts under way, by slot; slots move when the pool grows, so pointers into it do
   not outlive a call that may take one. */
struct attempt_pool {
    struct attempt *attempts;
    uint32_t free, room;
    uint32_t top; /* slots ever used: so many were under way at once, at most */
};

void attempt_pool_open(struct attempt_pool *pool);
void attempt_pool_close(struct attempt_pool *pool);
void attempt_pool_grow(struct attempt_pool *pool);

static inline uint32_t attempt_take(struct attempt_pool *pool)
{
    uint32_t slot = pool->free;
    if (slot != ATTEMPT_NONE) {
        pool->free = pool->attempts[slot].next;
    } else {
        if (pool->top == pool->room)
            attempt_pool_grow(pool);
        slot = pool->top++;
        pool->attempts[slot].ticket = 0;
    }
    return slot;
}

/* Frees a slot; every event pushed for it is stale from now on. */
static inline void attempt_return(struct attempt_pool *pool, uint32_t slot)
{
    pool->attempts[slot].ticket++;
    pool->attempts[slot].stage = STAGE_FREE;
    pool->attempts[slot].next = pool->free;
    pool->free = slot;
}

/* The stream of what an attempt draws for itself under a key: the same whatever the policy and
   whatever else is under way. */
static inline void attempt_stream(struct rng *rng, uint64_t key, const struct trace_row *row)
{
    rng_seed(rng, key ^ (row->request * UINT64_C(0xd1342543de82ef95) +
                         row->attempt * UINT64_C(0xaef17502108ef2d9)));
}

/* A queue of attempts linked by `next` and `previous`. */
struct attempt_queue {
    uint32_t first, last; /* ATTEMPT_NONE when empty */
};

static inline void attempt_queue_append(struct attempt_queue *queue,
                                        struct attempt_pool *pool, uint32_t slot)
{
    pool->attempts[slot].next = ATTEMPT_NONE;
    pool->attempts[slot].previous = queue->last;
    if (queue->first == ATTEMPT_NONE)
        queue->first = slot;
    else
        pool->attempts[queue->last].next = slot;
    queue->last = slot;
}

static inline void attempt_queue_prepend(struct attempt_queue *queue,
                                         struct attempt_pool *pool, uint32_t slot)
{
    pool->attempts[slot].next = queue->first;
    pool->attempts[slot].previous = ATTEMPT_NONE;
    if (queue->first == ATTEMPT_NONE)
        queue->last = slot;
    else
        pool->attempts[queue->first].previous = slot;
    queue->first = slot;
}

/* Takes the first out; there must be one. */
static inline uint32_t attempt_queue_take(struct attempt_queue *queue,
                                          struct attempt_pool *pool)
{
    uint32_t slot = queue->first, next = pool->attempts[slot].next;
    queue->first = next;
    if (next == ATTEMPT_NONE)
        queue->last = ATTEMPT_NONE;
    else
        pool->attempts[next].previous = ATTEMPT_NONE;
    return slot;
}

static inline void attempt_queue_remove(struct attempt_queue *queue,
                                        struct attempt_pool *pool, uint32_t slot)
{
    uint32_t next = pool->attempts[slot].next, previous = pool->attempts[slot].previous;
    if (previous == ATTEMPT_NONE)
        queue->first = next;
    else
        pool->attempts[previous].next = next;
    if (next == ATTEMPT_NONE)
        queue->last = previous;
    else
        pool->attempts[next].previous = previous;
}

#endif
