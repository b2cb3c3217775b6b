/* SPDX-License-Identifier: GPL-3.0-or-later
   The search for where a threshold turns from held to broken, when each try says so, says the
   contrary, or cannot tell: two bisections, for the last value that certainly is on the near
   side and the first that certainly is on the far side. */
#ifndef SIM_CLI_BISECTION_H
#define SIM_CLI_BISECTION_H

#include <stdbool.h>
#include <stddef.h>

enum bisection_side { BISECTION_NEAR, BISECTION_UNCLEAR, BISECTION_FAR };

enum { BISECTION_TRIES_MAX = 60 };

struct bisection {
    double start;        /* first try */
    double least, most;  /* bounds of what may be tried; above 0 */
    double precision;    /* of both ends, relative */
    bool whole;          /* whole numbers only */
    double near, far;    /* the largest known near, the smallest known far; NaN: none */
    double unclear_low, unclear_high; /* of the unclear tries between them; NaN: none */
    double tried[BISECTION_TRIES_MAX];
    size_t count;
};

/* With start, least, most, precision and whole. */
struct bisection bisection_open(double start, double least, double most, double precision,
                                bool whole);
/* The next value to try; false: the search is over. */
bool bisection_next(const struct bisection *bisection, double *value);
/* What a try has shown. */
void bisection_tell(struct bisection *bisection, double value, enum bisection_side side);

#endif
