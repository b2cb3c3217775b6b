/* SPDX-License-Identifier: GPL-3.0-or-later
   Averages of samples that come at any time, in which old samples fade with exp(-age / tau):
   the ordinary one, and the peak-reset one of Finagle, which takes a sample above the average
   at once and fades only downwards. */
#ifndef MODELS_BLOCKS_EWMA_H
#define MODELS_BLOCKS_EWMA_H

#include "sim/engine/clock.h"

/* A zeroed struct is 0 at time 0; start it with {first value, now}. */
struct ewma {
    double value; /* as of `at`, in the unit of the samples */
    sim_time at;  /* when it was last fed */
};

/* exp(-elapsed / tau): what remains of the past; 1 for elapsed <= 0.  tau > 0. */
double ewma_remains(sim_time elapsed, sim_time tau);

/* value = value * remains + sample * (1 - remains), at = now.  A sample at the same instant as
   the last one, or before it, changes nothing.  A sample of 0 is plain decay. */
void ewma_feed(struct ewma *ewma, double sample, sim_time now, sim_time tau);

/* The same, but a sample above the value replaces it. */
void ewma_feed_peak(struct ewma *ewma, double sample, sim_time now, sim_time tau);

/* What the value would be at `now` had samples of 0 come since; changes nothing. */
double ewma_faded(const struct ewma *ewma, sim_time now, sim_time tau);

#endif
