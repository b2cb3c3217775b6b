/* SPDX-License-Identifier: GPL-3.0-or-later
   The short hashes: xxHash by its library, MurmurHash 2 and 3 (A. Appleby), FNV-1a (RFC
   9923), CRC-32, and the three of HAProxy (src/hash.c). */
#include "sim/engine/hash.h"

#include <endian.h>
#include <string.h>
#include <xxhash.h>

uint64_t hash_xx64(const void *bytes, size_t size, uint64_t seed)
{
    return XXH64(bytes, size, seed);
}

uint32_t hash_xx32(const void *bytes, size_t size, uint32_t seed)
{
    return XXH32(bytes, size, seed);
}

static uint64_t hash_word_64(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

static uint32_t hash_word_32(const uint8_t *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return le32toh(word);
}

/* The last `size` bytes (0 to 8), as a word. */
static uint64_t hash_tail(const uint8_t *at, size_t size)
{
    uint64_t word = 0;
    for (size_t i = size; i-- > 0;)
        word = word << 8 | at[i];
    return word;
}

uint64_t hash_murmur2_64a(const void *bytes, size_t size, uint64_t seed)
{
    const uint64_t factor = UINT64_C(0xc6a4a7935bd1e995);
    const uint8_t *at = bytes;
    uint64_t hash = seed ^ (size * factor);
    size_t left = size;
    for (; left >= 8; left -= 8, at += 8) {
        uint64_t word = hash_word_64(at) * factor;
        word = (word ^ word >> 47) * factor;
        hash = (hash ^ word) * factor;
    }
    if (left > 0)
        hash = (hash ^ hash_tail(at, left)) * factor;
    hash = (hash ^ hash >> 47) * factor;
    return hash ^ hash >> 47;
}

static uint64_t hash_rotate_64(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static uint32_t hash_rotate_32(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static uint64_t hash_murmur3_finish_64(uint64_t word)
{
    word = (word ^ word >> 33) * UINT64_C(0xff51afd7ed558ccd);
    word = (word ^ word >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return word ^ word >> 33;
}

struct hash_halves hash_murmur3_128(const void *bytes, size_t size, uint32_t seed)
{
    const uint64_t one = UINT64_C(0x87c37b91114253d5), two = UINT64_C(0x4cf5ad432745937f);
    const uint8_t *at = bytes;
    uint64_t first = seed, second = seed;
    size_t left = size;
    for (; left >= 16; left -= 16, at += 16) {
        first ^= hash_rotate_64(hash_word_64(at) * one, 31) * two;
        first = (hash_rotate_64(first, 27) + second) * 5 + 0x52dce729;
        second ^= hash_rotate_64(hash_word_64(at + 8) * two, 33) * one;
        second = (hash_rotate_64(second, 31) + first) * 5 + 0x38495ab5;
    }
    if (left > 8)
        second ^= hash_rotate_64(hash_tail(at + 8, left - 8) * two, 33) * one;
    first ^= hash_rotate_64(hash_tail(at, left < 8 ? left : 8) * one, 31) * two;
    first ^= size;
    second ^= size;
    first += second;
    second += first;
    first = hash_murmur3_finish_64(first);
    second = hash_murmur3_finish_64(second);
    first += second;
    return (struct hash_halves){first, second + first};
}

uint32_t hash_murmur3_32(const void *bytes, size_t size, uint32_t seed)
{
    const uint32_t one = 0xcc9e2d51, two = 0x1b873593;
    const uint8_t *at = bytes;
    uint32_t hash = seed;
    size_t left = size;
    for (; left >= 4; left -= 4, at += 4) {
        hash ^= hash_rotate_32(hash_word_32(at) * one, 15) * two;
        hash = hash_rotate_32(hash, 13) * 5 + 0xe6546b64;
    }
    hash ^= hash_rotate_32((uint32_t)hash_tail(at, left) * one, 15) * two;
    hash ^= (uint32_t)size;
    hash = (hash ^ hash >> 16) * 0x85ebca6b;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35;
    return hash ^ hash >> 16;
}

uint32_t hash_fnv1a_32(const void *bytes, size_t size)
{
    uint32_t hash = 0x811c9dc5;
    for (const uint8_t *at = bytes, *end = at + size; at < end; at++)
        hash = (hash ^ *at) * 0x01000193;
    return hash;
}

uint64_t hash_fnv1a_64(const void *bytes, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const uint8_t *at = bytes, *end = at + size; at < end; at++)
        hash = (hash ^ *at) * UINT64_C(0x00000100000001b3);
    return hash;
}

/* Four bits at a time, by the reflected polynomial 0xedb88320. */
uint32_t hash_crc32_more(uint32_t state, const void *bytes, size_t size)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size; i++) {
        state ^= at[i];
        state = state >> 4 ^ table[state & 15];
        state = state >> 4 ^ table[state & 15];
    }
    return state;
}

uint32_t hash_sdbm(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint32_t hash = 0;
    for (size_t i = 0; i < size; i++)
        hash = at[i] + (hash << 6) + (hash << 16) - hash;
    return hash;
}

uint32_t hash_djb2(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint32_t hash = 5381;
    for (size_t i = 0; i < size; i++)
        hash = 33 * hash + at[i];
    return hash;
}

/* Two words that swap places, rotated by steps that they decide themselves. */
uint32_t hash_wt6(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint32_t left = 0xa53c965a, right = 0x5ca6953a;
    unsigned left_step = 6, right_step = 18;
    for (size_t i = 0; i < size; i++) {
        uint32_t turned = ~(right + at[i]), kept = ~(left ^ at[i]);
        left = turned << left_step | turned >> (-left_step & 31);
        right = kept << right_step | kept >> (-right_step & 31);
        uint32_t steps = (left >> 16 ^ right) & 0xffff;
        left_step = steps & 31;
        right_step = steps >> 11;
    }
    return left ^ right;
}
