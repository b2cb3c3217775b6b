/* SPDX-License-Identifier: GPL-3.0-or-later
   A wheel of buckets, each about two mean gaps wide (half of one while few events wait, so that
   most have a bucket alone), and one list of what is beyond them.  Hands out one bucket at a
   time, and turns on when half of them are; its width and size follow the rate that it sees.
   Its ancestor: R. Brown, Calendar queues, CACM 31 (1988). */
#ifndef SIM_ENGINE_EVENT_WHEEL_H
#define SIM_ENGINE_EVENT_WHEEL_H

#include "sim/engine/event_heap.h"

#define EVENT_NIL UINT32_MAX

enum { EVENT_WHEEL_AHEAD = 4 }; /* buckets looked into before their turn */
/* Nodes from which on it pays to ask memory for the detail of the next event, for what later
   events touch, and for the bucket of an event that is pushed. */
enum {
    EVENT_WHEEL_DETAIL_MIN = 1 << 9,
    EVENT_WHEEL_FETCH_MIN = 1 << 14,
    EVENT_WHEEL_FAR_MIN = 1 << 16
};

struct event_wheel {
    uint32_t *buckets; /* first node of each, or EVENT_NIL */
    uint64_t *bitmap;  /* which buckets hold any */
    size_t bucket_count;
    unsigned shift;       /* a bucket is 2^shift ns wide */
    unsigned fine;        /* times narrower than two mean gaps */
    uint64_t next, limit; /* bucket numbers: first not handed out; first beyond */
    uint32_t overflow;    /* nodes from `limit` on */
    sim_time overflow_first; /* the earliest of them */
    uint32_t unfiled; /* a node whose bucket has been asked of memory, or EVENT_NIL */
    size_t in_buckets, in_overflow;

    struct event *nodes; /* linked by index */
    uint32_t node_free, node_top, node_room;

    struct event_records records;
    size_t ahead[EVENT_WHEEL_AHEAD]; /* slots to come, as last looked into; SIZE_MAX: none */
    uint64_t handed_out; /* events since `tuned_at` */
    sim_time tuned_at;
};

void event_wheel_open(struct event_wheel *wheel, sim_time gap);
void event_wheel_close(struct event_wheel *wheel);
void event_wheel_grow_nodes(struct event_wheel *wheel);

/* Hands out the next bucket that holds any, while nothing else is handed out.  A few events are
   returned as a list in order, linked, however far ahead they are, as they can be put back.
   Many go to the heap, if their bucket begins no later than `until`.  EVENT_NIL: they went to
   the heap, or nothing is due. */
uint32_t event_wheel_advance(struct event_wheel *wheel, struct event_heap *heap, sim_time now,
                             sim_time until);
/* Puts back what is left of a list, so that events before it can be filed. */
void event_wheel_put_back(struct event_wheel *wheel, uint32_t list, sim_time now);

static inline size_t event_wheel_count(const struct event_wheel *wheel)
{
    return wheel->in_buckets + wheel->in_overflow + (wheel->unfiled != EVENT_NIL);
}

/* The number of the bucket of what is at `at`.  What is below `next` does not belong here, but
   to what has been handed out. */
static inline uint64_t event_wheel_bucket(const struct event_wheel *wheel, sim_time at)
{
    return (uint64_t)at >> wheel->shift;
}

/* Files a node in its bucket. */
static inline void event_wheel_file(struct event_wheel *wheel, uint32_t node, uint64_t bucket)
{
    if (bucket >= wheel->limit) {
        sim_time at = wheel->nodes[node].at;
        wheel->nodes[node].link = wheel->overflow;
        wheel->overflow = node;
        wheel->in_overflow++;
        if (at < wheel->overflow_first)
            wheel->overflow_first = at;
        return;
    }
    size_t slot = bucket & (wheel->bucket_count - 1);
    wheel->nodes[node].link = wheel->buckets[slot];
    wheel->buckets[slot] = node;
    wheel->bitmap[slot / 64] |= UINT64_C(1) << (slot % 64);
    wheel->in_buckets++;
}

/* Files a node by the time of the next, as its bucket is likely to be far away in memory. */
void event_wheel_file_soon(struct event_wheel *wheel, uint32_t node, uint64_t bucket);

static inline void event_wheel_free_node(struct event_wheel *wheel, uint32_t node)
{
    wheel->nodes[node].link = wheel->node_free;
    wheel->node_free = node;
}

/* A free node, to be filled and then filed. */
static inline uint32_t event_wheel_take_node(struct event_wheel *wheel)
{
    uint32_t node = wheel->node_free;
    if (node != EVENT_NIL) {
        wheel->node_free = wheel->nodes[node].link;
    } else {
        if (wheel->node_top == wheel->node_room)
            event_wheel_grow_nodes(wheel);
        node = wheel->node_top++;
    }
    return node;
}

#endif
