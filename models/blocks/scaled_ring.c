/* SPDX-License-Identifier: GPL-3.0-or-later
   The ring of Envoy (ring_hash_lb.cc) and gRPC (balancer/ringhash/ring.go).  Running sums
   carry the fractions of a point from host to host; a host may get none. */
#include "models/blocks/scaled_ring.h"

#include "sim/engine/output.h"

#include <string.h>

enum { SCALED_RING_DIGITS = 20, SCALED_RING_KEY_MAX = 1024 };

static double scaled_ring_ceil(double value)
{
    double whole = (double)(uint64_t)value;
    return whole < value ? whole + 1 : whole;
}

static double scaled_ring_scale(const struct shares *shares, struct scaled_ring_size size)
{
    double scale = scaled_ring_ceil(shares->least * (double)size.minimum) / shares->least;
    return scale < (double)size.maximum ? scale : (double)size.maximum;
}

void scaled_ring_reserve(struct ring *ring, const struct shares *shares,
                         struct scaled_ring_size size)
{
    ring_reserve(ring, (uint64_t)scaled_ring_scale(shares, size) + 2);
}

void scaled_ring_fill(struct ring *ring, const struct shares *shares,
                      struct scaled_ring_size size, scaled_ring_hash *hash, uint64_t seed)
{
    double scale = scaled_ring_scale(shares, size), target = 0;
    char text[SCALED_RING_KEY_MAX + SCALED_RING_DIGITS + 1];
    ring_clear(ring);
    for (uint32_t i = 0; i < shares->count; i++) {
        const struct share *share = &shares->list[i];
        size_t length = strnlen(share->key, SCALED_RING_KEY_MAX);
        memcpy(text, share->key, length);
        text[length++] = '_';
        target += scale * share->weight;
        for (uint64_t point = 0; ring->count < target && ring->count < ring->room; point++) {
            char *end = text_unsigned(text + length, point);
            ring_add(ring, hash(text, (size_t)(end - text), seed), share->backend);
        }
    }
    ring_sort(ring);
}
