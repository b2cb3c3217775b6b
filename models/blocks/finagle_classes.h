/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's nodes in classes of equal weight, and the better of two drawn within a class.  A
   request first draws its class in proportion to weight times size, so within a class weights
   do not matter.  loadbalancer/TrafficDistributor.scala, p2c/P2CPick.scala */
#ifndef MODELS_BLOCKS_FINAGLE_CLASSES_H
#define MODELS_BLOCKS_FINAGLE_CLASSES_H

#include "models/policy.h"

enum { FINAGLE_EFFORT = 5 }; /* picks until one of an open node is given up */

struct finagle_classes {
    backend_id *members; /* class by class, in slot order within one */
    uint32_t *begin;     /* by class: where in members; count + 1 of them */
    double *weight;      /* by class */
    double *end;         /* by class: running sum of weight * size */
    uint32_t count;
};

/* What a node costs; may bring its own figures up to date. */
struct finagle_load {
    double (*of)(void *state, const struct view *view, backend_id backend);
    void *state;
};

void finagle_classes_init(struct finagle_classes *classes, uint32_t capacity,
                          struct arena *arena);
void finagle_classes_update(struct finagle_classes *classes, const struct view *view);

/* The less loaded of two distinct nodes, the first drawn of equals; a node that is down or
   full loses against one that is not. */
backend_id finagle_classes_pick(const struct finagle_classes *classes, const struct view *view,
                                struct finagle_load load, struct rng *rng);

#endif
