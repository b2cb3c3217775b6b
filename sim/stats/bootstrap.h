/* SPDX-License-Identifier: GPL-3.0-or-later
   Studentized bootstrap interval of a mean: the quantiles of t come from resampling, not from
   a normal law, so skewed values do no harm.  Seeded: the same values give the same bytes.
   B. Efron and R. Tibshirani, An Introduction to the Bootstrap, ch. 12. */
#ifndef SIM_STATS_BOOTSTRAP_H
#define SIM_STATS_BOOTSTRAP_H

#include <stddef.h>

enum { BOOTSTRAP_RESAMPLES = 4999 };

/* NaN where there is no spread, or fewer than three values. */
void bootstrap_interval(const double *values, size_t count, double level, double *low,
                        double *high);

#endif
