/* SPDX-License-Identifier: GPL-3.0-or-later
   Lanes and alarms: what is already in order.  A heap of their heads says which comes first;
   most pops take the first head and most pushes give the same one its next event, so its
   place is put in order late. */
#ifndef SIM_ENGINE_EVENT_LANES_H
#define SIM_ENGINE_EVENT_LANES_H

#include "sim/engine/event_heap.h"

#define EVENT_OF_LANE UINT32_MAX /* instead of an alarm's subject */

/* A lane has a ring, whose head and tail count up for ever; an alarm has none, only the kind
   and subject of its event. */
struct event_ring {
    struct event *events; /* NULL: an alarm */
    uint64_t head, tail, mask;
    struct event_tickets tickets;
    uint32_t kind;                  /* of an alarm */
    uint32_t subject;               /* of an alarm; EVENT_OF_LANE */
    uint32_t place;                 /* in the heap of heads, when it is there */
};

struct event_head {
    sim_time at;
    uint64_t order;
    uint32_t ring;
    uint32_t subject; /* the ring's */
};

struct event_lanes {
    struct event_ring *rings;
    struct event_head *heads; /* binary heap of the rings that hold any; the first is at
                                 SIM_NEVER where none does */
    uint32_t ring_count, head_count;
    bool spent;      /* the first head has been popped and is still in its place */
    size_t in_rings; /* events, without alarms */
};

void event_lanes_open(struct event_lanes *lanes);
void event_lanes_close(struct event_lanes *lanes);
uint32_t event_lanes_open_ring(struct event_lanes *lanes, struct event_ring ring);
/* The place of a ring's next event, which is at `at`; event_lanes_appended follows once it is
   filled. */
struct event *event_lanes_append(struct event_lanes *lanes, uint32_t ring, sim_time at);
void event_lanes_appended(struct event_lanes *lanes, uint32_t ring);
/* A ring that held none gets a head. */
void event_lanes_enter(struct event_lanes *lanes, sim_time at, uint64_t order, uint32_t ring);
void event_lanes_settle_spent(struct event_lanes *lanes);
size_t event_lanes_count(const struct event_lanes *lanes);
size_t event_lanes_bytes(const struct event_lanes *lanes);

static inline bool event_ring_is_stale(const struct event_ring *ring)
{
    const struct event_tickets *tickets = &ring->tickets;
    if (tickets->records == NULL)
        return false;
    const struct event *event = &ring->events[ring->head & ring->mask];
    const char *record = (const char *)*tickets->records + tickets->record_size * event->subject;
    return *(const uint32_t *)(const void *)(record + tickets->ticket_offset) != event->ticket;
}

/* Takes the first head's event; false when it was stale. */
static inline bool event_lanes_pop(struct event_lanes *lanes, struct event *event)
{
    const struct event_head *head = &lanes->heads[0];
    lanes->spent = true;
    if (head->subject != EVENT_OF_LANE) {
        event->at = head->at;
        event->order = head->order;
        event->subject = head->subject;
        return true;
    }
    struct event_ring *ring = &lanes->rings[head->ring];
    bool stale = event_ring_is_stale(ring);
    *event = ring->events[ring->head++ & ring->mask];
    lanes->in_rings--;
    return !stale;
}

#endif
