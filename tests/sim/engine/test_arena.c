/* SPDX-License-Identifier: GPL-3.0-or-later
   Pieces of an arena are zeroed, aligned, apart from each other, and gone together. */
#include "sim/engine/arena.h"
#include "tests/death.h"
#include "tests/test.h"

#include <string.h>
#include <sys/resource.h>

static void empty_arena_can_be_freed_and_used_again(void **state)
{
    (void)state;
    struct arena arena = {0};
    arena_free(&arena);
    for (int round = 0; round < 3; round++) {
        char *text = arena_copy_text(&arena, "again", 5);
        assert_string_equal(text, "again");
        assert_int_equal(arena.pieces, 1);
        arena_free(&arena);
        assert_null(arena.blocks);
        assert_int_equal(arena.bytes, 0);
    }
}

static size_t test_arena_size(size_t piece)
{
    return piece * 7919 % 1500 + (piece % 500 == 0 ? 70000 : 0);
}

/* Pieces of many sizes, each filled with its number after a look at its zeros; all are read
   again at the end, so an overlap shows. */
static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    enum { PIECES = 3000 };
    static unsigned char *pieces[PIECES];
    struct arena arena = {0};
    size_t total = 0;
    for (size_t i = 0; i < PIECES; i++) {
        size_t size = test_arena_size(i);
        pieces[i] = arena_take(&arena, 1, size);
        assert_int_equal((uintptr_t)pieces[i] % (size >= 64 ? 64 : 16), 0);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(pieces[i][j], 0);
        memset(pieces[i], (int)(i % 251), size);
        total += size;
    }
    for (size_t i = 0; i < PIECES; i++) {
        size_t size = test_arena_size(i);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(pieces[i][j], i % 251);
    }
    assert_int_equal(arena.bytes, total);
    assert_int_equal(arena.pieces, PIECES);
    arena_free(&arena);
}

static void pieces_of_no_bytes_are_distinct(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *first = arena_take(&arena, 0, 8), *second = arena_take(&arena, 8, 0);
    assert_non_null(first);
    assert_ptr_not_equal(first, second);
    arena_free(&arena);
}

static void blocks_grow_so_that_few_are_needed(void **state)
{
    (void)state;
    struct arena arena = {0};
    size_t blocks = 0, room = 0;
    for (int i = 0; i < 200000; i++) {
        arena_take(&arena, 1, 100);
        blocks += arena.room != room || arena.used <= 128;
        assert_true(arena.room >= room);
        room = arena.room;
    }
    assert_in_range(blocks, 20, 40); /* 25.6 MB with the gaps: 8 that double, 25 of 1 MiB */
    arena_free(&arena);
}

static void large_pieces_are_on_huge_pages_and_leave_small_ones_alone(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *before = arena_take(&arena, 1, 16);
    for (size_t size = (size_t)1 << 20; size <= (size_t)9 << 20; size += 999999) {
        unsigned char *piece = arena_take(&arena, 1, size);
        assert_int_equal((uintptr_t)piece % ((size_t)2 << 20), 0);
        for (size_t i = 0; i < size; i += 4096)
            assert_int_equal(piece[i], 0);
        memset(piece, 255, size);
    }
    char *after = arena_take(&arena, 1, 16);
    assert_ptr_equal(after, before + 16);
    arena_free(&arena);
    arena_take(&arena, 3, (size_t)1 << 20); /* first of all, nothing newer before it */
    arena_take(&arena, 1, 10);
    arena_free(&arena);
}

static void what_is_not_used_is_not_touched(void **state)
{
    (void)state;
    struct rusage before, after;
    struct arena arena = {0};
    getrusage(RUSAGE_SELF, &before);
    unsigned char *piece = arena_take(&arena, (size_t)1 << 20, 1024); /* 1 GiB */
    piece[12345] = 1;
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 64 * 1024); /* KiB */
    arena_free(&arena);
}

static void copied_text_is_cut_and_ended(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_string_equal(arena_copy_text(&arena, "round_robin", 5), "round");
    assert_string_equal(arena_copy_text(&arena, "", 0), "");
    arena_free(&arena);
}

/* Into an empty arena and into one that goes on with its own block; a large piece comes along. */
static void joined_pieces_live_on(void **state)
{
    (void)state;
    struct arena all = {0};
    char *kept[3];
    for (int i = 0; i < 3; i++) {
        struct arena other = {0};
        kept[i] = arena_copy_text(&other, "piece", 5);
        kept[i][0] = (char)('0' + i);
        memset(arena_take(&other, (size_t)2 << 20, 1), i, (size_t)2 << 20);
        arena_join(&all, &other);
        assert_null(other.blocks);
        assert_int_equal(other.bytes, 0);
    }
    struct arena none = {0};
    arena_join(&all, &none);
    char *after = arena_copy_text(&all, "after", 5);
    assert_string_equal(kept[0], "0iece");
    assert_string_equal(kept[2], "2iece");
    assert_string_equal(after, "after");
    assert_int_equal(all.pieces, 7);
    arena_free(&all);
}

static void test_arena_take(void *context)
{
    struct arena arena = {0};
    const size_t *sizes = context;
    arena_take(&arena, sizes[0], sizes[1]);
}

static void sizes_that_overflow_end_the_program(void **state)
{
    (void)state;
    size_t sizes[][2] = {{SIZE_MAX, 2}, {SIZE_MAX / 8 + 2, 8}, {(size_t)1 << 32, (size_t)1 << 32},
                         {SIZE_MAX, 1}, {SIZE_MAX / 2, 1},     {SIZE_MAX / 4, 1}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        char words[512];
        assert_int_equal(death_of(test_arena_take, sizes[i], words, sizeof(words)), 1);
        assert_non_null(strstr(words, "out of memory"));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(empty_arena_can_be_freed_and_used_again),
    cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
    cmocka_unit_test(pieces_of_no_bytes_are_distinct),
    cmocka_unit_test(blocks_grow_so_that_few_are_needed),
    cmocka_unit_test(large_pieces_are_on_huge_pages_and_leave_small_ones_alone),
    cmocka_unit_test(what_is_not_used_is_not_touched),
    cmocka_unit_test(joined_pieces_live_on),
    cmocka_unit_test(copied_text_is_cut_and_ended),
    cmocka_unit_test(sizes_that_overflow_end_the_program),
};

TEST_MAIN(tests)
