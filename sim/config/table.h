/* SPDX-License-Identifier: GPL-3.0-or-later
   Questions about parameter tables that binder, settings, dump, schema and explain share. */
#ifndef SIM_CONFIG_TABLE_H
#define SIM_CONFIG_TABLE_H

#include "sim/config/problem.h"
#include "sim/engine/param.h"

/* Tables end with PARAM_END; a table that is NULL has no rows. */
const struct param *table_row(const struct param *table, const char *key);
/* The row whose key comes next after `key` (NULL: the first) in the order of strcmp. */
const struct param *table_next(const struct param *table, const char *key);
/* As table_next, for the rows of both tables. */
const struct param *table_next_of_two(const struct param *first, const struct param *second,
                                      const char *key);
/* The row whose kind has its parameters beside it, or NULL. */
const struct param *table_beside(const struct param *table);
/* The row whose kinds are presets, or NULL. */
const struct param *table_preset(const struct param *table);
/* Whether a row has no default, so that a map must give it. */
bool table_needs(const struct param *table);
/* The PARAM_NAME row with the key `name`, or NULL. */
const struct param *table_name_row(const struct param *table);

/* Bytes of a value of the row. */
size_t table_size(const struct param *row);
/* Bytes of a struct up to the end of the last field that the table binds. */
size_t table_extent(const struct param *table);
/* What PARAM_QUANTITY measures in values of the row, within a place where it measures
   `around`. */
enum param_type table_unit(const struct param *row, enum param_type around);
/* The row of the values: that of the items for a list, however deep. */
const struct param *table_item(const struct param *row);

const struct kind *table_kind(const struct kind_list *kinds, const char *name);
/* As table_next, for the kinds of a registry. */
const struct kind *table_next_kind(const struct kind_list *kinds, const char *name);

/* NULL-terminated, in the order of the table, from `arena`. */
const char *const *table_keys(const struct param *table, struct arena *arena);
const char *const *table_keys_of_two(const struct param *first, const struct param *second,
                                     struct arena *arena);
const char *const *table_kind_names(const struct kind_list *kinds, struct arena *arena);
/* "a, b, c", at most 12 of them and how many more. */
const char *table_words(const char *const *words, struct arena *arena);

/* "a" or "an". */
const char *table_article(const char *noun);

/* Paths of rows with that key anywhere below the table, kinds included, those nearest to
   its top first: "clients.arrivals.poisson.rate".  Sets at most `limit` and returns how
   many; kinds within kinds of the same registry are left out. */
size_t table_places(const struct param *table, const char *key, const char **places,
                    size_t limit, struct arena *arena);

/* Whether the path starts with the word as a whole segment: sets the rest behind its dot,
   NULL at the end. */
bool table_step(const char *path, const char *word, const char **rest);
/* The row, or kind, whose key is the longest such start of the path, or NULL. */
const struct param *table_step_row(const struct param *table, const char *path,
                                   const char **rest);
const struct kind *table_step_kind(const struct kind_list *kinds, const char *path,
                                   const char **rest);

#endif
