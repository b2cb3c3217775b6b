/* SPDX-License-Identifier: GPL-3.0-or-later
   Hash functions that load balancers place keys and pods with, bit for bit as their authors
   define them: all but the chained ones are plain functions of the bytes.  Words are read
   least significant byte first on every machine. */
#ifndef SIM_ENGINE_HASH_H
#define SIM_ENGINE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_xx64(const void *bytes, size_t size, uint64_t seed);
uint32_t hash_xx32(const void *bytes, size_t size, uint32_t seed);

/* MurmurHash64A; std::hash of libstdc++ where the seed is 0xc70f6907. */
uint64_t hash_murmur2_64a(const void *bytes, size_t size, uint64_t seed);

/* MurmurHash3_x64_128: the two halves in the order of the reference, `first` being bytes 0
   to 7 of the result. */
struct hash_halves {
    uint64_t first, second;
};
struct hash_halves hash_murmur3_128(const void *bytes, size_t size, uint32_t seed);
uint32_t hash_murmur3_32(const void *bytes, size_t size, uint32_t seed); /* x86_32 */

uint32_t hash_fnv1a_32(const void *bytes, size_t size);
uint64_t hash_fnv1a_64(const void *bytes, size_t size);

/* CRC-32 as in IEEE 802.3, zlib and nginx.  A state begins as HASH_CRC32_BEGIN, takes bytes
   piece by piece, and is complemented at the end. */
#define HASH_CRC32_BEGIN UINT32_MAX
uint32_t hash_crc32_more(uint32_t state, const void *bytes, size_t size);
static inline uint32_t hash_crc32(const void *bytes, size_t size)
{
    return ~hash_crc32_more(HASH_CRC32_BEGIN, bytes, size);
}

enum { HASH_MD5_SIZE = 16 };
void hash_md5(const void *bytes, size_t size, uint8_t digest[HASH_MD5_SIZE]);

/* SipHash with 1 + 3 and 2 + 4 rounds.  The kernel's hsiphash on 64-bit machines is the low
   32 bits of 1 + 3. */
uint64_t hash_sip13(const void *bytes, size_t size, uint64_t key0, uint64_t key1);
uint64_t hash_sip24(const void *bytes, size_t size, uint64_t key0, uint64_t key1);

/* As HAProxy's functions of these names. */
uint32_t hash_sdbm(const void *bytes, size_t size);
uint32_t hash_djb2(const void *bytes, size_t size);
uint32_t hash_wt6(const void *bytes, size_t size);

/* Jenkins' mix of one integer in six shifts, times 3221225473: HAProxy's full_hash. */
static inline uint32_t hash_full(uint32_t word)
{
    word = (word + 0x7ed55d16) + (word << 12);
    word = (word ^ 0xc761c23c) ^ (word >> 19);
    word = (word + 0x165667b1) + (word << 5);
    word = (word + 0xd3a2646c) ^ (word << 9);
    word = (word + 0xfd7046c5) + (word << 3);
    word = (word ^ 0xb55a4f09) ^ (word >> 16);
    return word * UINT32_C(3221225473);
}

/* The kernel's hash_32: the top `bits` bits (1 to 32) of the word times 2^32 divided by the
   square of the golden ratio. */
static inline uint32_t hash_kernel_32(uint32_t word, unsigned bits)
{
    return (word * UINT32_C(0x61c88647)) >> (32 - bits);
}

#endif
