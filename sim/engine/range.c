/* SPDX-License-Identifier: GPL-3.0-or-later
   Mappings begin where a huge page does: records that are met at random cost the misses of the
   address cache too, and a move from one such place to another leaves huge pages whole. */
#include "sim/engine/range.h"

#include "sim/engine/check.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { RANGE_LINE = 64, RANGE_HUGE_PAGE = 2 << 20 };

static size_t range_round(size_t bytes, size_t alignment)
{
    return (bytes + alignment - 1) & ~(alignment - 1);
}

static bool range_is_mapped(size_t bytes)
{
    return bytes >= RANGE_MAPPED;
}

/* Reserves addresses: one huge page more than needed, then gives back what lies outside the
   alignment. */
static unsigned char *range_reserve(size_t bytes)
{
    size_t whole = bytes + RANGE_HUGE_PAGE;
    unsigned char *start =
        mmap(NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED)
        check_out_of_memory(bytes);
    size_t head = range_round((uintptr_t)start, RANGE_HUGE_PAGE) - (uintptr_t)start;
    if (head > 0)
        munmap(start, head);
    munmap(start + head + bytes, whole - head - bytes);
    return start + head;
}

static void *range_map(size_t bytes)
{
    void *memory = mmap(range_reserve(bytes), bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (memory == MAP_FAILED)
        check_out_of_memory(bytes);
    madvise(memory, bytes, MADV_HUGEPAGE); /* advice: may fail */
    return memory;
}

/* The advice moves with the pages. */
static void *range_move(void *memory, size_t from, size_t bytes)
{
    memory = mremap(memory, from, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, range_reserve(bytes));
    if (memory == MAP_FAILED)
        check_out_of_memory(bytes);
    return memory;
}

static size_t range_bytes(size_t bytes)
{
    return range_round(bytes, range_is_mapped(bytes) ? (size_t)64 << 10 : RANGE_LINE);
}

void *range_grow(void *memory, size_t from, size_t bytes)
{
    CHECK(bytes > from);
    if (bytes > PTRDIFF_MAX / 2)
        check_out_of_memory(SIZE_MAX);
    if (range_is_mapped(from))
        return range_move(memory, range_bytes(from), range_bytes(bytes));
    void *grown = range_is_mapped(bytes) ? range_map(range_bytes(bytes))
                                         : aligned_alloc(RANGE_LINE, range_bytes(bytes));
    if (grown == NULL)
        check_out_of_memory(bytes);
    if (from > 0)
        memcpy(grown, memory, from);
    range_free(memory, from);
    return grown;
}

void range_free(void *memory, size_t bytes)
{
    if (range_is_mapped(bytes))
        munmap(memory, range_bytes(bytes));
    else
        free(memory);
}
