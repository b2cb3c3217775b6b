/* SPDX-License-Identifier: GPL-3.0-or-later
   What hdr_encode writes, read back by a decoder of its own after the published format
   (base64, zlib, big-endian head, zigzag LEB128); percentiles worked out by hand. */
#include "sim/engine/rng.h"
#include "sim/stats/hdr.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PLAIN_MAX = 1 << 20, HEAD = 40 };

struct decoded {
    uint32_t cookie, packed_cookie, payload, digits;
    uint64_t lowest, highest;
    uint64_t counts[HISTOGRAM_BUCKETS];
    size_t length;
};

static uint64_t big_endian(const unsigned char *from, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | from[i];
    return value;
}

static size_t from_base64(const char *text, size_t size, unsigned char *to)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t used = 0, bits = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < size && text[i] != '='; i++) {
        const char *digit = strchr(digits, text[i]);
        assert_non_null(digit);
        held = held << 6 | (uint32_t)(digit - digits);
        for (bits += 6; bits >= 8; bits -= 8)
            to[used++] = (unsigned char)(held >> (bits - 8));
    }
    assert_int_equal(size % 4, 0);
    return used;
}

static const unsigned char *take_count(const unsigned char *at, int64_t *count)
{
    uint64_t zigzag = 0;
    for (unsigned i = 0;; i++) {
        uint64_t byte = *at++;
        zigzag |= (i < 8 ? byte & 0x7f : byte) << (7 * i);
        if (i == 8 || byte < 0x80)
            break;
    }
    *count = (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
    return at;
}

static struct decoded *decode(const struct hdr *hdr, sim_time trackable)
{
    struct decoded *decoded = calloc(1, sizeof *decoded);
    unsigned char *packed = malloc(PLAIN_MAX), *plain = malloc(PLAIN_MAX);
    struct output *output = output_to_memory();
    size_t size;
    hdr_encode(hdr, trackable, output);
    const char *text = output_memory(output, &size);
    assert_true(size < PLAIN_MAX);
    size_t packed_size = from_base64(text, size, packed);
    output_close(output, false);
    decoded->packed_cookie = (uint32_t)big_endian(packed, 4);
    assert_int_equal(big_endian(packed + 4, 4), packed_size - 8);
    uLongf length = PLAIN_MAX;
    assert_int_equal(uncompress(plain, &length, packed + 8, packed_size - 8), Z_OK);
    decoded->cookie = (uint32_t)big_endian(plain, 4);
    decoded->payload = (uint32_t)big_endian(plain + 4, 4);
    assert_int_equal(big_endian(plain + 8, 4), 0);
    decoded->digits = (uint32_t)big_endian(plain + 12, 4);
    decoded->lowest = big_endian(plain + 16, 8);
    decoded->highest = big_endian(plain + 24, 8);
    assert_int_equal(big_endian(plain + 32, 8), 0x3ff0000000000000); /* 1.0 */
    assert_int_equal(length, HEAD + decoded->payload);
    for (const unsigned char *at = plain + HEAD; at < plain + length;) {
        int64_t count;
        at = take_count(at, &count);
        if (count < 0)
            decoded->length += (size_t)-count;
        else
            decoded->counts[decoded->length++] = (uint64_t)count;
        assert_true(decoded->length <= HISTOGRAM_BUCKETS);
    }
    free(packed);
    free(plain);
    return decoded;
}

/* The bucket of a value as the format numbers them: 2048 single values, then 1024 of each
   power of two. */
static size_t bucket_of(uint64_t value)
{
    size_t octave = 0;
    while (value >> octave >= 2048)
        octave++;
    return octave * 1024 + (size_t)(value >> octave);
}

static void test_counts_come_back(void **state)
{
    (void)state;
    static const sim_time edges[] = {0, 1, 2047, 2048, 2049, 4095, 4096, 1000000, 3600000000000};
    struct hdr hdr = {0};
    uint64_t *expected = calloc(HISTOGRAM_BUCKETS, sizeof *expected);
    struct rng rng;
    rng_seed(&rng, 7);
    for (size_t i = 0; i < 20000; i++) {
        sim_time value = i < 9 ? edges[i]
                               : (sim_time)(rng_next(&rng) >> (22 + rng_below(&rng, 40)));
        hdr_add(&hdr, value);
        expected[bucket_of((uint64_t)value)]++;
    }
    sim_time trackable = hdr.largest;
    struct decoded *decoded = decode(&hdr, trackable);
    assert_int_equal(decoded->packed_cookie, 0x1c849314);
    assert_int_equal(decoded->cookie, 0x1c849313);
    assert_int_equal(decoded->digits, 3);
    assert_int_equal(decoded->lowest, 1);
    assert_int_equal(decoded->highest, trackable);
    assert_int_equal(decoded->length, bucket_of((uint64_t)hdr.largest) + 1);
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        if (decoded->counts[i] != expected[i])
            fail_msg("bucket %zu: expected %llu, found %llu", i,
                     (unsigned long long)expected[i], (unsigned long long)decoded->counts[i]);
    free(decoded);
    free(expected);
    hdr_free(&hdr);
}

/* A count of 300 takes two bytes: 600 is 0b100 1011000, so d8 04. */
static void test_large_and_no_counts(void **state)
{
    (void)state;
    struct hdr hdr = {0};
    struct decoded *decoded = decode(&hdr, 1000);
    assert_int_equal(decoded->length, 1);
    assert_int_equal(decoded->payload, 1);
    free(decoded);
    for (int i = 0; i < 300; i++)
        hdr_add(&hdr, 0);
    decoded = decode(&hdr, 0);
    assert_int_equal(decoded->payload, 2);
    assert_int_equal(decoded->counts[0], 300);
    assert_int_equal(decoded->highest, 2);
    free(decoded);
    hdr_add(&hdr, 2);
    decoded = decode(&hdr, 1000); /* 300, one zero, 1 */
    assert_int_equal(decoded->payload, 4);
    assert_int_equal(decoded->length, 3);
    assert_int_equal(decoded->counts[2], 1);
    free(decoded);
    hdr_free(&hdr);
}

/* Of 1, 2, 3 and 4 ms: a quarter is at or below the first.  Levels go up in tenths to one
   half, then in steps of 5 % to three quarters; that one is the last that the third value
   reaches.  The fourth gives the next level, and 100 %.
   Values are the upper ends of their buckets: 1 ms is in [999936, 1000447], so 1.000; 2 ms in
   [1999872, 2000895], 2.001; 3 ms in [2998272, 3000319], 3.000; 4 ms in [3999744, 4001791],
   4.002.  The middles are 1000192, 2000384, 2999296 and 4000768: on average 2500160. */
static void test_percentiles(void **state)
{
    (void)state;
    static const char expected[] =
        "       Value     Percentile TotalCount 1/(1-Percentile)\n"
        "\n"
        "       1.000 0.000000000000          1           1.00\n"
        "       1.000 0.100000000000          1           1.11\n"
        "       1.000 0.200000000000          1           1.25\n"
        "       2.001 0.300000000000          2           1.43\n"
        "       2.001 0.400000000000          2           1.67\n"
        "       2.001 0.500000000000          2           2.00\n"
        "       3.000 0.550000000000          3           2.22\n"
        "       3.000 0.600000000000          3           2.50\n"
        "       3.000 0.650000000000          3           2.86\n"
        "       3.000 0.700000000000          3           3.33\n"
        "       3.000 0.750000000000          3           4.00\n"
        "       4.002 0.775000000000          4           4.44\n"
        "       4.002 1.000000000000          4\n"
        "#[Mean    =        2.500, StdDeviation   =        1.118]\n"
        "#[Max     =        4.002, Total count    =            4]\n"
        "#[Buckets =           12, SubBuckets     =         2048]\n";
    struct hdr hdr = {0};
    for (int i = 1; i <= 4; i++)
        hdr_add(&hdr, i * SIM_MILLISECOND);
    struct output *output = output_to_memory();
    size_t size;
    hdr_print(&hdr, (double)SIM_MILLISECOND, output);
    assert_string_equal(output_memory(output, &size), expected);
    output_close(output, false);
    hdr_free(&hdr);
}

static void test_percentiles_of_nothing(void **state)
{
    (void)state;
    struct hdr hdr = {0};
    struct output *output = output_to_memory();
    size_t size;
    hdr_print(&hdr, 1, output);
    assert_non_null(strstr(output_memory(output, &size), "Total count    =            0]\n"));
    output_close(output, false);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_counts_come_back),
    cmocka_unit_test(test_large_and_no_counts),
    cmocka_unit_test(test_percentiles),
    cmocka_unit_test(test_percentiles_of_nothing),
};

TEST_MAIN(tests)
