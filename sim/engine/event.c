/* SPDX-License-Identifier: GPL-3.0-or-later
   The queue of future events: a wheel that hands out one bucket at a time, so that the cost does
   not grow with the number of events that wait, and lanes beside it for what is in order anyway.
   The few events of a bucket become the front, a list that makes way for what is pushed before
   it; the many of an instant that thousands share go to a heap.  One counter numbers all pushes,
   so equal times leave in push order whichever way they went in. */
#include "sim/engine/event.h"

#include "sim/engine/check.h"
#include "sim/engine/event_heap.h"
#include "sim/engine/event_lanes.h"
#include "sim/engine/event_wheel.h"

#include <stdlib.h>

enum { EVENT_LANE_ROOM = 64 };

struct event_queue {
    sim_time now;
    uint64_t pushes;
    struct event_heap heap;
    struct event_wheel wheel;
    uint32_t front; /* list of the next few of the wheel's events, in order, or EVENT_NIL */
    struct event_lanes lanes;
};

struct event_queue *event_queue_open(sim_time gap)
{
    struct event_queue *queue = memory_zeroed(1, sizeof *queue);
    event_wheel_open(&queue->wheel, gap);
    event_lanes_open(&queue->lanes);
    queue->front = EVENT_NIL;
    return queue;
}

void event_queue_close(struct event_queue *queue)
{
    event_lanes_close(&queue->lanes);
    event_wheel_close(&queue->wheel);
    free(queue->heap.events);
    free(queue);
}

void event_queue_fetch(struct event_queue *queue, struct event_records records)
{
    queue->wheel.records = records;
}

static inline uint64_t event_order(struct event_queue *queue, sim_time at, unsigned kind)
{
    CHECK(at >= queue->now && kind <= EVENT_KIND_MASK);
    return queue->pushes++ << EVENT_KIND_BITS | kind;
}

/* An event comes before the wheel's next bucket: the front goes back, or else the heap has what
   has been handed out.  Whether the event belongs into the wheel now. */
static __attribute__((noinline)) bool event_makes_way(struct event_queue *queue,
                                                      uint64_t bucket)
{
    if (queue->front == EVENT_NIL)
        return false;
    event_wheel_put_back(&queue->wheel, queue->front, queue->now);
    queue->front = EVENT_NIL;
    return bucket >= queue->wheel.next;
}

void event_push(struct event_queue *queue, sim_time at, unsigned kind, uint32_t subject,
                uint32_t ticket, uint32_t detail)
{
    struct event_wheel *wheel = &queue->wheel;
    uint64_t order = event_order(queue, at, kind);
    uint64_t bucket = event_wheel_bucket(wheel, at);
    if (bucket >= wheel->next || event_makes_way(queue, bucket)) {
        uint32_t node = event_wheel_take_node(wheel);
        event_set(&wheel->nodes[node], at, order, subject, ticket, detail);
        if (wheel->node_top < EVENT_WHEEL_FAR_MIN)
            event_wheel_file(wheel, node, bucket);
        else
            event_wheel_file_soon(wheel, node, bucket);
    } else {
        struct event event;
        event_set(&event, at, order, subject, ticket, detail);
        event_heap_push(&queue->heap, &event);
    }
}

event_lane event_lane_open(struct event_queue *queue, struct event_tickets tickets)
{
    struct event_ring ring = {
        .mask = EVENT_LANE_ROOM - 1, .tickets = tickets, .subject = EVENT_OF_LANE};
    return event_lanes_open_ring(&queue->lanes, ring);
}

void event_lane_push(struct event_queue *queue, event_lane lane, sim_time at, unsigned kind,
                     uint32_t subject, uint32_t ticket, uint32_t detail)
{
    uint64_t order = event_order(queue, at, kind);
    struct event *event = event_lanes_append(&queue->lanes, lane, at);
    event_set(event, at, order, subject, ticket, detail);
    event_lanes_appended(&queue->lanes, lane);
}

event_alarm event_alarm_open(struct event_queue *queue, unsigned kind, uint32_t subject)
{
    CHECK(subject != EVENT_OF_LANE);
    return event_lanes_open_ring(&queue->lanes,
                                 (struct event_ring){.kind = kind, .subject = subject});
}

void event_alarm_set(struct event_queue *queue, event_alarm alarm, sim_time at)
{
    struct event_lanes *lanes = &queue->lanes;
    struct event_head *first = lanes->heads;
    if (lanes->spent && lanes->head_count == 1 && first->ring == alarm) {
        lanes->spent = false; /* the only one, set again: the common case, at hand */
        first->at = at;
        first->order = event_order(queue, at, first->order & EVENT_KIND_MASK);
    } else {
        event_lanes_enter(lanes, at, event_order(queue, at, lanes->rings[alarm].kind), alarm);
    }
}

/* Gets the next of what is in no lane, of which nothing is handed out. */
static inline void event_advance(struct event_queue *queue)
{
    queue->front = event_wheel_advance(&queue->wheel, &queue->heap, queue->now,
                                       queue->lanes.heads[0].at);
}

/* Whether a lane has an event before that one. */
static inline bool event_lane_is_before(const struct event_lanes *lanes,
                                        const struct event *event)
{
    const struct event_head *head = lanes->heads;
    return event_before(head->at, head->order, event->at, event->order);
}

/* Takes the first of what has been handed out, unless a lane has one before it. */
static inline bool event_take_first(struct event_queue *queue, struct event *event)
{
    uint32_t node = queue->front;
    if (node != EVENT_NIL) {
        const struct event *first = &queue->wheel.nodes[node];
        if (event_lane_is_before(&queue->lanes, first))
            return false;
        *event = *first;
        queue->front = first->link;
        event_wheel_free_node(&queue->wheel, node);
        if (queue->front == EVENT_NIL)
            event_advance(queue); /* so that memory has what it touches by its turn */
        return true;
    }
    if (queue->heap.count == 0 || event_lane_is_before(&queue->lanes, queue->heap.events))
        return false;
    event_heap_pop(&queue->heap, event);
    return true;
}

bool event_pop(struct event_queue *queue, struct event *event)
{
    for (;;) {
        if (queue->lanes.spent)
            event_lanes_settle_spent(&queue->lanes);
        if (queue->front == EVENT_NIL && queue->heap.count == 0)
            event_advance(queue);
        if (!event_take_first(queue, event)) {
            if (queue->lanes.head_count == 0)
                return false;
            if (!event_lanes_pop(&queue->lanes, event))
                continue;
        }
        queue->now = event->at;
        return true;
    }
}

size_t event_queue_count(const struct event_queue *queue)
{
    size_t count = queue->heap.count + event_wheel_count(&queue->wheel) +
                   event_lanes_count(&queue->lanes);
    for (uint32_t node = queue->front; node != EVENT_NIL; node = queue->wheel.nodes[node].link)
        count++;
    return count;
}

size_t event_queue_bytes(const struct event_queue *queue)
{
    return queue->heap.room * sizeof(struct event) +
           queue->wheel.node_room * sizeof(struct event) +
           queue->wheel.bucket_count * sizeof(uint32_t) + queue->wheel.bucket_count / 8 +
           event_lanes_bytes(&queue->lanes);
}
