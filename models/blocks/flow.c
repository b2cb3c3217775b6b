/* SPDX-License-Identifier: GPL-3.0-or-later
   Flows from keys, and the last mix of Jenkins' lookup3 over up to three words. */
#include "models/blocks/flow.h"

#include "sim/engine/hash.h"

enum { FLOW_DIGITS = 20 };

bool flow_of(const struct request *request, uint16_t port, struct flow *flow)
{
    uint32_t address;
    uint16_t source_port;
    if (request->key_text == NULL ||
        !policy_address(request->key_text, &address, &source_port))
        return false;
    *flow = (struct flow){
        .source = __builtin_bswap32(address),
        .source_port = __builtin_bswap16(source_port),
        .port = __builtin_bswap16(port),
    };
    return true;
}

static uint32_t flow_rotate(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static uint32_t flow_mix(uint32_t a, uint32_t b, uint32_t c, uint32_t seed)
{
    a += seed;
    b += seed;
    c += seed;
    c = (c ^ b) - flow_rotate(b, 14);
    a = (a ^ c) - flow_rotate(c, 11);
    b = (b ^ a) - flow_rotate(a, 25);
    c = (c ^ b) - flow_rotate(b, 16);
    a = (a ^ c) - flow_rotate(c, 4);
    b = (b ^ a) - flow_rotate(a, 14);
    return (c ^ b) - flow_rotate(b, 24);
}

uint32_t flow_jhash_2(uint32_t first, uint32_t second, uint32_t seed)
{
    return flow_mix(first, second, 0, seed + 0xdeadbeef + (2 << 2));
}

uint32_t flow_jhash_3(uint32_t first, uint32_t second, uint32_t third, uint32_t seed)
{
    return flow_mix(first, second, third, seed + 0xdeadbeef + (3 << 2));
}

uint64_t flow_key_hash(const struct request *request)
{
    char digits[FLOW_DIGITS];
    size_t size;
    if (request->has_hash)
        return request->hash;
    const char *key = policy_key(request, digits, &size);
    return hash_xx64(key, size, 0);
}

backend_id flow_slot(const struct maglev *maglev, const struct view *view, uint64_t hash)
{
    uint32_t slot = (uint32_t)(hash % maglev->size);
    for (uint32_t i = 0; i < maglev->size; i++) {
        backend_id owner = maglev->table[slot];
        if (owner != NO_BACKEND && view->is_eligible[owner])
            return owner;
        slot = slot + 1 < maglev->size ? slot + 1 : 0;
    }
    for (uint32_t i = 0; i < view->eligible_count; i++)
        if (view->backends[view_eligible(view, i)].weight > 0)
            return view_eligible(view, i);
    return NO_BACKEND;
}
