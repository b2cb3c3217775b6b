/* SPDX-License-Identifier: GPL-3.0-or-later
   A change walks up to the root and is noted wherever it came from the left. */
#include "models/blocks/weight_tree.h"

void weight_tree_init(struct weight_tree *tree, uint32_t room, struct arena *arena)
{
    *tree = (struct weight_tree){
        .members = arena_take(arena, room, sizeof *tree->members),
        .left = arena_take(arena, room, sizeof *tree->left),
        .place = arena_take(arena, room, sizeof *tree->place),
        .weights = arena_take(arena, room, sizeof *tree->weights),
    };
    for (uint32_t i = 0; i < room; i++)
        tree->place[i] = WEIGHT_TREE_ABSENT;
}

static void weight_tree_climb(struct weight_tree *tree, uint32_t place, int64_t change)
{
    tree->total += change;
    for (; place > 0; place = (place - 1) / 2)
        if (place % 2 == 1)
            tree->left[(place - 1) / 2] += change;
}

void weight_tree_add(struct weight_tree *tree, backend_id backend, int64_t weight)
{
    uint32_t place = tree->count++;
    tree->members[place] = backend;
    tree->left[place] = 0;
    tree->place[backend] = place;
    tree->weights[backend] = weight;
    weight_tree_climb(tree, place, weight);
}

void weight_tree_remove(struct weight_tree *tree, backend_id backend)
{
    uint32_t place = tree->place[backend], end = tree->count - 1;
    backend_id last = tree->members[end];
    weight_tree_climb(tree, place, -tree->weights[backend]);
    if (last != backend) {
        weight_tree_climb(tree, end, -tree->weights[last]);
        weight_tree_climb(tree, place, tree->weights[last]);
        tree->members[place] = last;
        tree->place[last] = place;
    }
    tree->place[backend] = WEIGHT_TREE_ABSENT;
    tree->count = end;
}

void weight_tree_change(struct weight_tree *tree, backend_id backend, int64_t change)
{
    tree->weights[backend] += change;
    weight_tree_climb(tree, tree->place[backend], change);
}

uint32_t weight_tree_descend(const struct weight_tree *tree, uint32_t place, int64_t *dice)
{
    while (place < tree->count) {
        int64_t left = tree->left[place], weight = tree->weights[tree->members[place]];
        if (*dice < left) {
            place = 2 * place + 1;
            continue;
        }
        *dice -= left;
        if (*dice < weight)
            break;
        *dice -= weight;
        place = 2 * place + 2;
    }
    return place;
}
