/* SPDX-License-Identifier: GPL-3.0-or-later
   A hash ring: points on a circle of 32 or 64 bits, each owned by a backend.  A key belongs
   to the first point not before its hash.  An index by the top bits leads next to it, so a
   lookup costs the same for 1000 points as for 8 million. */
#ifndef MODELS_BLOCKS_RING_H
#define MODELS_BLOCKS_RING_H

#include "models/policy.h"

struct ring_point {
    uint64_t hash;
    backend_id owner;
};

struct ring {
    struct ring_point *points; /* in order of hash after ring_sort; equal ones as added */
    uint32_t count;
    uint32_t room;
    struct ring_point *scratch;
    uint32_t *index; /* by the top bits: the first point not before them */
    unsigned width, shift;
    struct arena *arena;
};

/* width: bits of the hashes, 32 or 64. */
void ring_init(struct ring *ring, unsigned width, struct arena *arena);
/* Room for so many points; allocates, so not to be called from pick. */
void ring_reserve(struct ring *ring, uint64_t points);

static inline void ring_clear(struct ring *ring)
{
    ring->count = 0;
}

/* Adds a point within the room reserved; the ring is not in order until ring_sort. */
static inline void ring_add(struct ring *ring, uint64_t hash, backend_id owner)
{
    ring->points[ring->count++] = (struct ring_point){hash, owner};
}

void ring_sort(struct ring *ring);
/* Of points with the same hash, only the first stays; the ring is in order before and
   after. */
void ring_unique(struct ring *ring);

/* The place of the first point with a hash not below `hash`, wrapping round to 0; the ring
   must be sorted and not empty. */
static inline uint32_t ring_find(const struct ring *ring, uint64_t hash)
{
    uint32_t place = ring->index[hash >> ring->shift];
    while (place < ring->count && ring->points[place].hash < hash)
        place++;
    return place < ring->count ? place : 0;
}

static inline uint32_t ring_next(const struct ring *ring, uint32_t place)
{
    return place + 1 < ring->count ? place + 1 : 0;
}

static inline uint32_t ring_previous(const struct ring *ring, uint32_t place)
{
    return place > 0 ? place - 1 : ring->count - 1;
}

static inline backend_id ring_owner(const struct ring *ring, uint32_t place)
{
    return ring->points[place].owner;
}

#endif
