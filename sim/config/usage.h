/* SPDX-License-Identifier: GPL-3.0-or-later
   How a document says which kind it wants: `p2c`, `4ms` (shorthand), `{poisson: 100/s}`,
   `{lognormal: {mean: 4ms}, as: slow}`. */
#ifndef SIM_CONFIG_USAGE_H
#define SIM_CONFIG_USAGE_H

#include "sim/config/node.h"
#include "sim/engine/param.h"

enum usage_fault {
    USAGE_FINE,
    USAGE_SHAPE,   /* a list, nothing, or an empty map */
    USAGE_UNKNOWN, /* `name` is no kind */
    USAGE_SECOND   /* `name` is a key beside the kind's */
};

struct usage {
    enum usage_fault fault;
    const struct kind *kind;      /* NULL unless fine or USAGE_SECOND */
    const char *name;             /* the word that should name a kind, or is too many */
    struct mark mark;             /* of the name */
    bool bare;                    /* the node itself stands for the first parameter */
    const struct node *body;      /* a map of parameters; NULL: all defaults */
    const struct node *odd_body;  /* not a map, of a kind without parameters; else NULL */
    const struct node_pair *label; /* of the key `as`, or NULL */
};

/* The kind that a map names under the key of table_beside's row, or NULL. */
const struct kind *usage_beside(const struct param *row, const struct node *map);

struct usage usage_read(const struct param *row, const struct node *node,
                        struct arena *arena);

#endif
