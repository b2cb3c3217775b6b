/* SPDX-License-Identifier: GPL-3.0-or-later
   The heap of heads, and rings that double. */
#include "sim/engine/event_lanes.h"

#include "sim/engine/check.h"

#include <stdlib.h>

enum { EVENT_RING_ROOM_MIN = 64 };

static void event_lanes_place(struct event_lanes *lanes, uint32_t place,
                              struct event_head head)
{
    lanes->heads[place] = head;
    lanes->rings[head.ring].place = place;
}

static bool event_lanes_before(const struct event_head *a, const struct event_head *b)
{
    return event_before(a->at, a->order, b->at, b->order);
}

static void event_lanes_rise(struct event_lanes *lanes, uint32_t place)
{
    struct event_head head = lanes->heads[place];
    while (place > 0 && event_lanes_before(&head, &lanes->heads[(place - 1) / 2])) {
        event_lanes_place(lanes, place, lanes->heads[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    event_lanes_place(lanes, place, head);
}

static void event_lanes_sink(struct event_lanes *lanes, uint32_t place)
{
    const struct event_head *heads = lanes->heads;
    struct event_head head = heads[place];
    uint32_t count = lanes->head_count;
    for (uint32_t child = 2 * place + 1; child < count; child = 2 * place + 1) {
        if (child + 1 < count && event_lanes_before(&heads[child + 1], &heads[child]))
            child++;
        if (!event_lanes_before(&heads[child], &head))
            break;
        event_lanes_place(lanes, place, heads[child]);
        place = child;
    }
    event_lanes_place(lanes, place, head);
}

static void event_lanes_mark_empty(struct event_lanes *lanes)
{
    lanes->heads[0] = (struct event_head){.at = SIM_NEVER, .order = UINT64_MAX};
}

static void event_lanes_leave(struct event_lanes *lanes, uint32_t place)
{
    struct event_head last = lanes->heads[--lanes->head_count];
    if (lanes->head_count == 0)
        event_lanes_mark_empty(lanes);
    if (place == lanes->head_count)
        return;
    event_lanes_place(lanes, place, last);
    event_lanes_sink(lanes, place);
    event_lanes_rise(lanes, lanes->rings[last.ring].place);
}

/* The ring's head has moved on: drops stale events and puts its place in order. */
static void event_lanes_settle(struct event_lanes *lanes, struct event_ring *ring)
{
    while (ring->head != ring->tail && event_ring_is_stale(ring)) {
        ring->head++;
        lanes->in_rings--;
    }
    if (ring->head == ring->tail) { /* so is an alarm's always */
        event_lanes_leave(lanes, ring->place);
        return;
    }
    const struct event *first = &ring->events[ring->head & ring->mask];
    lanes->heads[ring->place].at = first->at;
    lanes->heads[ring->place].order = first->order;
    event_lanes_sink(lanes, ring->place);
}

void event_lanes_settle_spent(struct event_lanes *lanes)
{
    lanes->spent = false;
    event_lanes_settle(lanes, &lanes->rings[lanes->heads[0].ring]);
}

void event_lanes_enter(struct event_lanes *lanes, sim_time at, uint64_t order, uint32_t ring)
{
    struct event_head *first = &lanes->heads[0];
    if (lanes->spent && first->ring == ring) {
        lanes->spent = false;
        first->at = at;
        first->order = order;
        if (lanes->head_count > 1)
            event_lanes_sink(lanes, 0);
        return;
    }
    if (lanes->spent)
        event_lanes_settle_spent(lanes);
    uint32_t place = lanes->head_count++;
    event_lanes_place(lanes, place, (struct event_head){at, order, ring,
                                                          lanes->rings[ring].subject});
    event_lanes_rise(lanes, place);
}

static void event_ring_grow(struct event_ring *ring)
{
    uint64_t room = 2 * (ring->mask + 1);
    struct event *events = memory_take(room, sizeof *events);
    for (uint64_t i = ring->head; i != ring->tail; i++)
        events[i & (room - 1)] = ring->events[i & ring->mask];
    free(ring->events);
    ring->events = events;
    ring->mask = room - 1;
}

uint32_t event_lanes_open_ring(struct event_lanes *lanes, struct event_ring ring)
{
    uint32_t index = lanes->ring_count++;
    lanes->rings = memory_grow(lanes->rings, lanes->ring_count, sizeof *lanes->rings);
    lanes->heads = memory_grow(lanes->heads, lanes->ring_count, sizeof *lanes->heads);
    if (ring.mask > 0)
        ring.events = memory_take(ring.mask + 1, sizeof *ring.events);
    lanes->rings[index] = ring;
    return index;
}

struct event *event_lanes_append(struct event_lanes *lanes, uint32_t index, sim_time at)
{
    struct event_ring *ring = &lanes->rings[index];
    if (ring->tail - ring->head > ring->mask)
        event_ring_grow(ring);
    CHECK(ring->head == ring->tail || at >= ring->events[(ring->tail - 1) & ring->mask].at);
    lanes->in_rings++;
    return &ring->events[ring->tail++ & ring->mask];
}

void event_lanes_appended(struct event_lanes *lanes, uint32_t index)
{
    struct event_ring *ring = &lanes->rings[index];
    const struct event *head = &ring->events[ring->head & ring->mask];
    if (ring->tail - ring->head == 1)
        event_lanes_enter(lanes, head->at, head->order, index);
    else if (event_ring_is_stale(ring) && !(lanes->spent && lanes->heads[0].ring == index))
        event_lanes_settle(lanes, ring);
}

void event_lanes_open(struct event_lanes *lanes)
{
    lanes->heads = memory_take(1, sizeof *lanes->heads);
    event_lanes_mark_empty(lanes);
}

void event_lanes_close(struct event_lanes *lanes)
{
    for (uint32_t i = 0; i < lanes->ring_count; i++)
        free(lanes->rings[i].events);
    free(lanes->rings);
    free(lanes->heads);
}

size_t event_lanes_count(const struct event_lanes *lanes)
{
    size_t alarms = 0;
    for (uint32_t place = lanes->spent; place < lanes->head_count; place++)
        alarms += lanes->rings[lanes->heads[place].ring].events == NULL;
    return lanes->in_rings + alarms;
}

size_t event_lanes_bytes(const struct event_lanes *lanes)
{
    size_t events = 0;
    for (uint32_t i = 0; i < lanes->ring_count; i++)
        if (lanes->rings[i].events != NULL)
            events += lanes->rings[i].mask + 1;
    return events * sizeof(struct event);
}
