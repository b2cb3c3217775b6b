/* SPDX-License-Identifier: GPL-3.0-or-later
   Builds nodes from parse events.  An alias can only name a node that is complete, so there
   are no cycles; its height and weight are known, so bombs end before they are spelled out.
   Functions return false after adding a problem that ends the reading. */
#ifndef SIM_CONFIG_TREE_H
#define SIM_CONFIG_TREE_H

#include "sim/config/node.h"

enum {
    TREE_DEPTH_LIMIT = 64,       /* levels, aliases spelled out */
    TREE_NODE_LIMIT = 100000,    /* values, aliases spelled out */
    TREE_ANCHOR_LIMIT = 1000,
    TREE_SCALAR_LIMIT = 64 << 10 /* bytes */
};

/* A list or map whose end has not come yet. */
struct tree_frame {
    struct node *node;
    size_t room;                /* items or pairs that fit */
    uint32_t height, weight;    /* of what is in it so far */
    struct node_pair pair;      /* a map's key that waits for its value; key NULL: none */
    const struct node *merges;  /* the value of `<<`, or NULL */
    bool flow;                  /* in brackets */
};

struct tree_anchor {
    const char *name;
    const struct node *node;
};

struct tree {
    struct arena *arena;
    struct problems *problems;
    const struct node *root; /* NULL until the document is complete */
    uint32_t weight;         /* nodes so far, aliases spelled out */
    int depth;
    struct tree_frame frames[TREE_DEPTH_LIMIT];
    struct tree_anchor *anchors;
    size_t anchor_count;
};

/* The innermost open list or map; NULL at the top. */
struct tree_frame *tree_top(struct tree *tree);
/* Whether the next scalar is a key. */
bool tree_wants_key(struct tree *tree);

/* The texts are copied; `anchor` is NULL where there is none. */
bool tree_key(struct tree *tree, const char *text, size_t length, struct mark mark);
bool tree_scalar(struct tree *tree, const struct node *scalar, size_t length,
                 const char *anchor);
bool tree_alias(struct tree *tree, const char *name, struct mark mark);
bool tree_open(struct tree *tree, enum node_type type, bool flow, struct mark mark,
               const char *anchor);
/* `length` of the mark of the closed node, 0 to leave it. */
bool tree_close(struct tree *tree, uint32_t length);

#endif
