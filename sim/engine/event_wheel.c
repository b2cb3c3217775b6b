/* SPDX-License-Identifier: GPL-3.0-or-later
   Turning, handing out and resizing of the wheel. */
#include "sim/engine/event_wheel.h"

#include "sim/engine/check.h"
#include "sim/engine/range.h"

#include <stdlib.h>
#include <string.h>

enum {
    EVENT_WHEEL_BUCKETS_MIN = 64,   /* a whole word of the bitmap */
    EVENT_WHEEL_NODES_MIN = 64,
    EVENT_WHEEL_TUNE_PERIOD = 4096, /* events between two looks at the width */
    EVENT_WHEEL_SHIFT_MAX = 40,
    EVENT_WHEEL_FINE = 4,           /* times narrower while few events wait */
    EVENT_WHEEL_FINE_MAX = 1 << 14, /* so many are few; twice as many are not any more */
    EVENT_WHEEL_FEW = 4             /* events of a bucket that are sorted as a list */
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
    wheel->ahead[0] = SIZE_MAX;
    wheel->buckets = memory_take(bucket_count, sizeof *wheel->buckets);
    memset(wheel->buckets, 0xff, bucket_count * sizeof *wheel->buckets);
    wheel->bitmap = memory_zeroed(bucket_count / 64, sizeof *wheel->bitmap);
}

void event_wheel_open(struct event_wheel *wheel, sim_time gap)
{
    *wheel = (struct event_wheel){
        .node_free = EVENT_NIL, .overflow = EVENT_NIL, .unfiled = EVENT_NIL};
    event_wheel_grow_nodes(wheel);
    wheel->fine = EVENT_WHEEL_FINE;
    wheel->shift = event_wheel_shift((double)gap / EVENT_WHEEL_FINE);
    event_wheel_allocate(wheel, EVENT_WHEEL_BUCKETS_MIN);
    wheel->limit = EVENT_WHEEL_BUCKETS_MIN;
    wheel->overflow_first = SIM_NEVER;
}

void event_wheel_close(struct event_wheel *wheel)
{
    range_free(wheel->nodes, wheel->node_room * sizeof *wheel->nodes);
    free(wheel->buckets);
    free(wheel->bitmap);
}

void event_wheel_grow_nodes(struct event_wheel *wheel)
{
    CHECK(wheel->node_room < EVENT_NIL / 2);
    uint32_t room = wheel->node_room > 0 ? 2 * wheel->node_room : EVENT_WHEEL_NODES_MIN;
    wheel->nodes = range_grow(wheel->nodes, wheel->node_room * sizeof *wheel->nodes,
                              room * sizeof *wheel->nodes);
    wheel->node_room = room;
}

/* Files what is not filed yet. */
static __attribute__((noinline)) void event_wheel_settle(struct event_wheel *wheel)
{
    uint32_t node = wheel->unfiled;
    event_wheel_file(wheel, node, event_wheel_bucket(wheel, wheel->nodes[node].at));
    wheel->unfiled = EVENT_NIL;
}

void event_wheel_file_soon(struct event_wheel *wheel, uint32_t node, uint64_t bucket)
{
    if (wheel->unfiled != EVENT_NIL)
        event_wheel_settle(wheel);
    __builtin_prefetch(&wheel->buckets[bucket & (wheel->bucket_count - 1)], 1);
    wheel->unfiled = node;
}

/* Turns the wheel so that its buckets begin with `first`, before which there is no event. */
static void event_wheel_turn(struct event_wheel *wheel, uint64_t first)
{
    wheel->next = first;
    wheel->limit = first + wheel->bucket_count;
    uint32_t node = wheel->overflow;
    wheel->overflow = EVENT_NIL;
    wheel->overflow_first = SIM_NEVER;
    wheel->in_overflow = 0;
    while (node != EVENT_NIL) {
        uint32_t following = wheel->nodes[node].link;
        event_wheel_file(wheel, node, event_wheel_bucket(wheel, wheel->nodes[node].at));
        node = following;
    }
}

/* Refiles everything, which is no earlier than `from`, under another width and size. */
static void event_wheel_resize(struct event_wheel *wheel, unsigned shift, size_t bucket_count,
                               sim_time from)
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
    event_wheel_turn(wheel, event_wheel_bucket(wheel, from));
}

/* The number of buckets that suits what waits. */
static size_t event_wheel_size(const struct event_wheel *wheel)
{
    size_t size = EVENT_WHEEL_BUCKETS_MIN;
    while (size < 4 * wheel->fine * event_wheel_count(wheel))
        size *= 2;
    return size;
}

/* Looks at the rate seen since the last look; resizes only where it pays. */
static void event_wheel_tune(struct event_wheel *wheel, sim_time now)
{
    double gap = (double)(now - wheel->tuned_at) / (double)wheel->handed_out;
    size_t count = event_wheel_count(wheel);
    size_t few = wheel->fine > 1 ? 2 * EVENT_WHEEL_FINE_MAX : EVENT_WHEEL_FINE_MAX;
    wheel->fine = count < few ? EVENT_WHEEL_FINE : 1;
    unsigned shift = event_wheel_shift(gap / wheel->fine);
    size_t wanted = event_wheel_size(wheel);
    wheel->handed_out = 0;
    wheel->tuned_at = now;
    bool width_off = shift + 1 < wheel->shift || shift > wheel->shift + 1;
    bool size_off = wanted > 2 * wheel->bucket_count || 8 * wanted < wheel->bucket_count;
    if (width_off || size_off)
        event_wheel_resize(wheel, shift, wanted, now);
}

/* Turns to a bucket; a wheel with most events beyond it grows first, and does not look through
   them at each turn. */
static void event_wheel_turn_on(struct event_wheel *wheel, uint64_t first)
{
    if (wheel->in_overflow > wheel->bucket_count)
        event_wheel_resize(wheel, wheel->shift, event_wheel_size(wheel),
                           (sim_time)(first << wheel->shift));
    else
        event_wheel_turn(wheel, first);
}

/* The first slot after `slot` that holds any, in the same or the next word; else SIZE_MAX. */
static size_t event_wheel_slot_after(const struct event_wheel *wheel, size_t slot)
{
    size_t last = wheel->bucket_count / 64 - 1, word = ((slot + 1) / 64) & last;
    uint64_t bits = wheel->bitmap[word] & (~UINT64_C(0) << ((slot + 1) % 64));
    if (bits == 0) {
        word = (word + 1) & last;
        bits = wheel->bitmap[word];
    }
    return bits != 0 ? word * 64 + (size_t)__builtin_ctzll(bits) : SIZE_MAX;
}

/* Always inline, as all that only fetch: gcc drops the calls of a function without effects. */
static inline __attribute__((always_inline)) void event_wheel_fetch_record(
    const void *records, size_t size, uint32_t index)
{
    const char *record = (const char *)records + size * index;
    __builtin_prefetch(record, 1);
    if (size > 64)
        __builtin_prefetch(record + 64, 1);
}

/* What is touched with a detail's record, which was asked for a bucket ago. */
static inline __attribute__((always_inline)) void event_wheel_fetch_follower(
    const struct event_records *records, uint32_t detail)
{
    const char *record = (const char *)records->details + records->detail_size * detail;
    uint32_t follower = *(const uint32_t *)(const void *)(record + records->follower_offset);
    if (follower != EVENT_NIL)
        event_wheel_fetch_record(*records->subjects, records->subject_size, follower);
    if (records->counts != NULL)
        __builtin_prefetch(&records->counts[detail], 1);
}

/* The records of the next event.  Those of few details are in the cache. */
static inline __attribute__((always_inline)) void event_wheel_fetch_next(
    const struct event_wheel *wheel, uint32_t node)
{
    const struct event_records *records = &wheel->records;
    const struct event *event = &wheel->nodes[node];
    event_wheel_fetch_record(*records->subjects, records->subject_size, event->subject);
    if (wheel->node_top >= EVENT_WHEEL_DETAIL_MIN)
        event_wheel_fetch_record(records->details, records->detail_size, event->detail);
}

/* The slots that come after `slot`, which has been handed out.  As a rule it was the first of
   those found last time, and one is to be found; a bucket filled since among the others goes
   without.  False: there are too few. */
static inline bool event_wheel_look_ahead(struct event_wheel *wheel, size_t slot)
{
    size_t *ahead = wheel->ahead;
    int known = 0;
    if (ahead[0] == slot)
        for (; known < EVENT_WHEEL_AHEAD - 1; known++)
            ahead[known] = ahead[known + 1];
    for (; known < EVENT_WHEEL_AHEAD; known++) {
        ahead[known] = event_wheel_slot_after(wheel, known > 0 ? ahead[known - 1] : slot);
        if (ahead[known] == SIZE_MAX) {
            ahead[0] = SIZE_MAX;
            return false;
        }
    }
    return true;
}

/* For the next buckets in turn: what is touched with their events' details; the records of
   their events; their second node, their first node. */
static inline __attribute__((always_inline)) void event_wheel_fetch(
    const struct event_wheel *wheel)
{
    const struct event_records *records = &wheel->records;
    const struct event *nodes = wheel->nodes;
    const uint32_t *buckets = wheel->buckets;
    const size_t *ahead = wheel->ahead;
    for (uint32_t n = buckets[ahead[0]]; n != EVENT_NIL; n = nodes[n].link)
        if (nodes[n].detail < records->detail_count)
            event_wheel_fetch_follower(records, nodes[n].detail);
    for (uint32_t n = buckets[ahead[1]]; n != EVENT_NIL; n = nodes[n].link) {
        event_wheel_fetch_record(*records->subjects, records->subject_size, nodes[n].subject);
        event_wheel_fetch_record(records->details, records->detail_size, nodes[n].detail);
    }
    if (buckets[ahead[2]] != EVENT_NIL)
        __builtin_prefetch(&nodes[nodes[buckets[ahead[2]]].link]);
    __builtin_prefetch(&nodes[buckets[ahead[3]]]);
}

/* The first slot from `next` on that holds any; there must be one. */
static size_t event_wheel_next_slot(const struct event_wheel *wheel)
{
    size_t from = wheel->next & (wheel->bucket_count - 1);
    size_t last = wheel->bucket_count / 64 - 1, word = from / 64;
    uint64_t bits = wheel->bitmap[word] & (~UINT64_C(0) << (from % 64));
    while (bits == 0) {
        word = (word + 1) & last;
        bits = wheel->bitmap[word];
    }
    return word * 64 + (size_t)__builtin_ctzll(bits);
}

/* The nodes of a bucket, linked in order if they are few; else EVENT_NIL, and the heap has
   their events. */
static __attribute__((noinline)) uint32_t event_wheel_sort(struct event_wheel *wheel,
                                                           uint32_t node,
                                                           struct event_heap *heap, bool few)
{
    struct event *nodes = wheel->nodes;
    uint32_t first = EVENT_NIL;
    while (node != EVENT_NIL) {
        uint32_t following = nodes[node].link, *place = &first;
        if (!few) {
            event_heap_push(heap, &nodes[node]);
            event_wheel_free_node(wheel, node);
        } else {
            while (*place != EVENT_NIL && event_first(&nodes[*place], &nodes[node]))
                place = &nodes[*place].link;
            nodes[node].link = *place;
            *place = node;
        }
        wheel->in_buckets--;
        wheel->handed_out++;
        node = following;
    }
    return first;
}

/* Two nodes linked in order; which comes first is as good as random, so without a branch. */
static inline uint32_t event_wheel_pair(struct event *nodes, uint32_t a, uint32_t b)
{
    uint32_t first = event_first(&nodes[a], &nodes[b]) ? a : b, second = a ^ b ^ first;
    nodes[first].link = second;
    nodes[second].link = EVENT_NIL;
    return first;
}

static bool event_wheel_are_few(const struct event_wheel *wheel, uint32_t node)
{
    for (int i = 0; i < EVENT_WHEEL_FEW && node != EVENT_NIL; i++)
        node = wheel->nodes[node].link;
    return node == EVENT_NIL;
}

uint32_t event_wheel_advance(struct event_wheel *wheel, struct event_heap *heap, sim_time now,
                             sim_time until)
{
    if (wheel->unfiled != EVENT_NIL)
        event_wheel_settle(wheel);
    bool due = wheel->handed_out >= EVENT_WHEEL_TUNE_PERIOD;
    if (due && wheel->handed_out >= wheel->in_buckets)
        event_wheel_tune(wheel, now);
    if (wheel->in_buckets == 0) {
        if (wheel->in_overflow == 0 || wheel->overflow_first > until)
            return EVENT_NIL;
        event_wheel_turn_on(wheel, event_wheel_bucket(wheel, wheel->overflow_first));
    } else if (wheel->limit - wheel->next < wheel->bucket_count / 2) {
        event_wheel_turn_on(wheel, wheel->next);
    }
    size_t slot = event_wheel_next_slot(wheel);
    uint64_t bucket = wheel->next + ((slot - wheel->next) & (wheel->bucket_count - 1));
    uint32_t list = wheel->buckets[slot];
    uint32_t second = wheel->nodes[list].link;
    bool alone = second == EVENT_NIL, two = !alone && wheel->nodes[second].link == EVENT_NIL;
    bool few = alone || two || event_wheel_are_few(wheel, list);
    if (!few && bucket << wheel->shift > (uint64_t)until)
        return EVENT_NIL;
    wheel->next = bucket + 1;
    wheel->bitmap[slot / 64] &= ~(UINT64_C(1) << (slot % 64));
    wheel->buckets[slot] = EVENT_NIL;
    if (alone || two) {
        wheel->in_buckets -= 1u + two;
        wheel->handed_out += 1u + two;
        if (two)
            list = event_wheel_pair(wheel->nodes, list, second);
    } else {
        list = event_wheel_sort(wheel, list, heap, few);
    }
    if (wheel->records.subjects == NULL)
        return list;
    if (wheel->node_top >= EVENT_WHEEL_FETCH_MIN) {
        if (event_wheel_look_ahead(wheel, slot))
            event_wheel_fetch(wheel);
    } else if (few) {
        event_wheel_fetch_next(wheel, list);
    }
    return list;
}

void event_wheel_put_back(struct event_wheel *wheel, uint32_t list, sim_time now)
{
    uint64_t first = wheel->limit - wheel->bucket_count;
    uint64_t current = event_wheel_bucket(wheel, now);
    wheel->next = current > first ? current : first;
    while (list != EVENT_NIL) {
        uint32_t following = wheel->nodes[list].link;
        wheel->handed_out--;
        event_wheel_file(wheel, list, event_wheel_bucket(wheel, wheel->nodes[list].at));
        list = following;
    }
}
