/* SPDX-License-Identifier: GPL-3.0-or-later
   Smooth weighted round robin as nginx does it.  At each turn every member of the set gains
   its effective weight, the one with the most wins (the earliest visited of equals) and pays
   what all gained together.  5:1:1 gives a a b a c a a.  An effective weight that failures
   took down comes back by one a turn, after it was counted. */
#ifndef MODELS_BLOCKS_SMOOTH_H
#define MODELS_BLOCKS_SMOOTH_H

#include "models/policy.h"

struct smooth {
    int64_t *weight, *effective, *current; /* by backend_id */
};

/* One turn: visit the members of the set in order, then take. */
struct smooth_turn {
    int64_t total;
    backend_id best;
};
#define SMOOTH_TURN {0, NO_BACKEND}

/* All weights 0. */
void smooth_init(struct smooth *smooth, uint32_t capacity, struct arena *arena);
/* As if the member were new. */
void smooth_reset(struct smooth *smooth, backend_id backend, int64_t weight);

static inline void smooth_visit(struct smooth *smooth, struct smooth_turn *turn,
                                backend_id backend)
{
    int64_t gain = smooth->effective[backend];
    int64_t current = smooth->current[backend] += gain;
    turn->total += gain;
    smooth->effective[backend] += gain < smooth->weight[backend];
    if (turn->best == NO_BACKEND || current > smooth->current[turn->best])
        turn->best = backend;
}

/* The winner; at least one was visited. */
static inline backend_id smooth_take(struct smooth *smooth, const struct smooth_turn *turn)
{
    smooth->current[turn->best] -= turn->total;
    return turn->best;
}

#endif
