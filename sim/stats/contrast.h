/* SPDX-License-Identifier: GPL-3.0-or-later
   How a candidate compares to a baseline, from the values of their replications: Student's t
   on log-ratios, back-transformed; on differences where a value is 0 or below.  Paired by
   replication, or Welch's t for independent ones.  A. M. Law, Simulation Modeling and
   Analysis, ch. 10; B. L. Welch, Biometrika 34, 1947. */
#ifndef SIM_STATS_CONTRAST_H
#define SIM_STATS_CONTRAST_H

#include <stdbool.h>
#include <stddef.h>

/* Beyond this skewness the t-interval is doubtful, and a bootstrap stands beside it. */
#define CONTRAST_SKEWNESS_MAX 1.5

struct contrast {
    bool is_ratio;        /* candidate over baseline; else candidate minus baseline */
    double value;         /* the point estimate; NaN: a value is missing */
    double low, high;     /* 95 %; NaN: fewer than INTERVAL_REPLICATIONS_MIN replications */
    double p;             /* two-sided, that there is no difference; NaN as above */
    double center, error; /* estimate and standard error on the scale of the t: logarithms
                             of a ratio */
    double degrees;       /* of freedom */
    double skewness;      /* of what is paired; 0 where nothing is */
    double boot_low, boot_high; /* 95 %, studentized bootstrap; NaN: not needed */
};

/* Values of the same replications, side by side. */
struct contrast contrast_paired(const double *baseline, const double *candidate,
                                size_t count);
/* Values of independent replications. */
struct contrast contrast_unpaired(const double *baseline, size_t baseline_count,
                                  const double *candidate, size_t candidate_count);

/* The interval at another level, on the scale of `value`: with 1 - 0.05 / k it holds for k
   of them at once (Bonferroni). */
void contrast_interval(const struct contrast *contrast, double level, double *low,
                       double *high);

/* Two one-sided tests (D. J. Schuirmann, 1987): p-value of the claim that the ratio lies
   between 1 / (1 + margin) and 1 + margin, or the difference within margin * scale of 0. */
double contrast_equivalence(const struct contrast *contrast, double margin, double scale);

#endif
