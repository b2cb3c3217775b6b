/* SPDX-License-Identifier: GPL-3.0-or-later
   The controller of Finagle's random aperture. */
#include "models/blocks/finagle_band.h"

static void finagle_band_adjust(struct finagle_band *band, int by)
{
    int64_t all = band->all, aperture = (int64_t)band->aperture + by;
    int64_t least = (int64_t)band->config.min_aperture;
    least = least < all ? least : all;
    aperture = aperture < all ? aperture : all;
    band->aperture = (uint32_t)(aperture > least ? aperture : least);
}

void finagle_band_reset(struct finagle_band *band, uint32_t all)
{
    band->all = all;
    band->aperture = 1;
    finagle_band_adjust(band, 0);
}

void finagle_band_count(struct finagle_band *band, int by, sim_time now)
{
    band->outstanding += (uint32_t)by;
    if (band->has_load)
        ewma_feed(&band->load, band->outstanding, now, band->config.smooth_window);
    else
        band->load = (struct ewma){band->outstanding, now};
    band->has_load = true;
    double load = band->load.value / (double)band->aperture;
    if (load >= band->config.high_load)
        finagle_band_adjust(band, 1);
    else if (load <= band->config.low_load)
        finagle_band_adjust(band, -1);
}
