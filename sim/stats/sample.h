/* SPDX-License-Identifier: GPL-3.0-or-later
   Moments of a few values, such as those of the replications. */
#ifndef SIM_STATS_SAMPLE_H
#define SIM_STATS_SAMPLE_H

#include <stddef.h>

double sample_mean(const double *values, size_t count);     /* NaN of none */
double sample_variance(const double *values, size_t count); /* over count - 1; NaN below two */
/* Third central moment over the cube of the deviation, both over count; 0 where all values
   are equal. */
double sample_skewness(const double *values, size_t count);
/* Correlation of each value with the next; 0 where all are equal. */
double sample_lag(const double *values, size_t count);

#endif
