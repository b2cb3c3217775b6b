/* SPDX-License-Identifier: GPL-3.0-or-later
   The hosts of Envoy's and gRPC's hash policies: the string that stands for each, and its
   share of the weight. */
#ifndef MODELS_BLOCKS_SHARES_H
#define MODELS_BLOCKS_SHARES_H

#include "models/policy.h"

struct share {
    const char *key; /* the backend's address, or its name */
    backend_id backend;
    double weight; /* all sum to 1 */
};

struct shares {
    struct share *list;
    uint32_t count;
    double least, most; /* of the weights; 1 and 0 where there are none */
};

void shares_init(struct shares *shares, uint32_t capacity, struct arena *arena);
/* Those for which `included` (view->is_up or is_member) holds, in slot order.  Weights are
   rounded to whole numbers, unless the view says what they are parts of. */
void shares_collect(struct shares *shares, const struct view *view, const uint8_t *included,
                    bool by_name);
void shares_copy(struct shares *shares, const struct shares *from); /* of the same capacity */
void shares_sort(struct shares *shares); /* by key */

/* A weight as both products have it: a whole number, at least 1. */
uint32_t shares_weight(double weight);

#endif
