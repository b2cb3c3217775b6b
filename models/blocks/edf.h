/* SPDX-License-Identifier: GPL-3.0-or-later
   Earliest deadline first, the weighted round robin of Envoy and grpc-go: every item waits
   for its deadline, the earliest is picked, and goes back in at now + 1 / weight.  Weights
   are asked for when an item goes in, so a change shows at its next turn.  Order O(log n). */
#ifndef MODELS_BLOCKS_EDF_H
#define MODELS_BLOCKS_EDF_H

#include <stdint.h>

/* Who goes first among equal deadlines: who was put in first, as in Envoy, or the lowest
   item, as in grpc-go. */
enum edf_tie { EDF_TIE_INSERTED, EDF_TIE_ITEM };

struct edf_entry {
    double deadline;
    uint64_t order; /* among equal deadlines the lowest goes first */
    uint32_t item;
};

struct edf {
    struct edf_entry *heap; /* the caller's, with room for every item at once */
    uint32_t count;
    enum edf_tie tie;
    double now;        /* the deadline of the last pick */
    uint64_t inserted; /* how often an item was put in */
};

/* How to ask for an item's weight, which must be above 0. */
typedef double edf_weigh(const void *context, uint32_t item);
struct edf_weights {
    edf_weigh *weigh;
    const void *context;
};

/* Empty, at time 0. */
void edf_init(struct edf *edf, enum edf_tie tie, struct edf_entry *heap);

void edf_add(struct edf *edf, uint32_t item, double weight);

/* Empties the schedule and fills it with `items` in that order, as if they had been added and
   `picks` (modulo 429496729) picks made since.  Most of these are computed, as Envoy does it:
   with 1e-13 added to each weight, which lets the lighter of two go first where deadlines
   would be equal. */
void edf_fill(struct edf *edf, const uint32_t *items, uint32_t count, uint32_t picks,
              struct edf_weights weights);

/* Whose turn it is; there must be one. */
static inline uint32_t edf_first(const struct edf *edf)
{
    return edf->heap[0].item;
}

/* The first is picked: time moves to its deadline, and it goes back in. */
void edf_turn(struct edf *edf, double weight);

/* The first is gone and leaves, which moves no time: items removed may stay until they come
   up. */
void edf_drop(struct edf *edf);

/* Picks by `may` (by item): those that may not be picked lose their turns.  UINT32_MAX where
   there is nobody. */
uint32_t edf_pick(struct edf *edf, const uint8_t *may, struct edf_weights weights);

#endif
