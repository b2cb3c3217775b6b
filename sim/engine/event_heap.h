/* SPDX-License-Identifier: GPL-3.0-or-later
   A 4-ary heap of events by (time, push order): what the wheel has handed out of a bucket that
   holds more than a few, as where thousands of events share an instant. */
#ifndef SIM_ENGINE_EVENT_HEAP_H
#define SIM_ENGINE_EVENT_HEAP_H

#include "sim/engine/event.h"
#include "sim/engine/rng.h" /* wide_uint */

struct event_heap {
    struct event *events;
    size_t count, room;
};

/* Both times are >= 0: one comparison of 128 bits, without a branch. */
static inline bool event_before(sim_time at, uint64_t order, sim_time other_at,
                                uint64_t other_order)
{
    return (((wide_uint)(uint64_t)at << 64) | order) <
           (((wide_uint)(uint64_t)other_at << 64) | other_order);
}

static inline bool event_first(const struct event *a, const struct event *b)
{
    return event_before(a->at, a->order, b->at, b->order);
}

/* Field by field: a copy of a struct just built on the stack would wait for its stores. */
static inline void event_set(struct event *event, sim_time at, uint64_t order,
                             uint32_t subject, uint32_t ticket, uint32_t detail)
{
    event->at = at;
    event->order = order;
    event->subject = subject;
    event->ticket = ticket;
    event->detail = detail;
}

void event_heap_grow(struct event_heap *heap);
void event_heap_rise(struct event_heap *heap, const struct event *event);
void event_heap_sink(struct event_heap *heap);

static inline void event_heap_push(struct event_heap *heap, const struct event *event)
{
    if (heap->count == heap->room)
        event_heap_grow(heap);
    if (heap->count++ == 0)
        heap->events[0] = *event;
    else
        event_heap_rise(heap, event);
}

static inline void event_heap_pop(struct event_heap *heap, struct event *event)
{
    *event = heap->events[0];
    if (--heap->count > 0)
        event_heap_sink(heap);
}

#endif
