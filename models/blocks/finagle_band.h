/* SPDX-License-Identifier: GPL-3.0-or-later
   How many nodes a Finagle client uses: one more whenever the smoothed requests outstanding
   per node reach the high load, one fewer at the low.  loadbalancer/aperture/LoadBand.scala */
#ifndef MODELS_BLOCKS_FINAGLE_BAND_H
#define MODELS_BLOCKS_FINAGLE_BAND_H

#include "models/blocks/ewma.h"

#include <stdbool.h>

struct finagle_band_config {
    sim_time smooth_window;
    double low_load, high_load;
    uint64_t min_aperture;
};

struct finagle_band {
    struct finagle_band_config config;
    uint32_t aperture, all; /* nodes in use, of so many */
    uint32_t outstanding;
    struct ewma load;
    bool has_load;
};

/* Another set of nodes: back to the minimum. */
void finagle_band_reset(struct finagle_band *band, uint32_t all);
/* A request more (by 1) or fewer (by -1) is outstanding. */
void finagle_band_count(struct finagle_band *band, int by, sim_time now);

/* The share of the nodes that is in use; there must be some. */
static inline double finagle_band_reach(const struct finagle_band *band)
{
    return (double)band->aperture / (double)band->all;
}

#endif
