/* SPDX-License-Identifier: GPL-3.0-or-later
   The moves of the 4-ary heap. */
#include "sim/engine/event_heap.h"

#include "sim/engine/check.h"

enum { EVENT_HEAP_ROOM_MIN = 64 };

void event_heap_grow(struct event_heap *heap)
{
    heap->room = heap->room > 0 ? 2 * heap->room : EVENT_HEAP_ROOM_MIN;
    heap->events = memory_grow(heap->events, heap->room, sizeof *heap->events);
}

/* Puts an event in from the last place, already counted, upwards. */
void event_heap_rise(struct event_heap *heap, const struct event *event)
{
    struct event *events = heap->events;
    size_t i = heap->count - 1;
    while (i > 0) {
        size_t parent = (i - 1) / 4;
        if (!event_first(event, &events[parent]))
            break;
        events[i] = events[parent];
        i = parent;
    }
    events[i] = *event;
}

static size_t event_heap_least_child(const struct event *events, size_t first, size_t count)
{
    size_t least = first;
    size_t end = first + 4 < count ? first + 4 : count;
    for (size_t child = first + 1; child < end; child++)
        if (event_first(&events[child], &events[least]))
            least = child;
    return least;
}

/* Puts the event beyond the last place, no longer counted, in from the top downwards. */
void event_heap_sink(struct event_heap *heap)
{
    struct event *events = heap->events;
    size_t count = heap->count, i = 0;
    const struct event *last = &events[count];
    for (size_t first = 1; first < count; first = 4 * i + 1) {
        size_t child = event_heap_least_child(events, first, count);
        if (!event_first(&events[child], last))
            break;
        events[i] = events[child];
        i = child;
    }
    events[i] = *last;
}
