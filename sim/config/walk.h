/* SPDX-License-Identifier: GPL-3.0-or-later
   Every value of a bound document in turn, each with the path under which --set changes it. */
#ifndef SIM_CONFIG_WALK_H
#define SIM_CONFIG_WALK_H

#include "sim/engine/param.h"

/* A scalar.  Both paths last as long as the call. */
struct walk_value {
    const char *path;  /* "clients.0.arrivals.poisson.rate" */
    const char *named; /* the same with names of items: "clients.web.arrivals.poisson.rate" */
    const struct param *row;
    enum param_type type; /* of the row; of a PARAM_QUANTITY what it measures */
    const void *field;    /* a PARAM_QUANTITY is a double, whatever its type here */
};

void walk_values(const struct param *table, const void *root,
                 void (*see)(void *context, const struct walk_value *value), void *context);

/* The value as a number in base units (ns, bytes, 1/s, 1); NaN: it is none, or a word such as
   "unlimited". */
double walk_number(const struct walk_value *value);

/* A number in base units as scenario syntax for such a value; counts, and times that are whole
   nanoseconds, are rounded.  Returns `to`. */
enum { WALK_TEXT_SIZE = 48 };
char *walk_write(const struct walk_value *value, double number, char to[WALK_TEXT_SIZE]);

#endif
