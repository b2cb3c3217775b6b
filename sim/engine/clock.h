/* SPDX-License-Identifier: GPL-3.0-or-later
   Simulated time: whole nanoseconds since the start of a run.  Sampled durations are
   rounded at once, so every comparison, sum and tie is one of integers. */
#ifndef SIM_ENGINE_CLOCK_H
#define SIM_ENGINE_CLOCK_H

#include <stdint.h>

typedef int64_t sim_time;

#define SIM_NEVER INT64_MAX
#define SIM_MICROSECOND INT64_C(1000)
#define SIM_MILLISECOND INT64_C(1000000)
#define SIM_SECOND INT64_C(1000000000)
#define SIM_LONGEST (INT64_C(1) << 60) /* 36 years: what a sampled duration is cut to */

/* The duration of `ns` nanoseconds, rounded to the nearest; negative and NaN give 0. */
static inline sim_time sim_time_of(double ns)
{
    if (!(ns > 0))
        return 0;
    return ns < (double)SIM_LONGEST ? (sim_time)(ns + 0.5) : SIM_LONGEST;
}

static inline double sim_seconds(sim_time time)
{
    return (double)time / 1e9;
}

#endif
