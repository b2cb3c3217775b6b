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

unsigned char *sparse_pack(struct histogram *histogram)
{
    struct sparse_writer writer = {0};
    uint64_t left = histogram->count, passed = 0;
    if (left > 0)
        for (uint32_t i = histogram_bucket(histogram->least); left > 0; i++) {
            CHECK(i < HISTOGRAM_BUCKETS);
            if (histogram->counts[i] == 0) {
                passed++;
                continue;
            }
            sparse_put(&writer, passed);
            sparse_put(&writer, histogram->counts[i]);
            left -= histogram->counts[i];
            passed = 0;
        }
    free(histogram->counts);
    histogram->counts = NULL;
    return writer.used > 0 ? memory_grow(writer.bytes, writer.used, 1) : NULL;
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
