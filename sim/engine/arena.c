/* SPDX-License-Identifier: GPL-3.0-or-later
   The arena: blocks from 4 KiB doubling to 1 MiB, cut from the front.  A piece that would
   be a mapping gets a range of its own; its pages are zero because they are fresh, so what
   is never used is never touched. */
#include "sim/engine/arena.h"

#include "sim/engine/check.h"
#include "sim/engine/range.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const size_t arena_first_block = (size_t)4 << 10;
static const size_t arena_last_block = RANGE_MAPPED;

struct arena_block {
    struct arena_block *older;
    unsigned char *memory;
    size_t mapped; /* bytes of the range; 0: memory is from the heap */
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

/* The block goes behind the newest one, whose room stays in use. */
static void *arena_take_mapped(struct arena *arena, size_t bytes)
{
    struct arena_block *block = memory_take(1, sizeof(*block));
    block->mapped = bytes;
    block->memory = range_grow(NULL, 0, bytes);
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
    if (bytes >= RANGE_MAPPED)
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
            range_free(block->memory, block->mapped);
        else
            free(block->memory);
        free(block);
    }
    *arena = (struct arena){0};
}
