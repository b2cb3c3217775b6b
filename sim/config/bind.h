/* SPDX-License-Identifier: GPL-3.0-or-later
   Nodes to structs by parameter tables, reporting everything that is wrong in one go. */
#ifndef SIM_CONFIG_BIND_H
#define SIM_CONFIG_BIND_H

#include "sim/config/node.h"
#include "sim/config/places.h"
#include "sim/engine/param.h"

struct bind {
    struct arena *arena;
    struct problems *problems;
    struct places *places;
    const struct param *table;   /* of the whole document, to say where a key belongs */
    const struct source *source; /* of the document */
    const char *base;            /* folder of relative paths in it */
    size_t parent;               /* the place that is being bound */
    int depth;                   /* levels of the resolved document */
};

/* Binds the document to `root` by bind->table; adds problems. */
void bind_document(struct bind *bind, const struct node *node, void *root);

#endif
