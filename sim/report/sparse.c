/* SPDX-License-Identifier: GPL-3.0-or-later
   Numbers of any size in bytes of seven bits, the lowest first; the last one of a number has
   its top bit clear. */
#include "sim/report/sparse.h"

#include "sim/engine/check.h"

#include <stdlib.h>

enum { SPARSE_NUMBER_BYTES = 10 };

struct sparse_writer {
    unsigned char *bytes;
    size_t used, room;
};

static void sparse_put(struct sparse_writer *writer, uint64_t value)
{
    if (writer->room - writer->used < SPARSE_NUMBER_BYTES) {
        writer->room = 2 * writer->room + 256;
        writer->bytes = memory_grow(writer->bytes, writer->room, 1);
    }
    for (; value >= 0x80; value >>= 7)
        writer->bytes[writer->used++] = (unsigned char)(value | 0x80);
    writer->bytes[writer->used++] = (unsigned char)value;
}

static uint64_t sparse_take(const unsigned char **from)
{
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        unsigned char byte = *(*from)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

/* Writes the buckets from `first` on, a stride of them at most.  Returns what they hold. */
static uint64_t sparse_put_stride(struct sparse_writer *writer, const uint64_t *counts,
                                  uint32_t first, uint64_t *passed)
{
    uint64_t held = 0;
    for (uint32_t i = first; i < first + HISTOGRAM_STRIDE && i < HISTOGRAM_BUCKETS; i++) {
        if (counts[i] == 0) {
            ++*passed;
            continue;
        }
        sparse_put(writer, *passed);
        sparse_put(writer, counts[i]);
        held += counts[i];
        *passed = 0;
    }
    return held;
}

unsigned char *sparse_copy(const struct histogram *histogram)
{
    struct sparse_writer writer = {0};
    uint64_t left = histogram->count, passed = 0;
    const uint64_t *counts = histogram->counts;
    uint32_t bucket = left > 0 ? histogram_bucket(histogram->least) : 0;
    for (; left > 0; bucket += HISTOGRAM_STRIDE) {
        CHECK(bucket < HISTOGRAM_BUCKETS);
        if (bucket + HISTOGRAM_STRIDE <= HISTOGRAM_BUCKETS &&
            histogram_sum_stride(counts + bucket) == 0)
            passed += HISTOGRAM_STRIDE;
        else
            left -= sparse_put_stride(&writer, counts, bucket, &passed);
    }
    return writer.used > 0 ? memory_grow(writer.bytes, writer.used, 1) : NULL;
}

unsigned char *sparse_pack(struct histogram *histogram)
{
    unsigned char *packed = sparse_copy(histogram);
    free(histogram->counts);
    histogram->counts = NULL;
    return packed;
}

void sparse_merge(struct histogram *into, const struct histogram *from,
                  const unsigned char *packed)
{
    if (from->count == 0)
        return;
    uint32_t bucket = histogram_bucket(from->least);
    for (uint64_t left = from->count; left > 0; bucket++) {
        bucket += (uint32_t)sparse_take(&packed);
        uint64_t count = sparse_take(&packed);
        into->counts[bucket] += count;
        left -= count;
    }
    into->count += from->count;
    into->sum += from->sum;
    into->sum_of_squares += from->sum_of_squares;
    if (from->least < into->least)
        into->least = from->least;
    if (from->largest > into->largest)
        into->largest = from->largest;
}
