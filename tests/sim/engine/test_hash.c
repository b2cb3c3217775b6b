/* SPDX-License-Identifier: GPL-3.0-or-later
   Hash functions against published values: the authors' own, RFCs, and the unit tests of the
   products that use them. */
#include "sim/engine/hash.h"
#include "tests/test.h"

#include <string.h>

#define OF(text) (text), strlen(text)
#define FOX "The quick brown fox jumps over the lazy dog"

static void assert_hash(uint64_t found, uint64_t expected)
{
    if (found != expected)
        fail_msg("found 0x%llx, expected 0x%llx", (unsigned long long)found,
                 (unsigned long long)expected);
}

/* Envoy test/common/common/hash_test.cc; the rest are xxHash's own. */
static void test_xx(void **state)
{
    (void)state;
    assert_hash(hash_xx64(OF("foo"), 0), UINT64_C(3728699739546630719));
    assert_hash(hash_xx64(OF("foo\nbar"), 0), UINT64_C(8917841378505826757));
    assert_hash(hash_xx64(OF(""), 0), UINT64_C(0xef46db3751d8e999));
    assert_hash(hash_xx32(OF(""), 0), 0x02cc5d05);
    assert_hash(hash_xx32(OF("abc"), 0), 0x32d153ff);
}

/* Envoy test/common/common/hash_test.cc. */
static void test_murmur2(void **state)
{
    (void)state;
    const uint64_t seed = 0xc70f6907;
    assert_hash(hash_murmur2_64a(OF("foo"), seed), UINT64_C(9631199822919835226));
    assert_hash(hash_murmur2_64a(OF("bar"), seed), UINT64_C(11474628671133349555));
    assert_hash(hash_murmur2_64a(OF("foo\nbar"), seed), UINT64_C(16306510975912980159));
    assert_hash(hash_murmur2_64a(OF("lyft"), seed), UINT64_C(12847078931730529320));
    assert_hash(hash_murmur2_64a(OF(""), seed), UINT64_C(6142509188972423790));
}

/* The check of Appleby's SMHasher: keys {0, 1, … i - 1} of all lengths below 256, seeded with
   256 - i, hashed together; the first four bytes of that are published for each function. */
static void test_murmur3(void **state)
{
    (void)state;
    uint8_t key[256], wide[256 * 16], narrow[256 * 4];
    for (uint32_t i = 0; i < 256; i++) {
        key[i] = (uint8_t)i;
        struct hash_halves both = hash_murmur3_128(key, i, 256 - i);
        uint32_t word = hash_murmur3_32(key, i, 256 - i);
        for (uint32_t k = 0; k < 8; k++) {
            wide[16 * i + k] = (uint8_t)(both.first >> 8 * k);
            wide[16 * i + 8 + k] = (uint8_t)(both.second >> 8 * k);
        }
        for (uint32_t k = 0; k < 4; k++)
            narrow[4 * i + k] = (uint8_t)(word >> 8 * k);
    }
    assert_hash((uint32_t)hash_murmur3_128(wide, sizeof wide, 0).first, 0x6384ba69);
    assert_hash(hash_murmur3_32(narrow, sizeof narrow, 0), 0xb0f57ee3);
    struct hash_halves fox = hash_murmur3_128(OF(FOX), 0);
    assert_hash(fox.first, UINT64_C(0xe34bbc7bbc071b6c));
    assert_hash(fox.second, UINT64_C(0x7a433ca9c49a9347));
}

/* RFC 9923 and the authors' page. */
static void test_fnv1a(void **state)
{
    (void)state;
    assert_hash(hash_fnv1a_32(OF("")), 0x811c9dc5);
    assert_hash(hash_fnv1a_32(OF("a")), 0xe40c292c);
    assert_hash(hash_fnv1a_32(OF("foobar")), 0xbf9cf968);
    assert_hash(hash_fnv1a_64(OF("a")), UINT64_C(0xaf63dc4c8601ec8c));
    assert_hash(hash_fnv1a_64(OF("foobar")), UINT64_C(0x85944171f73967e8));
}

static void test_crc32(void **state)
{
    (void)state;
    assert_hash(hash_crc32(OF("123456789")), 0xcbf43926);
    assert_hash(hash_crc32(OF("")), 0);
    assert_hash(hash_crc32(OF(FOX)), 0x414fa339);
    uint32_t pieces = hash_crc32_more(HASH_CRC32_BEGIN, "1234", 4);
    assert_hash(~hash_crc32_more(pieces, "56789", 5), 0xcbf43926);
}

/* RFC 1321, and lengths around the padding against the one value for all of them. */
static void test_md5(void **state)
{
    (void)state;
    static const struct {
        const char *text, *digest;
    } cases[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t digest[HASH_MD5_SIZE];
        char found[2 * HASH_MD5_SIZE + 1];
        hash_md5(OF(cases[i].text), digest);
        for (int k = 0; k < HASH_MD5_SIZE; k++)
            snprintf(found + 2 * k, 3, "%02x", digest[k]);
        assert_string_equal(found, cases[i].digest);
    }
}

/* The example of the SipHash paper; the empty text of its 1-3 variant's reference. */
static void test_sip(void **state)
{
    (void)state;
    const uint64_t key0 = UINT64_C(0x0706050403020100), key1 = UINT64_C(0x0f0e0d0c0b0a0908);
    const uint8_t text[15] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
    assert_hash(hash_sip24(text, sizeof text, key0, key1), UINT64_C(0xa129ca6149be45e5));
    assert_hash(hash_sip13(text, 0, key0, key1), UINT64_C(0xabac0158050fc4dc));
}

/* sdbm: 65599 h + c; djb2: 33 h + c from 5381.  Neither overflows on two letters. */
static void test_haproxy(void **state)
{
    (void)state;
    assert_hash(hash_sdbm(OF("")), 0);
    assert_hash(hash_sdbm(OF("ab")), 97 * 65599 + 98);
    assert_hash(hash_djb2(OF("")), 5381);
    assert_hash(hash_djb2(OF("ab")), (5381 * 33 + 97) * 33 + 98);
    assert_hash(hash_sdbm(OF("\xff")), 255);
    assert_hash(hash_wt6(OF("")), 0xa53c965a ^ 0x5ca6953a);
}

static void test_kernel(void **state)
{
    (void)state;
    assert_hash(hash_kernel_32(1, 32), 0x61c88647);
    assert_hash(hash_kernel_32(1, 8), 0x61);
    assert_hash(hash_kernel_32(3, 8), 0x25);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_xx),     cmocka_unit_test(test_murmur2), cmocka_unit_test(test_murmur3),
    cmocka_unit_test(test_fnv1a),  cmocka_unit_test(test_crc32),   cmocka_unit_test(test_md5),
    cmocka_unit_test(test_sip),    cmocka_unit_test(test_haproxy), cmocka_unit_test(test_kernel),
};

TEST_MAIN(tests)
