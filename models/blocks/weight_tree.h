/* SPDX-License-Identifier: GPL-3.0-or-later
   Members with whole weights in a complete binary tree that knows the sum below each left
   child: a draw in proportion to weight and a change of one take O(log n).  As in brpc, a
   member takes its place in order of arrival and the last one fills a hole. */
#ifndef MODELS_BLOCKS_WEIGHT_TREE_H
#define MODELS_BLOCKS_WEIGHT_TREE_H

#include "models/policy.h"

#define WEIGHT_TREE_ABSENT UINT32_MAX

struct weight_tree {
    backend_id *members; /* by place: children of i at 2 i + 1 and 2 i + 2 */
    int64_t *left;       /* by place: sum below its left child */
    uint32_t *place;     /* by backend_id, or WEIGHT_TREE_ABSENT */
    int64_t *weights;    /* by backend_id */
    uint32_t count;
    int64_t total;
};

/* For `room` backends, none of them a member. */
void weight_tree_init(struct weight_tree *tree, uint32_t room, struct arena *arena);
void weight_tree_add(struct weight_tree *tree, backend_id backend, int64_t weight);
void weight_tree_remove(struct weight_tree *tree, backend_id backend);
/* The weight of a member changes by so much. */
void weight_tree_change(struct weight_tree *tree, backend_id backend, int64_t change);

/* From `place` down to the member in whose range *dice falls, which becomes the position
   within it: its place, or count and more where the dice fell out of the tree. */
uint32_t weight_tree_descend(const struct weight_tree *tree, uint32_t place, int64_t *dice);

#endif
