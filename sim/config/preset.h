/* SPDX-License-Identifier: GPL-3.0-or-later
   Presets: kinds that a map names and that stand for keys which it does not give. */
#ifndef SIM_CONFIG_PRESET_H
#define SIM_CONFIG_PRESET_H

#include "sim/config/json.h"
#include "sim/config/node.h"
#include "sim/engine/param.h"

/* What the preset that a map names gives to its keys, each at the place of the preset; NULL
   where it names none. */
const struct node *preset_read(const struct param *table, const struct node *map,
                               struct arena *arena);
/* Whether it names one that there is not. */
bool preset_is_unknown(const struct param *table, const struct node *map, struct arena *arena);
/* The pair of a map with that key, else that of its preset, or NULL. */
const struct node_pair *preset_find(const struct node *map, const struct node *preset,
                                    const char *key);

/* Of the presets of a row that give a key: the next after `kind` (NULL: the first) in the
   order of names, or NULL.  Of no row: NULL. */
const struct kind *preset_giving(const struct param *row, const char *key,
                                 const struct kind *kind);

/* Writes that maps of the table have each key that is required and that presets give, or name
   such a preset: a member `allOf` of the open map, nothing where the table has no presets. */
void preset_schema(struct json *json, const struct param *table);

#endif
