/* SPDX-License-Identifier: GPL-3.0-or-later
   The clock of products that know whole milliseconds only: a duration there is the
   difference of two readings, each cut off, not a cut-off difference. */
#ifndef MODELS_BLOCKS_MILLISECONDS_H
#define MODELS_BLOCKS_MILLISECONDS_H

#include "sim/engine/clock.h"

static inline int64_t milliseconds_at(sim_time now)
{
    return now / SIM_MILLISECOND;
}

/* Of what lasted until `end`; never negative. */
static inline int64_t milliseconds_of(sim_time duration, sim_time end)
{
    sim_time begin = end - duration;
    int64_t cut = begin / SIM_MILLISECOND - (begin % SIM_MILLISECOND < 0);
    return milliseconds_at(end) - cut;
}

#endif
