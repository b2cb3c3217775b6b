/* SPDX-License-Identifier: GPL-3.0-or-later
   The wheel of HAProxy's roundrobin: each server has a next position on a line, total / weight
   further at each turn with the remainder carried over.  Three trees: of those not yet served
   in this turn by falling weight, of those due again within it by position, and of those left
   for the next.  src/lb_fwrr.c, with 32-bit arithmetic as there */
#ifndef MODELS_BLOCKS_HAPROXY_WHEEL_H
#define MODELS_BLOCKS_HAPROXY_WHEEL_H

#include "models/blocks/fifo_tree.h"

/* The first two take turns in being for this turn of the wheel and for the next. */
enum haproxy_wheel_tree { WHEEL_EVEN, WHEEL_ODD, WHEEL_CURRENT, WHEEL_NONE };

struct haproxy_wheel_server {
    uint32_t weight;     /* in sixteenths; 0: not in rotation */
    uint32_t last, next; /* positions */
    uint32_t rest;       /* of the division by the weight, carried over */
    uint32_t tree;
    backend_id chained;  /* the next in the list of those passed over */
};

struct haproxy_wheel {
    struct haproxy_wheel_server *servers; /* by backend_id */
    struct fifo_tree trees[3];
    uint32_t init_tree;        /* which of the first two is for this turn */
    uint32_t position, weight; /* where the wheel is, and the total it turns with */
    uint32_t total;            /* of the weights now */
    bool turns;
    bool requeues; /* a server that changes its weight is queued as one that comes up */
};

void haproxy_wheel_init(struct haproxy_wheel *wheel, uint32_t capacity, struct arena *arena);

/* Weights in sixteenths up to 4096, 0 to take a server out.  Those set before the first call
   of haproxy_wheel_start are there from the beginning. */
void haproxy_wheel_set(struct haproxy_wheel *wheel, backend_id id, uint32_t weight);
void haproxy_wheel_start(struct haproxy_wheel *wheel);

/* Whose turn it is among the eligible, `avoid` (or NO_BACKEND) only if there is no other.
   Those passed over lose their turn but not their place.  NO_BACKEND when nobody eligible is
   in rotation. */
backend_id haproxy_wheel_take(struct haproxy_wheel *wheel, const uint8_t *is_eligible,
                              backend_id avoid);

#endif
