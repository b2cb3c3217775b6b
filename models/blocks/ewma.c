/* SPDX-License-Identifier: GPL-3.0-or-later
   Time-decayed averages; exp comes from the sampler, so the bits are the same everywhere. */
#include "models/blocks/ewma.h"

#include "sim/engine/sampler.h"

double ewma_remains(sim_time elapsed, sim_time tau)
{
    return elapsed > 0 ? sampler_exp(-(double)elapsed / (double)tau) : 1;
}

void ewma_feed(struct ewma *ewma, double sample, sim_time now, sim_time tau)
{
    double remains = ewma_remains(now - ewma->at, tau);
    ewma->value = ewma->value * remains + sample * (1 - remains);
    ewma->at = now;
}

void ewma_feed_peak(struct ewma *ewma, double sample, sim_time now, sim_time tau)
{
    if (sample > ewma->value) {
        ewma->value = sample;
        ewma->at = now;
        return;
    }
    ewma_feed(ewma, sample, now, tau);
}

double ewma_faded(const struct ewma *ewma, sim_time now, sim_time tau)
{
    return ewma->value * ewma_remains(now - ewma->at, tau);
}
