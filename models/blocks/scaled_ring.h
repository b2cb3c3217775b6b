/* SPDX-License-Identifier: GPL-3.0-or-later
   The ring of Envoy and gRPC: as many points for each host as its share of a size that gives
   the lightest host a whole number of them.  The number of points of a host depends on the
   other hosts, so keys move between hosts that stay when one leaves. */
#ifndef MODELS_BLOCKS_SCALED_RING_H
#define MODELS_BLOCKS_SCALED_RING_H

#include "models/blocks/ring.h"
#include "models/blocks/shares.h"

struct scaled_ring_size {
    uint64_t minimum, maximum; /* 1 <= minimum <= maximum */
};

enum { SCALED_RING_MAX = 8 << 20 };

/* The hash of KEY_i for point i of a host. */
typedef uint64_t scaled_ring_hash(const void *bytes, size_t size, uint64_t seed);

/* Room for the points; allocates, so not to be called from pick. */
void scaled_ring_reserve(struct ring *ring, const struct shares *shares,
                         struct scaled_ring_size size);
void scaled_ring_fill(struct ring *ring, const struct shares *shares,
                      struct scaled_ring_size size, scaled_ring_hash *hash, uint64_t seed);

#endif
