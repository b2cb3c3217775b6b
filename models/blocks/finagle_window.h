/* SPDX-License-Identifier: GPL-3.0-or-later
   The nodes inside a Finagle client's aperture, drawn by weight, the less loaded for its
   weight of two.  loadbalancer/aperture/WeightedP2CPick.scala, ProbabilityDistribution.scala */
#ifndef MODELS_BLOCKS_FINAGLE_WINDOW_H
#define MODELS_BLOCKS_FINAGLE_WINDOW_H

#include "models/policy.h"

struct finagle_window {
    backend_id *nodes;
    double *weight; /* beside nodes */
    double *end;    /* beside nodes: running sum of the shares of all weights */
    uint32_t count;
};

void finagle_window_init(struct finagle_window *window, uint32_t capacity,
                         struct arena *arena);
/* Adds a node; the shares are made by finagle_window_close. */
void finagle_window_add(struct finagle_window *window, backend_id node, double weight);
void finagle_window_close(struct finagle_window *window);

/* Points are drawn below `reach` of the sum of shares, 1 for all.  Up to five draws for a
   second node other than the first, up to five picks for one that may be
   picked; NO_BACKEND when all were in vain. */
backend_id finagle_window_pick(const struct finagle_window *window, double reach,
                               const struct view *view, struct rng *rng);

/* The less loaded of two of all that may be picked, for when the window has none of them.
   Finagle would take one that is down. */
backend_id finagle_window_panic(const struct view *view, struct rng *rng);

#endif
