/* SPDX-License-Identifier: GPL-3.0-or-later
   Text as one zstd frame (RFC 8878) whose pieces are packed apart from each other, by any
   thread.  Who made the text says what repeats in it, so that nobody searches. */
#ifndef SIM_ENGINE_PACK_H
#define SIM_ENGINE_PACK_H

#include "sim/engine/output.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PACK_MATCH_LEAST = 7,   /* bytes; shorter ones cost more than they save */
    PACK_DISTANCE_LEAST = 9 /* no piece may look like one that uses distances of another:
                               a frame begins with 1, 4 and 8 */
};

/* Bytes equal to others before them in the same piece. */
struct pack_match {
    uint32_t literals; /* bytes between the match before it, or the beginning, and this one */
    uint32_t size;     /* at least PACK_MATCH_LEAST */
    uint32_t distance; /* PACK_DISTANCE_LEAST to 128 KiB; how far before it they stand */
};

/* A piece of text. */
struct pack_text {
    const char *bytes;
    size_t size; /* above 0 */
    const struct pack_match *matches; /* what follows the last one repeats nothing */
    size_t match_count;
};

/* What packs, for one thread at a time.  Equal text gives equal blocks under one version of
   libzstd. */
struct pack *pack_open(void);
size_t pack_room(size_t size); /* for the blocks of so much text */
/* The blocks of a piece at `to`, which has pack_room; returns their size. */
size_t pack_blocks(struct pack *pack, const struct pack_text *text, char *to);
void pack_close(struct pack *pack); /* NULL is fine */

/* Begins a frame; its blocks are those of pieces in the order of the text. */
struct pack_frame *pack_frame_open(struct output *output);
void pack_frame_add(struct pack_frame *frame, const struct pack_text *text,
                    const char *blocks, size_t size);
/* Ends and frees it; the output is not closed. */
void pack_frame_close(struct pack_frame *frame);

#endif
