/* SPDX-License-Identifier: GPL-3.0-or-later
   Memory with the life of a run or a scenario: taken piece by piece, freed as a whole.
   Pieces of 1 MiB and more are aligned for huge pages. */
#ifndef SIM_ENGINE_ARENA_H
#define SIM_ENGINE_ARENA_H

#include <stddef.h>

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used, room;          /* within the newest block */
    size_t bytes, pieces;       /* taken so far, for tests and reports */
};

/* A zeroed struct arena is an empty arena. */
void *arena_take(struct arena *arena, size_t count, size_t size); /* zeroed, 64-byte aligned
                                                                     from 64 bytes on */
char *arena_copy_text(struct arena *arena, const char *text, size_t length);
/* All pieces of `other` become those of `arena`; `other` is empty then. */
void arena_join(struct arena *arena, struct arena *other);
void arena_free(struct arena *arena); /* frees all; the arena is empty again */

#endif
