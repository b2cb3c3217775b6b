/* SPDX-License-Identifier: GPL-3.0-or-later
   Bucket i < 2048 holds the value i; above, each power of two has 1024 buckets.  V2 is a head of
   big-endian numbers and the counts as zigzag LEB128, a run of n > 1 zeros as -n. */
#include "sim/stats/hdr.h"

#include "sim/engine/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define HDR_COOKIE UINT32_C(0x1c849313)            /* V2, counts in variable length */
#define HDR_COOKIE_COMPRESSED UINT32_C(0x1c849314)
enum { HDR_DIGITS = 3, HDR_HEAD = 40, HDR_COMPRESSED_HEAD = 8, HDR_COUNT_BYTES = 9,
       HDR_TICKS = 5 };

void hdr_add(struct hdr *hdr, sim_time value)
{
    uint32_t bucket = histogram_bucket(value);
    uint64_t **piece = &hdr->pieces[bucket / HDR_PIECE];
    if (*piece == NULL)
        *piece = memory_zeroed(HDR_PIECE, sizeof **piece);
    (*piece)[bucket % HDR_PIECE]++;
    hdr->count++;
    if (value > hdr->largest)
        hdr->largest = value;
}

void hdr_free(struct hdr *hdr)
{
    for (size_t i = 0; i < HDR_PIECES; i++)
        free(hdr->pieces[i]);
    *hdr = (struct hdr){0};
}

static uint64_t hdr_at(const struct hdr *hdr, uint32_t bucket)
{
    const uint64_t *piece = hdr->pieces[bucket / HDR_PIECE];
    return piece != NULL ? piece[bucket % HDR_PIECE] : 0;
}

/* The number of buckets of each power of two, as a power of two itself. */
static unsigned hdr_shift(uint32_t bucket)
{
    return bucket >> HISTOGRAM_BITS > 1 ? (bucket >> HISTOGRAM_BITS) - 1 : 0;
}

static uint64_t hdr_least(uint32_t bucket)
{
    unsigned shift = hdr_shift(bucket);
    return (uint64_t)(bucket - (shift << HISTOGRAM_BITS)) << shift;
}

static uint64_t hdr_highest(uint32_t bucket)
{
    return hdr_least(bucket) + (UINT64_C(1) << hdr_shift(bucket)) - 1;
}

static double hdr_middle(uint32_t bucket)
{
    return (double)(hdr_least(bucket) + (UINT64_C(1) << hdr_shift(bucket)) / 2);
}

/* -- compressed V2 -- */

static unsigned char *hdr_put(unsigned char *to, uint64_t value, unsigned bytes)
{
    while (bytes-- > 0)
        *to++ = (unsigned char)(value >> (8 * bytes));
    return to;
}

/* Seven bits a byte, the lowest first; a ninth byte has eight. */
static unsigned char *hdr_put_count(unsigned char *to, int64_t count)
{
    uint64_t zigzag = (uint64_t)count << 1 ^ (count < 0 ? UINT64_MAX : 0);
    for (unsigned i = 0; i < HDR_COUNT_BYTES - 1; i++) {
        bool more = zigzag >> 7 != 0;
        *to++ = (unsigned char)((zigzag & 0x7f) | (more ? 0x80 : 0));
        zigzag >>= 7;
        if (!more)
            return to;
    }
    *to++ = (unsigned char)zigzag;
    return to;
}

/* The counts up to the largest value's. */
static unsigned char *hdr_put_counts(unsigned char *to, const struct hdr *hdr)
{
    uint32_t end = histogram_bucket(hdr->largest) + 1;
    for (uint32_t bucket = 0; bucket < end;) {
        int64_t zeros = 0, count = (int64_t)hdr_at(hdr, bucket);
        while (bucket < end && hdr_at(hdr, bucket) == 0) {
            zeros++;
            bucket++;
        }
        bucket += zeros == 0;
        to = hdr_put_count(to, zeros > 1 ? -zeros : count);
    }
    return to;
}

static void hdr_base64(const unsigned char *bytes, size_t size, struct output *output)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)bytes[i] << 16 |
                         (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)bytes[i + 2] : 0);
        const char four[] = {
            digits[group >> 18],
            digits[group >> 12 & 63],
            left > 1 ? digits[group >> 6 & 63] : '=',
            left > 2 ? digits[group & 63] : '=',
        };
        output_bytes(output, four, sizeof four);
    }
}

void hdr_encode(const struct hdr *hdr, sim_time trackable, struct output *output)
{
    CHECK(hdr->largest <= trackable);
    size_t room = HDR_HEAD + HDR_COUNT_BYTES * (histogram_bucket(hdr->largest) + (size_t)1);
    unsigned char *plain = memory_take(room, 1);
    unsigned char *end = hdr_put_counts(plain + HDR_HEAD, hdr);
    double ratio = 1;
    uint64_t ratio_bits;
    memcpy(&ratio_bits, &ratio, sizeof ratio_bits);
    unsigned char *to = hdr_put(plain, HDR_COOKIE, 4);
    to = hdr_put(to, (uint64_t)(end - plain - HDR_HEAD), 4);
    to = hdr_put(to, 0, 4); /* offset of the counts */
    to = hdr_put(to, HDR_DIGITS, 4);
    to = hdr_put(to, 1, 8); /* the least value that is told from 0 */
    to = hdr_put(to, (uint64_t)(trackable < 2 ? 2 : trackable), 8);
    hdr_put(to, ratio_bits, 8);
    uLong size = (uLong)(end - plain);
    uLongf packed_size = compressBound(size);
    unsigned char *packed = memory_take(HDR_COMPRESSED_HEAD + packed_size, 1);
    CHECK(compress(packed + HDR_COMPRESSED_HEAD, &packed_size, plain, size) == Z_OK);
    hdr_put(hdr_put(packed, HDR_COOKIE_COMPRESSED, 4), packed_size, 4);
    hdr_base64(packed, HDR_COMPRESSED_HEAD + packed_size, output);
    free(packed);
    free(plain);
}

/* -- percentiles -- */

/* The next percentage with a line of its own. */
static double hdr_next_level(double level)
{
    double halvings = floor(log2(100 / (100 - level))) + 1;
    return level + 100 / (HDR_TICKS * exp2(halvings));
}

static void hdr_print_lines(const struct hdr *hdr, double unit_ns, struct output *output)
{
    uint64_t below = 0;
    double level = 0, value = 0;
    for (uint32_t bucket = 0; below < hdr->count; bucket++) {
        uint64_t count = hdr_at(hdr, bucket);
        if (count == 0)
            continue;
        below += count;
        value = (double)hdr_highest(bucket) / unit_ns;
        double reached = 100 * ((double)below / (double)hdr->count);
        while (level <= reached) {
            output_format(output, "%12.3f %2.12f %10llu %14.2f\n", value, level / 100,
                          (unsigned long long)below, 1 / (1 - level / 100));
            level = hdr_next_level(level);
            if (below == hdr->count)
                break;
        }
    }
    if (hdr->count > 0)
        output_format(output, "%12.3f %2.12f %10llu\n", value, 1.0,
                      (unsigned long long)hdr->count);
}

/* Mean and standard deviation, each value taken as the middle of its bucket. */
static void hdr_moments(const struct hdr *hdr, double *mean, double *deviation)
{
    double sum = 0, squares = 0, count = (double)hdr->count;
    uint32_t end = histogram_bucket(hdr->largest) + 1;
    for (uint32_t bucket = 0; bucket < end; bucket++)
        sum += hdr_middle(bucket) * (double)hdr_at(hdr, bucket);
    *mean = count > 0 ? sum / count : 0;
    for (uint32_t bucket = 0; bucket < end; bucket++) {
        double distance = hdr_middle(bucket) - *mean;
        squares += distance * distance * (double)hdr_at(hdr, bucket);
    }
    *deviation = count > 0 ? sqrt(squares / count) : 0;
}

void hdr_print(const struct hdr *hdr, double unit_ns, struct output *output)
{
    double mean, deviation;
    uint32_t last = histogram_bucket(hdr->largest);
    hdr_moments(hdr, &mean, &deviation);
    output_format(output, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
                  "1/(1-Percentile)");
    hdr_print_lines(hdr, unit_ns, output);
    output_format(output, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean / unit_ns,
                  deviation / unit_ns);
    output_format(output, "#[Max     = %12.3f, Total count    = %12llu]\n",
                  hdr->count > 0 ? (double)hdr_highest(last) / unit_ns : 0,
                  (unsigned long long)hdr->count);
    output_format(output, "#[Buckets = %12u, SubBuckets     = %12u]\n", hdr_shift(last) + 1,
                  2u << HISTOGRAM_BITS);
}
