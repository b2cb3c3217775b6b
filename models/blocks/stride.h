/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's static stride scheduler: all walk round the list by one counter, and who has a share
   of the largest weight is passed over in the other rounds, spread evenly.  No state but the
   counter: a schedule made anew goes on where the old one was. */
#ifndef MODELS_BLOCKS_STRIDE_H
#define MODELS_BLOCKS_STRIDE_H

#include "sim/engine/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct stride {
    uint16_t *weights; /* scaled, the largest being 65535 */
    uint32_t count;
    uint32_t sequence; /* of the next look; the caller sets where it begins */
};

/* Room for `capacity` entries; sequence 0. */
void stride_init(struct stride *stride, uint32_t capacity, struct arena *arena);

/* weights[0 … count - 1], of which 0 is an unknown one and counts as the mean of the others;
   with fewer than two known all are equal.  `clamp`: between 1 % and 10 times the mean, in
   single precision, as in C++ but not in Go. */
void stride_fill(struct stride *stride, const double *weights, uint32_t count, bool clamp);

/* The index whose turn it is.  count > 0. */
uint32_t stride_pick(struct stride *stride);

#endif
