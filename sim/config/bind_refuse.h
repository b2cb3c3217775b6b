/* SPDX-License-Identifier: GPL-3.0-or-later
   The binder's problems, each with a hint of what would work. */
#ifndef SIM_CONFIG_BIND_REFUSE_H
#define SIM_CONFIG_BIND_REFUSE_H

#include "sim/config/bind.h"
#include "sim/config/usage.h"

/* A key that the innermost map does not know. */
void bind_refuse_key(struct bind *bind, const struct node_pair *pair);
/* A key that the innermost map lacks, unless one of its keys was refused as a misspelling of it. */
void bind_refuse_missing(struct bind *bind, const struct node *map, const struct param *row);
/* A node of the wrong shape; `noun` with its article.  Leaves the hint to the caller. */
void bind_refuse_value(struct bind *bind, const struct bind_slot *slot, const char *noun,
                       const struct node *node);
/* Nothing where a list must stand. */
void bind_refuse_list(struct bind *bind, const struct bind_slot *slot,
                      const struct node *node);
/* A usage that names no single kind. */
void bind_refuse_usage(struct bind *bind, const struct bind_slot *slot,
                       const struct usage *usage, const struct node *node);
/* What a kind's check said; of a path to nothing, also where it starts. */
void bind_refuse_config(struct bind *bind, const struct param_kind *field,
                        const struct usage *usage, const char *message);

#endif
