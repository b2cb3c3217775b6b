/* SPDX-License-Identifier: GPL-3.0-or-later
   Confidence intervals from independent replications: Student's t on the values of the
   replications, around the value of the pooled requests.  Method and limits of evidence:
   A. M. Law, Simulation Modeling and Analysis, ch. 9. */
#ifndef SIM_STATS_INTERVAL_H
#define SIM_STATS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

enum { INTERVAL_REPLICATIONS_MIN = 10 }; /* fewer: no interval is printed */
#define INTERVAL_EXCEEDANCES_MIN 30.0    /* fewer effective ones: no percentile */
#define INTERVAL_LEVEL 0.95

struct interval {
    double value;     /* the point estimate */
    double low, high; /* NaN where there is no interval */
    bool thin;        /* too little evidence even for the value: for who knows it to set */
};

/* 95 % interval around `pooled` from the values of `count` replications; NaN values make it
   absent.  Half-width t(0.975, count - 1) * s / sqrt(count). */
struct interval interval_of(double pooled, const double *values, size_t count);

/* Effective exceedances of a quantile: the total of the replications' exceedance counts
   divided by their index of dispersion (variance / mean, at least 1; 1 where it cannot be
   estimated). */
double interval_evidence(const double *exceedances, size_t count);

/* t quantile, two-sided level e.g. 0.95. */
double interval_t(double level, size_t degrees);

#endif
