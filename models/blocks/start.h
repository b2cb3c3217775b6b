/* SPDX-License-Identifier: GPL-3.0-or-later
   Where a balancer begins its turn.  Products begin at random, so that many balancers do not
   walk in step; a fixed beginning makes their recordings repeatable. */
#ifndef MODELS_BLOCKS_START_H
#define MODELS_BLOCKS_START_H

#include "sim/engine/param.h"
#include "sim/engine/rng.h"

enum start_where { START_RANDOM, START_FIRST };

struct start {
    uint32_t where;
    uint64_t skip;
};

extern const char *const start_words[];

/* Two rows for the table of a policy whose `config` has a struct start called `start`. */
#define START_PARAMS(config) \
    {.key = "start", .type = PARAM_CHOICE, \
     .offset = PARAM_FIELD(config, start.where, uint32_t), .fallback = "random", \
     .of.words = start_words, .help = "where the turn begins"}, \
    {.key = "skip", .type = PARAM_COUNT, \
     .offset = PARAM_FIELD(config, start.skip, uint64_t), .fallback = "0", \
     .help = "with start: first, how many turns count as taken already"}

/* How many turns count as taken already. */
static inline uint64_t start_draw(const struct start *start, struct rng *rng)
{
    return start->where == START_RANDOM ? rng_next(rng) : start->skip;
}

#endif
