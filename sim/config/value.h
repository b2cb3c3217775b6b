/* SPDX-License-Identifier: GPL-3.0-or-later
   One value of a scalar parameter: from text with every check of its row, and back. */
#ifndef SIM_CONFIG_VALUE_H
#define SIM_CONFIG_VALUE_H

#include "sim/engine/param.h"

struct value_error {
    char message[512]; /* "'timeout' must be a duration from 1ms to 10s, found '1m'" */
    char hint[256];    /* empty: none */
};

/* Whether rows of the type are scalars: neither map, list nor kind. */
bool value_is_scalar(enum param_type type);
/* What PARAM_QUANTITY stands for where `unit` holds; other types are themselves. */
enum param_type value_type(const struct param *row, enum param_type unit);

/* Parses `text` into the field.  `plain` is false for text in quotes, which no bare number
   or bool may be.  Texts are not copied: the field points into `text`. */
bool value_parse(const struct param *row, enum param_type unit, const char *text, bool plain,
                 void *field, struct value_error *error);

/* Writes the field in scenario syntax; a text is cut to size. */
void value_format(const struct param *row, enum param_type unit, const void *field,
                  char *text, size_t size);

/* The bounds that hold for a row of numbers: its own within those of its type. */
void value_bounds(const struct param *row, enum param_type unit, double *min, double *max);
/* " from 1ms to 10s", " of at least 1ms", " of at most 10s"; empty where the row has no
   bounds.  A bound of the type itself is shown only if *found, which may be NULL, is
   outside of it. */
void value_range(const struct param *row, enum param_type unit, const double *found,
                 char *text, size_t size);

/* "a duration" and "250ms or 1m30s". */
const char *value_noun(const struct param *row, enum param_type unit);
const char *value_example(const struct param *row, enum param_type unit);

/* Whether the field holds the type's largest, which the row's word `also` stands for. */
bool value_is_also(const struct param *row, const void *field);

#endif
