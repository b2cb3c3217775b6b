/* SPDX-License-Identifier: GPL-3.0-or-later
   Sorting: points are dealt into as many buckets as there are points, by their top bits, and
   put in order within them.  Hashes are even, so a bucket holds one point or so. */
#include "models/blocks/ring.h"

#include "sim/engine/check.h"

#include <string.h>

enum { RING_BITS_MAX = 24 };

void ring_init(struct ring *ring, unsigned width, struct arena *arena)
{
    CHECK(width == 32 || width == 64);
    *ring = (struct ring){.width = width, .arena = arena};
    ring_reserve(ring, 1);
}

/* Bits of the index for so many points. */
static unsigned ring_bits(uint64_t points)
{
    unsigned bits = 1;
    while (bits < RING_BITS_MAX && UINT64_C(1) << bits < points)
        bits++;
    return bits;
}

void ring_reserve(struct ring *ring, uint64_t points)
{
    if (points <= ring->room)
        return;
    if (points >= UINT32_MAX)
        check_out_of_memory(points > SIZE_MAX / 64 ? SIZE_MAX : (size_t)points * 64);
    uint64_t room = ring->room == 0 ? points : UINT64_C(2) * ring->room;
    room = room < points ? points : room;
    ring->room = room < UINT32_MAX ? (uint32_t)room : UINT32_MAX - 1;
    ring->points = arena_take(ring->arena, ring->room, sizeof *ring->points);
    ring->scratch = arena_take(ring->arena, ring->room, sizeof *ring->scratch);
    size_t buckets = (size_t)1 << ring_bits(ring->room);
    ring->index = arena_take(ring->arena, buckets + 1, sizeof *ring->index);
    ring->count = 0;
}

/* Insertion, which leaves equal hashes as they came. */
static void ring_sort_bucket(struct ring_point *points, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct ring_point point = points[i];
        uint32_t place = i;
        for (; place > 0 && points[place - 1].hash > point.hash; place--)
            points[place] = points[place - 1];
        points[place] = point;
    }
}

void ring_sort(struct ring *ring)
{
    unsigned bits = ring_bits(ring->count);
    size_t buckets = (size_t)1 << bits;
    uint32_t *index = ring->index;
    ring->shift = ring->width - bits;
    memset(index, 0, (buckets + 1) * sizeof *index);
    for (uint32_t i = 0; i < ring->count; i++)
        index[(ring->points[i].hash >> ring->shift) + 1]++;
    for (size_t i = 0; i < buckets; i++)
        index[i + 1] += index[i];
    for (uint32_t i = 0; i < ring->count; i++)
        ring->scratch[index[ring->points[i].hash >> ring->shift]++] = ring->points[i];
    memmove(index + 1, index, buckets * sizeof *index);
    index[0] = 0;
    for (size_t i = 0; i < buckets; i++)
        ring_sort_bucket(ring->scratch + index[i], index[i + 1] - index[i]);
    struct ring_point *sorted = ring->scratch;
    ring->scratch = ring->points;
    ring->points = sorted;
}

void ring_unique(struct ring *ring)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < ring->count; i++)
        if (kept == 0 || ring->points[i].hash != ring->points[kept - 1].hash)
            ring->points[kept++] = ring->points[i];
    if (kept == ring->count)
        return;
    ring->count = kept;
    ring_sort(ring);
}
