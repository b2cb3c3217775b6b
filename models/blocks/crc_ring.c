/* SPDX-License-Identifier: GPL-3.0-or-later
   The chain of points of nginx (ngx_http_upstream_hash_module.c) and lua-resty-balancer
   (chash.c). */
#include "models/blocks/crc_ring.h"

#include "sim/engine/hash.h"

void crc_ring_add(struct ring *ring, uint32_t base, uint64_t points, backend_id owner)
{
    uint32_t hash = 0;
    for (uint64_t i = 0; i < points; i++) {
        const uint8_t before[4] = {(uint8_t)hash, (uint8_t)(hash >> 8), (uint8_t)(hash >> 16),
                                   (uint8_t)(hash >> 24)};
        hash = ~hash_crc32_more(base, before, sizeof before);
        ring_add(ring, hash, owner);
    }
}
