/* SPDX-License-Identifier: GPL-3.0-or-later
   Points as Cache::Memcached::Fast chains them: each is the CRC-32 of the server's string and
   the four bytes of the point before, least significant first. */
#ifndef MODELS_BLOCKS_CRC_RING_H
#define MODELS_BLOCKS_CRC_RING_H

#include "models/blocks/ring.h"

enum { CRC_RING_POINTS = 160 }; /* for each unit of weight */

/* Adds points, for which there must be room.  base: the unfinished CRC of the server. */
void crc_ring_add(struct ring *ring, uint32_t base, uint64_t points, backend_id owner);

#endif
