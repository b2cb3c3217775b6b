/* SPDX-License-Identifier: GPL-3.0-or-later
   What a change of the pods did to a mapping from keys to pods. */
#ifndef SIM_CLI_CHURN_FIGURES_H
#define SIM_CLI_CHURN_FIGURES_H

#include "models/policy.h"

/* Pods before and after one change, and where each key was mapped to: a number of a pod or
   NO_BACKEND. */
struct churn_mapping {
    const struct backend *pods; /* those there at first, then the added ones */
    uint32_t pod_count, first_count;
    const uint8_t *is_removed; /* by pod */
    bool weighted;             /* shares are to follow the weights; else to be even */
    const backend_id *before, *after;
    uint64_t key_count;
};

struct churn_figures {
    uint64_t moved;
    double least;   /* that had to move: those of removed pods, and as many as make up the share
                       that the pods which stay cede */
    uint64_t among; /* moved from a pod that stays to another that stays */
    uint64_t nowhere_before, nowhere_after; /* mapped to nobody */
};

struct churn_figures churn_figures_make(const struct churn_mapping *mapping);

/* Keys of each pod, before or after; `counts` has room for all pods. */
void churn_figures_count(const struct churn_mapping *mapping, bool after, uint64_t *counts);
/* The largest number of keys over that which an even load, by weights if they matter, would
   give the same pod; NaN where there is none. */
double churn_figures_peak(const struct churn_mapping *mapping, bool after,
                          const uint64_t *counts);

#endif
