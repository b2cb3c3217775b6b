/* SPDX-License-Identifier: GPL-3.0-or-later
   The queue of future events: a wheel that hands one bucket at a time to a small heap, so that
   the cost does not grow with the number of events that wait, and lanes beside it for what is
   in order anyway.  One counter numbers all pushes, so equal times leave in push order
   whichever way they went in. */
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
    struct event_lanes lanes;
};

struct event_queue *event_queue_open(sim_time gap)
{
    struct event_queue *queue = memory_zeroed(1, sizeof *queue);
    event_wheel_open(&queue->wheel, gap);
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
    CHECK(at >= queue->now && kind < 256);
    return queue->pushes++ << 8 | kind;
}

void event_push(struct event_queue *queue, sim_time at, unsigned kind, uint32_t subject,
                uint32_t ticket, uint32_t detail)
{
    uint64_t order = event_order(queue, at, kind);
    if (event_wheel_takes(&queue->wheel, at)) {
        uint32_t node = event_wheel_take_node(&queue->wheel);
        event_set(&queue->wheel.nodes[node], at, order, subject, ticket, detail);
        event_wheel_file(&queue->wheel, node);
    } else {
        struct event event;
        event_set(&event, at, order, subject, ticket, detail);
        event_heap_push(&queue->heap, &event);
    }
}

event_lane event_lane_open(struct event_queue *queue, struct event_tickets tickets)
{
    return event_lanes_open_ring(
        &queue->lanes, (struct event_ring){.mask = EVENT_LANE_ROOM - 1, .tickets = tickets});
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
    return event_lanes_open_ring(&queue->lanes,
                                 (struct event_ring){.kind = kind, .subject = subject});
}

void event_alarm_set(struct event_queue *queue, event_alarm alarm, sim_time at)
{
    struct event_lanes *lanes = &queue->lanes;
    uint64_t order = event_order(queue, at, lanes->rings[alarm].kind);
    if (lanes->spent && lanes->head_count == 1 && lanes->heads[0].ring == alarm) {
        lanes->spent = false; /* the only one, set again: the common case, at hand */
        lanes->heads[0].at = at;
        lanes->heads[0].order = order;
    } else {
        event_lanes_enter(lanes, at, order, alarm);
    }
}

/* Whether the first of the lanes comes before the first of the heap. */
static inline bool event_lane_is_next(const struct event_queue *queue)
{
    if (queue->lanes.head_count == 0)
        return false;
    if (queue->heap.count == 0)
        return true;
    const struct event_head *head = &queue->lanes.heads[0];
    const struct event *first = &queue->heap.events[0];
    return event_before(head->at, head->order, first->at, first->order);
}

/* Whether the heap needs the wheel's next bucket.  It must not have it before its time: what
   is pushed between would go to the heap too, and the wheel would be of no use. */
static inline bool event_wheel_is_next(const struct event_queue *queue)
{
    if (queue->heap.count > 0)
        return false;
    return queue->lanes.head_count > 0 ? queue->lanes.heads[0].at >= queue->wheel.earliest
                                       : event_wheel_count(&queue->wheel) > 0;
}

bool event_pop(struct event_queue *queue, struct event *event)
{
    for (;;) {
        if (queue->lanes.spent)
            event_lanes_settle_spent(&queue->lanes);
        if (event_wheel_is_next(queue))
            event_wheel_hand_out(&queue->wheel, &queue->heap, queue->now);
        if (event_lane_is_next(queue)) {
            if (!event_lanes_pop(&queue->lanes, event))
                continue;
        } else if (queue->heap.count > 0) {
            event_heap_pop(&queue->heap, event);
        } else {
            return false;
        }
        queue->now = event->at;
        return true;
    }
}

size_t event_queue_count(const struct event_queue *queue)
{
    return queue->heap.count + event_wheel_count(&queue->wheel) +
           event_lanes_count(&queue->lanes);
}

size_t event_queue_bytes(const struct event_queue *queue)
{
    return queue->heap.room * sizeof(struct event) +
           queue->wheel.node_room * sizeof(struct event) +
           queue->wheel.bucket_count * sizeof(uint32_t) + queue->wheel.bucket_count / 8 +
           event_lanes_bytes(&queue->lanes);
}
