/* SPDX-License-Identifier: GPL-3.0-or-later
   The end of the program on our own mistakes and on lack of memory.  Ends by _exit: other
   threads may be half-way through anything, so nothing else of theirs may run. */
#include "sim/engine/check.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MEMORY_PAGE ((uintptr_t)4096)
#define MEMORY_LARGE ((size_t)4 << 20)

static _Thread_local const char *check_current_note;

void check_note(const char *note)
{
    check_current_note = note;
}

static _Noreturn void check_end(void)
{
    if (check_current_note != NULL)
        fprintf(stderr, "  during: %s\n", check_current_note);
    fflush(stderr);
    _exit(1);
}

_Noreturn void check_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "internal error: %s:%d: check failed: %s\n", file, line, condition);
    check_end();
}

_Noreturn void check_out_of_memory(size_t bytes)
{
    if (bytes == SIZE_MAX)
        fprintf(stderr, "out of memory: the size asked for is beyond any memory\n");
    else
        fprintf(stderr, "out of memory: %zu more bytes asked for\n", bytes);
    check_end();
}

static size_t check_product(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
        check_out_of_memory(SIZE_MAX);
    return bytes > 0 ? bytes : 1;
}

/* Large pieces are asked for in huge pages: they are walked at random, and the misses of the
   address cache cost as much as those of the data.  The advice covers the whole mapping:
   parts with and without it could not be moved by realloc, but would be copied. */
static void *check_advised(void *memory, size_t bytes, int advice)
{
    if (memory == NULL)
        check_out_of_memory(bytes);
    if (bytes >= MEMORY_LARGE) {
        uintptr_t begin = (uintptr_t)memory & ~(MEMORY_PAGE - 1);
        uintptr_t end = ((uintptr_t)memory + bytes + MEMORY_PAGE - 1) & ~(MEMORY_PAGE - 1);
        madvise((void *)begin, end - begin, advice); /* may fail */
    }
    return memory;
}

static void *check_got(void *memory, size_t bytes)
{
    return check_advised(memory, bytes, MADV_HUGEPAGE);
}

void *memory_take(size_t count, size_t size)
{
    size_t bytes = check_product(count, size);
    return check_got(malloc(bytes), bytes);
}

void *memory_zeroed(size_t count, size_t size)
{
    size_t bytes = check_product(count, size);
    return check_got(calloc(1, bytes), bytes);
}

/* Of huge pages hardly one would stay untouched. */
void *memory_sparse(size_t count, size_t size)
{
    size_t bytes = check_product(count, size);
    return check_advised(calloc(1, bytes), bytes, MADV_NOHUGEPAGE);
}

void *memory_grow(void *memory, size_t count, size_t size)
{
    size_t bytes = check_product(count, size);
    return check_got(realloc(memory, bytes), bytes);
}
