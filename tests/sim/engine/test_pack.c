/* SPDX-License-Identifier: GPL-3.0-or-later
   Whatever pieces repeat of themselves, and wherever blocks end in them, the frame that they
   make gives the text back; and a piece gives the same blocks whoever packs it. */
#include "sim/engine/pack.h"
#include "sim/engine/rng.h"
#include "tests/death.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum {
    TEST_BLOCK = 128 * 1024,
    TEST_SIZE = 5 * TEST_BLOCK,
    TEST_MATCHES = TEST_SIZE / PACK_MATCH_LEAST,
    TEST_PIECES = 6
};

struct test_piece {
    char bytes[TEST_SIZE];
    struct pack_match matches[TEST_MATCHES];
    struct pack_text text;
};

/* How pieces are made: literals and matches of up to so many bytes, distances of up to
   `kinds` sorts. */
struct test_shape {
    uint32_t literals, size, distance, kinds;
    size_t total;
};

static uint32_t test_draw(struct rng *rng, uint32_t least, uint32_t most)
{
    return least + (uint32_t)rng_below(rng, most - least + 1);
}

static void test_literals(struct test_piece *piece, struct rng *rng, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        piece->bytes[piece->text.size++] = (char)('0' + rng_below(rng, 10));
}

static void test_match(struct test_piece *piece, struct pack_match match)
{
    for (uint32_t i = 0; i < match.size; i++, piece->text.size++)
        piece->bytes[piece->text.size] = piece->bytes[piece->text.size - match.distance];
    piece->matches[piece->text.match_count++] = match;
}

static void test_make(struct test_piece *piece, struct rng *rng, const struct test_shape *shape)
{
    piece->text = (struct pack_text){.bytes = piece->bytes, .matches = piece->matches};
    uint32_t distances[8];
    for (uint32_t i = 0; i < shape->kinds; i++)
        distances[i] = test_draw(rng, PACK_DISTANCE_LEAST, shape->distance);
    uint32_t before = shape->distance; /* literals that the first match may refer to */
    test_literals(piece, rng, before);
    while (piece->text.size + shape->literals + shape->size < shape->total) {
        uint32_t literals = test_draw(rng, 0, shape->literals);
        test_literals(piece, rng, literals);
        test_match(piece, (struct pack_match){before + literals,
                                              test_draw(rng, PACK_MATCH_LEAST, shape->size),
                                              distances[rng_below(rng, shape->kinds)]});
        before = 0;
    }
    test_literals(piece, rng, (uint32_t)(shape->total - piece->text.size));
}

static void test_assert_text(const char *packed, size_t size, const char *expected, size_t total)
{
    assert_int_equal(ZSTD_findFrameCompressedSize(packed, size), size);
    assert_true(packed[4] & 4); /* the flag of the checksum */
    char *back = malloc(total + 1);
    size_t found = ZSTD_decompress(back, total + 1, packed, size);
    if (ZSTD_isError(found))
        fail_msg("%s", ZSTD_getErrorName(found));
    assert_int_equal(found, total);
    assert_memory_equal(back, expected, total);
    free(back);
}

/* One frame of pieces of a shape; each is packed twice. */
static size_t test_frame(const struct test_shape *shape, uint64_t seed)
{
    struct test_piece *piece = malloc(sizeof *piece);
    char *all = malloc(TEST_PIECES * TEST_SIZE), *blocks = malloc(pack_room(TEST_SIZE));
    char *again = malloc(pack_room(TEST_SIZE));
    size_t total = 0, packed_size;
    struct pack *pack = pack_open();
    struct output *output = output_to_memory();
    struct pack_frame *frame = pack_frame_open(output);
    struct rng rng;
    rng_open(&rng, seed, "pack", 0);
    for (int i = 0; i < TEST_PIECES; i++) {
        test_make(piece, &rng, shape);
        memcpy(all + total, piece->bytes, piece->text.size);
        total += piece->text.size;
        size_t size = pack_blocks(pack, &piece->text, blocks);
        struct pack *other = pack_open();
        assert_int_equal(pack_blocks(other, &piece->text, again), size);
        assert_memory_equal(again, blocks, size);
        pack_close(other);
        pack_frame_add(frame, &piece->text, blocks, size);
    }
    pack_frame_close(frame);
    const char *packed = output_memory(output, &packed_size);
    test_assert_text(packed, packed_size, all, total);
    output_close(output, true);
    pack_close(pack);
    free(piece);
    free(all);
    free(blocks);
    free(again);
    return packed_size;
}

static void pieces_of_all_shapes_come_back(void **state)
{
    (void)state;
    static const struct test_shape shapes[] = {
        {40, 60, 110, 8, 100000},      /* as lines are */
        {40, 60, 110, 2, 100000},      /* distances that come again and again */
        {0, 30, 100, 3, 100000},       /* nothing between matches */
        {3, PACK_MATCH_LEAST, 20, 4, 300000},
        {500, 300, 4000, 5, TEST_SIZE}, /* several blocks */
        {10, 100000, 50, 3, TEST_SIZE},
        {10, 300000, 50, 3, TEST_SIZE}, /* matches of several blocks */
        {200000, 200, 50, 3, TEST_SIZE},
        {1, 20, TEST_BLOCK, 3, TEST_SIZE},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            test_frame(&shapes[i], seed);
}

/* A match begins so that every number of its bytes falls into the first block. */
static void a_block_may_end_anywhere(void **state)
{
    (void)state;
    enum { MATCH = 40, DISTANCE = 100 };
    struct test_piece *piece = malloc(sizeof *piece);
    struct pack *pack = pack_open();
    struct rng rng;
    rng_open(&rng, 5, "pack", 0);
    for (uint32_t first = TEST_BLOCK - MATCH - 10; first < TEST_BLOCK + 10; first++)
        for (uint32_t rest = 0; rest < 2; rest++) {
            piece->text = (struct pack_text){.bytes = piece->bytes, .matches = piece->matches};
            test_literals(piece, &rng, first);
            test_match(piece, (struct pack_match){first, MATCH, DISTANCE});
            test_literals(piece, &rng, rest);
            char *blocks = malloc(pack_room(piece->text.size));
            struct output *output = output_to_memory();
            struct pack_frame *frame = pack_frame_open(output);
            pack_frame_add(frame, &piece->text, blocks, pack_blocks(pack, &piece->text, blocks));
            pack_frame_close(frame);
            size_t size;
            const char *packed = output_memory(output, &size);
            test_assert_text(packed, size, piece->bytes, piece->text.size);
            output_close(output, true);
            free(blocks);
        }
    pack_close(pack);
    free(piece);
}

/* Of a text without matches; returns the size packed. */
static size_t test_plain(const char *bytes, size_t size)
{
    struct pack *pack = pack_open();
    char *blocks = malloc(pack_room(size));
    struct output *output = output_to_memory();
    struct pack_frame *frame = pack_frame_open(output);
    const struct pack_text text = {.bytes = bytes, .size = size};
    if (size > 0)
        pack_frame_add(frame, &text, blocks, pack_blocks(pack, &text, blocks));
    pack_frame_close(frame);
    size_t packed_size;
    const char *packed = output_memory(output, &packed_size);
    test_assert_text(packed, packed_size, bytes, size);
    output_close(output, true);
    free(blocks);
    pack_close(pack);
    return packed_size;
}

static void text_that_repeats_nothing_comes_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,              1,          2,
                                   300,            TEST_BLOCK, TEST_BLOCK - 1,
                                   TEST_BLOCK + 1, TEST_SIZE};
    char *digits = malloc(TEST_SIZE), *bytes = malloc(TEST_SIZE), *same = malloc(TEST_SIZE);
    struct rng rng;
    rng_open(&rng, 9, "pack", 0);
    for (size_t i = 0; i < TEST_SIZE; i++) {
        digits[i] = (char)('0' + rng_below(&rng, 10));
        bytes[i] = (char)rng_below(&rng, 256);
    }
    memset(same, 'a', TEST_SIZE);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t size = test_plain(digits, sizes[i]);
        assert_true(sizes[i] < 1000 || size < sizes[i] / 2);
        test_plain(bytes, sizes[i]); /* nothing to gain */
        test_plain(same, sizes[i]);
    }
    free(digits);
    free(bytes);
    free(same);
}

static void what_repeats_takes_less_room(void **state)
{
    (void)state;
    const struct test_shape lines = {40, 60, 110, 8, 100000};
    /* Half of it is literals of log2(10) bits, the other half takes two bytes a match. */
    assert_true(test_frame(&lines, 1) < 100000 * TEST_PIECES * 3 / 10);
}

static void test_pack_match(void *context)
{
    static const char bytes[] = "0123456789012345678901234567890123456789";
    const struct pack_text text = {bytes, sizeof bytes, context, 1};
    char blocks[1024];
    pack_blocks(pack_open(), &text, blocks);
}

static void matches_that_could_mislead_end_the_program(void **state)
{
    (void)state;
    struct pack_match matches[] = {
        {20, PACK_MATCH_LEAST - 1, 10},
        {20, PACK_MATCH_LEAST, PACK_DISTANCE_LEAST - 1},
        {20, 30, 10}, /* beyond the end */
        {20, 20, 21}, /* before the beginning */
    };
    for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
        char words[512];
        assert_int_equal(death_of(test_pack_match, &matches[i], words, sizeof words), 1);
        assert_non_null(strstr(words, "check failed"));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(pieces_of_all_shapes_come_back),
    cmocka_unit_test(a_block_may_end_anywhere),
    cmocka_unit_test(text_that_repeats_nothing_comes_back),
    cmocka_unit_test(what_repeats_takes_less_room),
    cmocka_unit_test(matches_that_could_mislead_end_the_program),
};

TEST_MAIN(tests)
