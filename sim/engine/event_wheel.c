/* SPDX-License-Identifier: GPL-3.0-or-later
   Turning, handing out and resizing of the wheel. */
#include "sim/engine/event_wheel.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

enum {
    EVENT_WHEEL_BUCKETS_MIN = 64,   /* a whole word of the bitmap */
    EVENT_WHEEL_NODES_MIN = 64,
    EVENT_WHEEL_TUNE_PERIOD = 4096, /* events between two looks at the width */
    EVENT_WHEEL_SHIFT_MAX = 40
};

static unsigned event_wheel_shift(double gap)
{
    unsigned shift = 0;
    while (shift < EVENT_WHEEL_SHIFT_MAX && (double)(UINT64_C(2) << shift) <= 2 * gap)
        shift++;
    return shift;
}

static void event_wheel_allocate(struct event_wheel *wheel, size_t bucket_count)
{
    free(wheel->buckets);
    free(wheel->bitmap);
    wheel->bucket_count = bucket_count;
    wheel->buckets = memory_take(bucket_count, sizeof *wheel->buckets);
    memset(wheel->buckets, 0xff, bucket_count * sizeof *wheel->buckets);
    wheel->bitmap = memory_zeroed(bucket_count / 64, sizeof *wheel->bitmap);
}

void event_wheel_open(struct event_wheel *wheel, sim_time gap)
{
    *wheel = (struct event_wheel){.node_free = EVENT_NIL, .overflow = EVENT_NIL};
    event_wheel_grow_nodes(wheel);
    wheel->shift = event_wheel_shift((double)gap);
    event_wheel_allocate(wheel, EVENT_WHEEL_BUCKETS_MIN);
    wheel->limit = EVENT_WHEEL_BUCKETS_MIN;
}

void event_wheel_close(struct event_wheel *wheel)
{
    free(wheel->nodes);
    free(wheel->buckets);
    free(wheel->bitmap);
}

void event_wheel_grow_nodes(struct event_wheel *wheel)
{
    CHECK(wheel->node_room < EVENT_NIL / 2);
    wheel->node_room = wheel->node_room > 0 ? 2 * wheel->node_room : EVENT_WHEEL_NODES_MIN;
    wheel->nodes = memory_grow(wheel->nodes, wheel->node_room, sizeof *wheel->nodes);
}

static uint64_t event_wheel_first_beyond(const struct event_wheel *wheel)
{
    sim_time first = SIM_NEVER;
    for (uint32_t node = wheel->overflow; node != EVENT_NIL; node = wheel->nodes[node].link)
        if (wheel->nodes[node].at < first)
            first = wheel->nodes[node].at;
    return (uint64_t)first >> wheel->shift;
}

/* Starts the turn in which the first node of the overflow list is; no bucket holds any. */
static void event_wheel_turn(struct event_wheel *wheel)
{
    uint64_t turn_mask = wheel->bucket_count - 1;
    wheel->next = event_wheel_first_beyond(wheel);
    wheel->limit = (wheel->next & ~turn_mask) + wheel->bucket_count;
    uint32_t node = wheel->overflow;
    wheel->overflow = EVENT_NIL;
    wheel->in_overflow = 0;
    while (node != EVENT_NIL) {
        uint32_t following = wheel->nodes[node].link;
        event_wheel_file(wheel, node);
        node = following;
    }
}

/* Refiles everything under another width and size. */
static void event_wheel_resize(struct event_wheel *wheel, unsigned shift, size_t bucket_count)
{
    uint32_t all = wheel->overflow;
    for (size_t slot = 0; slot < wheel->bucket_count; slot++) {
        uint32_t node = wheel->buckets[slot];
        while (node != EVENT_NIL) {
            uint32_t following = wheel->nodes[node].link;
            wheel->nodes[node].link = all;
            all = node;
            node = following;
        }
    }
    event_wheel_allocate(wheel, bucket_count);
    wheel->overflow = all;
    wheel->in_buckets = 0;
    wheel->shift = shift;
    event_wheel_turn(wheel);
}

/* Looks at the rate seen since the last look; resizes only where it pays. */
static void event_wheel_tune(struct event_wheel *wheel, sim_time now)
{
    double gap = (double)(now - wheel->tuned_at) / (double)wheel->handed_out;
    unsigned shift = event_wheel_shift(gap);
    size_t wanted = EVENT_WHEEL_BUCKETS_MIN;
    while (wanted < 4 * event_wheel_count(wheel))
        wanted *= 2;
    wheel->handed_out = 0;
    wheel->tuned_at = now;
    bool width_off = shift + 1 < wheel->shift || shift > wheel->shift + 1;
    bool size_off = wanted > 2 * wheel->bucket_count || 8 * wanted < wheel->bucket_count;
    if (width_off || size_off)
        event_wheel_resize(wheel, shift, wanted);
}

/* The first slot from `next` on that holds any; there must be one. */
static size_t event_wheel_next_slot(const struct event_wheel *wheel)
{
    size_t from = wheel->next & (wheel->bucket_count - 1);
    size_t word = from / 64;
    uint64_t bits = wheel->bitmap[word] & (~UINT64_C(0) << (from % 64));
    while (bits == 0)
        bits = wheel->bitmap[++word];
    return word * 64 + (size_t)__builtin_ctzll(bits);
}

static void event_wheel_prefetch(const struct event_wheel *wheel, size_t word)
{
    uint64_t bits = wheel->bitmap[word];
    if (bits != 0) {
        size_t slot = word * 64 + (size_t)__builtin_ctzll(bits);
        __builtin_prefetch(&wheel->nodes[wheel->buckets[slot]]);
    }
}

void event_wheel_hand_out(struct event_wheel *wheel, struct event_heap *heap, sim_time now)
{
    bool due = wheel->handed_out >= EVENT_WHEEL_TUNE_PERIOD;
    if (due && wheel->handed_out >= wheel->in_buckets)
        event_wheel_tune(wheel, now);
    if (wheel->in_buckets == 0)
        event_wheel_turn(wheel);
    size_t slot = event_wheel_next_slot(wheel);
    wheel->next = wheel->limit - wheel->bucket_count + slot + 1;
    wheel->bitmap[slot / 64] &= ~(UINT64_C(1) << (slot % 64));
    uint32_t node = wheel->buckets[slot], count = 0;
    wheel->buckets[slot] = EVENT_NIL;
    do {
        struct event *event = &wheel->nodes[node];
        uint32_t following = event->link;
        event_heap_push(heap, event);
        event->link = wheel->node_free;
        wheel->node_free = node;
        node = following;
        count++;
    } while (node != EVENT_NIL);
    wheel->in_buckets -= count;
    wheel->handed_out += count;
    event_wheel_prefetch(wheel, slot / 64);
}
