/* SPDX-License-Identifier: GPL-3.0-or-later
   A parsed document: scalars, lists and maps with their places.  Aliases share nodes, so
   nodes never change once made; the functions here make new ones. */
#ifndef SIM_CONFIG_NODE_H
#define SIM_CONFIG_NODE_H

#include "sim/config/problem.h"

enum node_type { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node_pair {
    const char *key;
    struct mark mark; /* of the key */
    const struct node *value;
};

struct node {
    enum node_type type;
    bool plain;      /* a scalar without quotes */
    uint32_t height; /* levels, itself included; 0 while it is being read */
    uint32_t weight; /* nodes in it with aliases spelled out */
    struct mark mark;
    const char *text; /* NODE_SCALAR */
    size_t count;     /* of items or pairs */
    const struct node **items;
    struct node_pair *pairs; /* in the order of the document, no key twice */
};

const struct node *node_scalar(struct arena *arena, const char *text, struct mark mark);
const struct node *node_map(struct arena *arena, struct mark mark); /* empty */
const struct node *node_list_of_one(struct arena *arena, const struct node *item);

/* The pair of a map with that key, or NULL; NULL also where `node` is no map. */
const struct node_pair *node_find(const struct node *node, const char *key);

/* A copy of the map with the value put under the key, new or not. */
const struct node *node_with(struct arena *arena, const struct node *map,
                             const struct node_pair *pair);
/* A copy of the list with one item replaced. */
const struct node *node_with_item(struct arena *arena, const struct node *list, size_t index,
                                  const struct node *item);

/* The node as YAML on one line, which reads back as the same; text from `arena`. */
const char *node_text(const struct node *node, struct arena *arena);

/* Whether it is an unquoted null: nothing, ~ or null. */
bool node_is_null(const struct node *node);
/* "text 'abc'", "a list", "a map", "nothing", for messages; text from `arena`. */
const char *node_words(const struct node *node, struct arena *arena);

#endif
