/* SPDX-License-Identifier: GPL-3.0-or-later
   A wheel of buckets, each about two mean gaps wide, and one list of what is beyond its turn.
   Hands out one bucket at a time; its width and size follow the rate that it sees.  Its
   ancestor: R. Brown, Calendar queues, CACM 31 (1988). */
#ifndef SIM_ENGINE_EVENT_WHEEL_H
#define SIM_ENGINE_EVENT_WHEEL_H

#include "sim/engine/event_heap.h"

#define EVENT_NIL UINT32_MAX

struct event_wheel {
    uint32_t *buckets; /* first node of each, or EVENT_NIL */
    uint64_t *bitmap;  /* which buckets hold any */
    size_t bucket_count;
    unsigned shift;       /* a bucket is 2^shift ns wide */
    uint64_t next, limit; /* bucket numbers: first not handed out; first beyond this turn */
    uint32_t overflow;    /* nodes from `limit` on */
    size_t in_buckets, in_overflow;

    struct event *nodes; /* linked by index */
    uint32_t node_free, node_top, node_room;

    uint64_t handed_out; /* events since `tuned_at` */
    sim_time tuned_at;
};

void event_wheel_open(struct event_wheel *wheel, sim_time gap);
void event_wheel_close(struct event_wheel *wheel);
void event_wheel_grow_nodes(struct event_wheel *wheel);

/* Moves the events of the next bucket that holds any to the heap, which must be empty; there
   must be one. */
void event_wheel_hand_out(struct event_wheel *wheel, struct event_heap *heap, sim_time now);

static inline size_t event_wheel_count(const struct event_wheel *wheel)
{
    return wheel->in_buckets + wheel->in_overflow;
}

/* Whether `at` belongs here and not to what has been handed out. */
static inline bool event_wheel_takes(const struct event_wheel *wheel, sim_time at)
{
    return (uint64_t)at >> wheel->shift >= wheel->next;
}

static inline void event_wheel_file(struct event_wheel *wheel, uint32_t node)
{
    uint64_t bucket = (uint64_t)wheel->nodes[node].at >> wheel->shift;
    if (bucket >= wheel->limit) {
        wheel->nodes[node].link = wheel->overflow;
        wheel->overflow = node;
        wheel->in_overflow++;
        return;
    }
    size_t slot = bucket & (wheel->bucket_count - 1);
    wheel->nodes[node].link = wheel->buckets[slot];
    wheel->buckets[slot] = node;
    wheel->bitmap[slot / 64] |= UINT64_C(1) << (slot % 64);
    wheel->in_buckets++;
}

static inline void event_wheel_push(struct event_wheel *wheel, const struct event *event)
{
    uint32_t node = wheel->node_free;
    if (node != EVENT_NIL) {
        wheel->node_free = wheel->nodes[node].link;
    } else {
        if (wheel->node_top == wheel->node_room)
            event_wheel_grow_nodes(wheel);
        node = wheel->node_top++;
    }
    wheel->nodes[node] = *event;
    event_wheel_file(wheel, node);
}

#endif
