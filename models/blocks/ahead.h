/* SPDX-License-Identifier: GPL-3.0-or-later
   Draws made some picks before they are used, so that by then memory has what the picks look
   at.  They leave in the order of the stream, so picks are the same as without. */
#ifndef MODELS_BLOCKS_AHEAD_H
#define MODELS_BLOCKS_AHEAD_H

#include "models/policy.h"

enum {
    AHEAD_DRAWS = 8,
    AHEAD_BACKENDS_MIN = 4096 /* fewer are in the cache anyway */
};

struct ahead {
    bool is_on;
    uint32_t next;
    uint64_t draws[AHEAD_DRAWS];
};

/* To be called by init. */
static inline void ahead_init(struct ahead *ahead, const struct view *view, struct rng *rng)
{
    ahead->is_on = view->capacity >= AHEAD_BACKENDS_MIN;
    for (uint32_t i = 0; ahead->is_on && i < AHEAD_DRAWS; i++)
        ahead->draws[i] = rng_next(rng);
}

/* The next draw, where it is on; `coming` is the draw AHEAD_DRAWS picks later. */
static inline uint64_t ahead_draw(struct ahead *ahead, struct rng *rng, uint64_t *coming)
{
    uint64_t *draw = &ahead->draws[ahead->next++ % AHEAD_DRAWS], due = *draw;
    *draw = *coming = rng_next(rng);
    return due;
}

/* Asks memory for what is touched when this one is looked at and picked.  Always inline: gcc
   drops the calls of a function without effects. */
static inline __attribute__((always_inline)) void ahead_fetch(const struct view *view,
                                                              backend_id backend)
{
    __builtin_prefetch(&view->outstanding[backend], 1);
    if (view->records != NULL)
        __builtin_prefetch(&view->records[backend], 1);
}

#endif
