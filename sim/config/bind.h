/* SPDX-License-Identifier: GPL-3.0-or-later
   Nodes to structs by parameter tables, reporting everything that is wrong in one go. */
#ifndef SIM_CONFIG_BIND_H
#define SIM_CONFIG_BIND_H

#include "sim/config/node.h"
#include "sim/config/places.h"
#include "sim/engine/param.h"

/* A map under way and those around it. */
struct bind_scope {
    const struct param *table;
    const struct param *also; /* rows that the map has too, bound elsewhere; or NULL */
    const char *name;         /* NULL at the top */
    const struct bind_scope *outer;
};

struct bind {
    struct arena *arena;
    struct problems *problems;
    struct places *places;
    const struct param *table;   /* of the whole document */
    const struct source *source; /* of the document */
    const char *base;            /* folder of relative paths in it */
    bool is_run;                 /* it is a run.json */
    const struct bind_scope *scope; /* the innermost map that is being bound */
    size_t parent;               /* the place that is being bound */
    int depth;                   /* levels of the resolved document */
};

/* Where a value goes. */
struct bind_slot {
    const struct param *row;
    const char *name;  /* of the key that the user wrote */
    const char *first; /* of a map: as `name`, for its first row; NULL: as in the table */
    const struct param *also; /* of a map: see struct bind_scope */
    const struct node *map;   /* around a kind with its parameters beside it */
    enum param_type unit;
    void *field;
};

/* Binds the document to `root` by bind->table; adds problems. */
void bind_document(struct bind *bind, const struct node *node, void *root);

#endif
