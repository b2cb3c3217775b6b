/* SPDX-License-Identifier: GPL-3.0-or-later
   The flow that a balancer of layer 4 sees: where a connection comes from and goes to.  A key
   in dotted form, "a.b.c.d:port", is the client's end of it.  Also the jhash of Linux that
   such balancers hash it with: B. Jenkins, lookup3.c, 2006. */
#ifndef MODELS_BLOCKS_FLOW_H
#define MODELS_BLOCKS_FLOW_H

#include "models/blocks/maglev.h"

/* Address and ports in network order, as words read from a packet by a little-endian
   machine. */
struct flow {
    uint32_t source;
    uint16_t source_port, port;
};

/* False where the key is no address. */
bool flow_of(const struct request *request, uint16_t port, struct flow *flow);

/* The kernel's jhash_2words (third 0) and jhash_3words. */
uint32_t flow_jhash_2(uint32_t first, uint32_t second, uint32_t seed);
uint32_t flow_jhash_3(uint32_t first, uint32_t second, uint32_t third, uint32_t seed);

/* xxh64 of the key's bytes, or the hash given in its place: for balancers without a hash of
   keys of their own. */
uint64_t flow_key_hash(const struct request *request);

/* The owner of the hash's slot, or of the next whose owner may be picked; where none of those
   in the table may be, any pod with a weight, else NO_BACKEND. */
backend_id flow_slot(const struct maglev *maglev, const struct view *view, uint64_t hash);

#endif
