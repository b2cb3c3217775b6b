/* SPDX-License-Identifier: GPL-3.0-or-later
   The share of failures among a pod's recent ends, older ones fading with exp(-age /
   tau). */
#ifndef MODELS_BLOCKS_ERROR_SHARE_H
#define MODELS_BLOCKS_ERROR_SHARE_H

#include "models/blocks/ewma.h"

#include <stdbool.h>

/* A zeroed one has seen nothing. */
struct error_share {
    double errors, ends; /* as of `at` */
    sim_time at;
};

static inline void error_share_feed(struct error_share *share, bool success, sim_time now,
                                    sim_time tau)
{
    double remains = ewma_remains(now - share->at, tau);
    share->errors = share->errors * remains + !success;
    share->ends = share->ends * remains + 1;
    share->at = now;
}

/* 0 where nothing was seen, 1 where all failed. */
static inline double error_share_value(const struct error_share *share)
{
    return share->ends > 0 ? share->errors / share->ends : 0;
}

#endif
