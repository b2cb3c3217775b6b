/* SPDX-License-Identifier: GPL-3.0-or-later
   The Maglev table: backends take turns, each taking the next slot of its own permutation
   that is still free, until the table is full.  Products differ in the permutations (offset
   and skip), in the order of the rows and in the turns that a weight gives: those are the
   caller's.  D. Eisenbud et al., Maglev, NSDI 2016. */
#ifndef MODELS_BLOCKS_MAGLEV_H
#define MODELS_BLOCKS_MAGLEV_H

#include "models/policy.h"

/* One backend while the table is filled.  Slot j of its permutation is
   (offset + j * skip) mod size. */
struct maglev_row {
    backend_id backend;
    uint32_t offset; /* 0 to size - 1 */
    uint32_t skip;   /* 1 to size - 1 */
    uint32_t taken;  /* slots that it has, counted by maglev_fill */
    double weight, target; /* the caller's, for its rule of turns */
    uint32_t step, place;  /* maglev_fill's own */
};

struct maglev {
    backend_id *table; /* size entries; all NO_BACKEND where there are no rows */
    uint32_t size;     /* a prime */
    bool narrow; /* offset + j * skip wraps at 32 bits before it is reduced, as in Katran */
    struct maglev_row *rows; /* capacity of them; the caller fills the first `count` */
    uint32_t count;
};

/* How many slots a row takes in a round (from 1); may keep its books in the row.  Over all
   rows and rounds the sum must grow for ever. */
typedef uint32_t maglev_turns(void *context, struct maglev_row *row, uint64_t round);

/* Memory for `capacity` rows; the rest is 0.  The table is filled with NO_BACKEND. */
void maglev_init(struct maglev *maglev, uint32_t size, uint32_t capacity,
                 struct arena *arena);
/* Fills the table from rows[0 … count - 1], which take turns in that order.  `turns` NULL:
   one slot each. */
void maglev_fill(struct maglev *maglev, maglev_turns *turns, void *context);

static inline backend_id maglev_at(const struct maglev *maglev, uint64_t hash)
{
    return maglev->table[hash % maglev->size];
}

bool maglev_is_prime(uint64_t number);

#endif
