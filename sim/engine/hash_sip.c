/* SPDX-License-Identifier: GPL-3.0-or-later
   SipHash, J.-P. Aumasson and D. J. Bernstein 2012. */
#include "sim/engine/hash.h"

struct hash_sip {
    uint64_t v0, v1, v2, v3;
};

static uint64_t hash_sip_rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void hash_sip_mix(struct hash_sip *sip, int rounds)
{
    while (rounds-- > 0) {
        sip->v0 += sip->v1;
        sip->v2 += sip->v3;
        sip->v1 = hash_sip_rotate(sip->v1, 13) ^ sip->v0;
        sip->v3 = hash_sip_rotate(sip->v3, 16) ^ sip->v2;
        sip->v0 = hash_sip_rotate(sip->v0, 32) + sip->v3;
        sip->v2 += sip->v1;
        sip->v1 = hash_sip_rotate(sip->v1, 17) ^ sip->v2;
        sip->v3 = hash_sip_rotate(sip->v3, 21) ^ sip->v0;
        sip->v2 = hash_sip_rotate(sip->v2, 32);
    }
}

static void hash_sip_take(struct hash_sip *sip, uint64_t word, int rounds)
{
    sip->v3 ^= word;
    hash_sip_mix(sip, rounds);
    sip->v0 ^= word;
}

/* Up to eight bytes, least significant first. */
static uint64_t hash_sip_word(const uint8_t *at, size_t size)
{
    uint64_t word = 0;
    for (size_t i = size; i-- > 0;)
        word = word << 8 | at[i];
    return word;
}

static uint64_t hash_sip_of(const void *bytes, size_t size, struct hash_sip sip, int rounds,
                            int last_rounds)
{
    const uint8_t *at = bytes;
    size_t left = size;
    for (; left >= 8; left -= 8, at += 8)
        hash_sip_take(&sip, hash_sip_word(at, 8), rounds);
    hash_sip_take(&sip, (uint64_t)size << 56 | hash_sip_word(at, left), rounds);
    sip.v2 ^= 0xff;
    hash_sip_mix(&sip, last_rounds);
    return sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
}

static struct hash_sip hash_sip_begin(uint64_t key0, uint64_t key1)
{
    return (struct hash_sip){
        .v0 = key0 ^ UINT64_C(0x736f6d6570736575),
        .v1 = key1 ^ UINT64_C(0x646f72616e646f6d),
        .v2 = key0 ^ UINT64_C(0x6c7967656e657261),
        .v3 = key1 ^ UINT64_C(0x7465646279746573),
    };
}

uint64_t hash_sip13(const void *bytes, size_t size, uint64_t key0, uint64_t key1)
{
    return hash_sip_of(bytes, size, hash_sip_begin(key0, key1), 1, 3);
}

uint64_t hash_sip24(const void *bytes, size_t size, uint64_t key0, uint64_t key1)
{
    return hash_sip_of(bytes, size, hash_sip_begin(key0, key1), 2, 4);
}
