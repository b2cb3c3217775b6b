/* SPDX-License-Identifier: GPL-3.0-or-later
   libzstd packs each piece as a frame of its own, from the matches that it is told.  Blocks
   refer to earlier ones in three ways: by tables, which the first block of a frame cannot, by
   distances into the text, which stay within the piece, and by repeating one of the last
   three distances, which PACK_DISTANCE_LEAST rules out until the piece has set its own.  So
   the blocks of several frames make one. */
#define XXH_INLINE_ALL
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_compressSequences */
#include "sim/engine/pack.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zstd.h>

/* Level 1 packs literals by their frequency, which is most of what there is to do. */
enum {
    PACK_LEVEL = 1,
    PACK_WINDOW_LOG = 17,
    PACK_BLOCK = 1 << PACK_WINDOW_LOG,
    PACK_BLOCK_HEAD = 3,
    PACK_HEAD = 6,
    PACK_TAIL = PACK_BLOCK_HEAD + 4
};
_Static_assert((int)PACK_BLOCK == ZSTD_BLOCKSIZE_MAX, "the largest block there is");

struct pack {
    ZSTD_CCtx *zstd;
    ZSTD_Sequence *sequences;
    size_t count, room;
    size_t left; /* bytes that still fit into the block */
};

struct pack_frame {
    struct output *output;
    XXH64_state_t checksum;
};

/* -- pieces -- */

static void pack_set(struct pack *pack, ZSTD_cParameter parameter, int value)
{
    CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(pack->zstd, parameter, value)));
}

struct pack *pack_open(void)
{
    struct pack *pack = memory_zeroed(1, sizeof *pack);
    pack->zstd = ZSTD_createCCtx();
    if (pack->zstd == NULL)
        check_out_of_memory(sizeof *pack);
    pack_set(pack, ZSTD_c_compressionLevel, PACK_LEVEL);
    pack_set(pack, ZSTD_c_windowLog, PACK_WINDOW_LOG);
    pack_set(pack, ZSTD_c_minMatch, PACK_MATCH_LEAST - 1);
    pack_set(pack, ZSTD_c_contentSizeFlag, 0);
    pack_set(pack, ZSTD_c_blockDelimiters, ZSTD_sf_explicitBlockDelimiters);
    return pack;
}

size_t pack_room(size_t size)
{
    return ZSTD_compressBound(size) + PACK_HEAD;
}

static void pack_put(struct pack *pack, uint32_t literals, uint32_t size, uint32_t distance)
{
    CHECK(pack->count < pack->room);
    pack->sequences[pack->count++] =
        (ZSTD_Sequence){.offset = distance, .litLength = literals, .matchLength = size};
    pack->left -= literals + size;
}

static void pack_end_block(struct pack *pack, uint32_t literals)
{
    pack_put(pack, literals, 0, 0);
    pack->left = PACK_BLOCK;
}

/* Ends blocks as long as the literals, which repeat nothing, do not fit; returns the rest. */
static uint32_t pack_put_literals(struct pack *pack, uint32_t literals)
{
    while (literals > pack->left) {
        literals -= (uint32_t)pack->left;
        pack_end_block(pack, (uint32_t)pack->left);
    }
    return literals;
}

/* The parts of a match that is cut by the end of a block must not get too short. */
static void pack_put_match(struct pack *pack, struct pack_match match)
{
    match.literals = pack_put_literals(pack, match.literals);
    while (match.literals + match.size > pack->left) {
        uint32_t part = (uint32_t)pack->left - match.literals;
        if (match.size - part < PACK_MATCH_LEAST)
            part = part < PACK_MATCH_LEAST ? 0 : part - PACK_MATCH_LEAST;
        if (part < PACK_MATCH_LEAST) {
            pack_end_block(pack, match.literals);
        } else {
            pack_put(pack, match.literals, part, match.distance);
            pack_end_block(pack, 0);
            match.size -= part;
        }
        match.literals = 0;
    }
    pack_put(pack, match.literals, match.size, match.distance);
}

/* The library believes what it is told. */
static void pack_check_match(const struct pack_match *match, size_t at)
{
    CHECK(match->size >= PACK_MATCH_LEAST && match->distance >= PACK_DISTANCE_LEAST &&
          match->distance <= PACK_BLOCK && match->distance <= at);
}

static void pack_list(struct pack *pack, const struct pack_text *text)
{
    size_t most = text->match_count + 4 * (text->size / PACK_BLOCK) + 4;
    if (most > pack->room) {
        pack->room = 2 * most;
        free(pack->sequences);
        pack->sequences = memory_take(pack->room, sizeof *pack->sequences);
    }
    pack->count = 0;
    pack->left = PACK_BLOCK;
    size_t at = 0;
    for (size_t i = 0; i < text->match_count; i++) {
        const struct pack_match *match = &text->matches[i];
        at += match->literals;
        pack_check_match(match, at);
        at += match->size;
        pack_put_match(pack, *match);
    }
    CHECK(at <= text->size);
    uint32_t literals = pack_put_literals(pack, (uint32_t)(text->size - at));
    if (literals > 0 || pack->left < PACK_BLOCK)
        pack_end_block(pack, literals);
}

/* Of a block's head of three bytes: the last of its frame; how; how many bytes. */
enum { PACK_IS_LAST = 1, PACK_HOW = 3, PACK_REPEATS_A_BYTE = 1 };

/* None of them is the last: further pieces may follow. */
static void pack_join(char *blocks, size_t size)
{
    for (size_t at = 0; at < size;) {
        unsigned char *head = (unsigned char *)blocks + at;
        unsigned how = head[0] >> 1 & PACK_HOW;
        size_t body = (size_t)head[0] >> 3 | (size_t)head[1] << 5 | (size_t)head[2] << 13;
        head[0] &= (unsigned char)~PACK_IS_LAST;
        at += PACK_BLOCK_HEAD + (how == PACK_REPEATS_A_BYTE ? 1 : body);
    }
}

size_t pack_blocks(struct pack *pack, const struct pack_text *text, char *to)
{
    CHECK(text->size > 0 && text->size <= UINT32_MAX);
    pack_list(pack, text);
    size_t size = ZSTD_compressSequences(pack->zstd, to, pack_room(text->size),
                                         pack->sequences, pack->count, text->bytes, text->size);
    CHECK(!ZSTD_isError(size));
    size_t head = ZSTD_frameHeaderSize(to, size);
    CHECK(!ZSTD_isError(head));
    size -= head;
    memmove(to, to + head, size);
    pack_join(to, size);
    return size;
}

void pack_close(struct pack *pack)
{
    if (pack == NULL)
        return;
    ZSTD_freeCCtx(pack->zstd);
    free(pack->sequences);
    free(pack);
}

/* -- the frame -- */

struct pack_frame *pack_frame_open(struct output *output)
{
    struct pack_frame *frame = memory_take(1, sizeof *frame);
    frame->output = output;
    XXH64_reset(&frame->checksum, 0);
    /* Magic number; a checksum at the end, the size not known; the window. */
    static const unsigned char head[PACK_HEAD] = {0x28, 0xb5, 0x2f, 0xfd, 1 << 2,
                                                  (PACK_WINDOW_LOG - 10) << 3};
    output_bytes(output, head, sizeof head);
    return frame;
}

void pack_frame_add(struct pack_frame *frame, const struct pack_text *text,
                    const char *blocks, size_t size)
{
    XXH64_update(&frame->checksum, text->bytes, text->size);
    output_bytes(frame->output, blocks, size);
}

void pack_frame_close(struct pack_frame *frame)
{
    uint64_t checksum = XXH64_digest(&frame->checksum);
    unsigned char tail[PACK_TAIL] = {PACK_IS_LAST}; /* an empty block */
    for (int i = 0; i < 4; i++)
        tail[PACK_BLOCK_HEAD + i] = (unsigned char)(checksum >> 8 * i);
    output_bytes(frame->output, tail, sizeof tail);
    free(frame);
}
