/* SPDX-License-Identifier: GPL-3.0-or-later
   The clock and the queue of future events.  Events are small values, nothing is allocated
   one by one; equal times leave in push order, whichever way they went in.  The queue calls
   nobody.

   Most events go through a wheel of buckets (see event.c).
   Whatever is already in order (arrivals, constant delays, timeouts) goes through a lane: a
   ring that costs a few nanoseconds. */
#ifndef SIM_ENGINE_EVENT_H
#define SIM_ENGINE_EVENT_H

#include "sim/engine/clock.h"

#include <stdbool.h>
#include <stddef.h>

struct event {
    sim_time at;
    uint64_t order;   /* push order << EVENT_KIND_BITS | kind: set by the queue */
    uint32_t subject; /* index of the entity that it happens to */
    uint32_t ticket;  /* the subject's when pushed; different later means stale */
    uint32_t detail;  /* small argument whose meaning belongs to the kind */
    uint32_t link;    /* the queue's own */
};
_Static_assert(sizeof(struct event) == 32, "two events per cache line");

enum { EVENT_KIND_BITS = 8, EVENT_KIND_MASK = (1 << EVENT_KIND_BITS) - 1 };

struct event_queue;
typedef uint32_t event_lane;

/* `gap`: expected mean time between events, to start with; the queue follows the rate that
   it sees. */
struct event_queue *event_queue_open(sim_time gap);
void event_queue_close(struct event_queue *queue);

/* Where the records are that the subjects and details of events pushed (not through lanes)
   index: with many events waiting, the queue asks the memory for them a little before they
   are due.  The array of subjects may move.  A detail that is none costs nothing. */
struct event_records {
    const void *const *subjects;
    const void *details;
    size_t subject_size, detail_size;
    uint32_t detail_count;
    size_t follower_offset; /* in a detail's record: a subject (uint32_t) that is likely to be
                               touched too, or UINT32_MAX */
    const uint32_t *counts; /* by detail, touched too; NULL: none */
};
void event_queue_fetch(struct event_queue *queue, struct event_records records);

/* Pushes an event at `at`, which must not be before the last event popped; `kind` must not be
   above EVENT_KIND_MASK. */
void event_push(struct event_queue *queue, sim_time at, unsigned kind, uint32_t subject,
                uint32_t ticket, uint32_t detail);

/* Where the current tickets of subjects are: in records that may move. */
struct event_tickets {
    const void *const *records; /* NULL: nowhere, no event is stale */
    size_t record_size, ticket_offset;
};

/* A lane: events that are pushed in order of time.  Where tickets are known, stale events are
   dropped without being popped. */
event_lane event_lane_open(struct event_queue *queue, struct event_tickets tickets);
void event_lane_push(struct event_queue *queue, event_lane lane, sim_time at, unsigned kind,
                     uint32_t subject, uint32_t ticket, uint32_t detail);

/* An alarm: one event of a fixed kind and subject, set again after each time it comes; the
   cheapest way for a process that has one future at a time.  It must not be set while it is
   pending. */
typedef uint32_t event_alarm;
event_alarm event_alarm_open(struct event_queue *queue, unsigned kind, uint32_t subject);
void event_alarm_set(struct event_queue *queue, event_alarm alarm, sim_time at);

/* Takes the earliest event; false when there is none. */
bool event_pop(struct event_queue *queue, struct event *event);

static inline unsigned event_kind(const struct event *event)
{
    return (unsigned)(event->order & EVENT_KIND_MASK);
}

/* Events that wait, stale ones included; and the bytes that the queue holds. */
size_t event_queue_count(const struct event_queue *queue);
size_t event_queue_bytes(const struct event_queue *queue);

#endif
