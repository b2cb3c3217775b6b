/* SPDX-License-Identifier: GPL-3.0-or-later
   The arena: blocks from 4 KiB doubling to 1 MiB, cut from the front.  A piece of 1 MiB or
   more gets a mapping of its own, on huge pages where the kernel has them; its pages are
   zero because they are fresh, so what is never used is never touched. */
#include "sim/engine/arena.h"

#include "sim/engine/check.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const size_t arena_first_block = (size_t)4 << 10;
static const size_t arena_last_block = (size_t)1 << 20;
static const size_t arena_huge_page = (size_t)2 << 20;

struct arena_block {
    struct arena_block *older;
    unsigned char *memory;
    size_t mapped; /* bytes to unmap; 0: memory is from the heap */
};

static size_t arena_round(size_t bytes, size_t alignment)
{
    return (bytes + alignment - 1) & ~(alignment - 1);
}

static void arena_add_block(struct arena *arena, size_t room)
{
    struct arena_block *block = memory_take(1, sizeof(*block));
    block->memory = aligned_alloc(64, room);
    if (block->memory == NULL)
        check_out_of_memory(room);
    memset(block->memory, 0, room);
    block->mapped = 0;
    block->older = arena->blocks;
    arena->blocks = block;
    arena->used = 0;
    arena->room = room;
}

/* Maps one huge page more than needed, then gives back what lies outside the alignment. */
static unsigned char *arena_map(size_t bytes)
{
    size_t whole = bytes + arena_huge_page;
    unsigned char *start =
        mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        check_out_of_memory(bytes);
    size_t head = arena_round((uintptr_t)start, arena_huge_page) - (uintptr_t)start;
    if (head > 0)
        munmap(start, head);
    munmap(start + head + bytes, whole - head - bytes);
    madvise(start + head, bytes, MADV_HUGEPAGE); /* advice: may fail */
    return start + head;
}

/* The block goes behind the newest one, whose room stays in use. */
static void *arena_take_mapped(struct arena *arena, size_t bytes)
{
    struct arena_block *block = memory_take(1, sizeof(*block));
    block->mapped = arena_round(bytes, (size_t)64 << 10);
    block->memory = arena_map(block->mapped);
    struct arena_block **place = arena->blocks != NULL ? &arena->blocks->older : &arena->blocks;
    block->older = *place;
    *place = block;
    return block->memory;
}

static size_t arena_next_room(const struct arena *arena, size_t bytes)
{
    size_t room = arena->room == 0 ? arena_first_block : 2 * arena->room;
    if (room > arena_last_block)
        room = arena_last_block;
    return room > bytes ? room : arena_round(bytes, 64);
}

void *arena_take(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX / 2)
        check_out_of_memory(SIZE_MAX);
    arena->bytes += bytes;
    arena->pieces++;
    if (bytes == 0)
        bytes = 1; /* a piece of its own all the same */
    if (bytes >= arena_last_block)
        return arena_take_mapped(arena, bytes);
    size_t start = arena_round(arena->used, bytes >= 64 ? 64 : 16);
    if (arena->room < start || arena->room - start < bytes) {
        arena_add_block(arena, arena_next_room(arena, bytes));
        start = 0;
    }
    arena->used = start + bytes;
    return arena->blocks->memory + start;
}

char *arena_copy_text(struct arena *arena, const char *text, size_t length)
{
    CHECK(length < SIZE_MAX);
    char *copy = arena_take(arena, length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

void arena_join(struct arena *arena, struct arena *other)
{
    struct arena_block **place = &arena->blocks;
    bool empty = arena->blocks == NULL;
    while (*place != NULL)
        place = &(*place)->older;
    *place = other->blocks;
    arena->used = empty ? other->used : arena->used;
    arena->room = empty ? other->room : arena->room;
    arena->bytes += other->bytes;
    arena->pieces += other->pieces;
    *other = (struct arena){0};
}

void arena_free(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->older;
        if (block->mapped > 0)
            munmap(block->memory, block->mapped);
        else
            free(block->memory);
        free(block);
    }
    *arena = (struct arena){0};
}
