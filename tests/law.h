/* SPDX-License-Identifier: GPL-3.0-or-later
   Holding a sample against the law that it should follow.  Streams are fixed, so a test
   either passes for good or not at all; the levels say how often a right sampler with
   another stream would fail: about once in 10^7. */
#ifndef TESTS_LAW_H
#define TESTS_LAW_H

#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

typedef double (*law_cdf)(double x, const double *parameters);

static inline int law_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Kolmogorov and Smirnov: sqrt(n) times the largest distance; sorts the sample. */
static inline double law_distance(double *sample, size_t count, law_cdf cdf,
                                  const double *parameters)
{
    double most = 0, n = (double)count;
    qsort(sample, count, sizeof(*sample), law_compare);
    for (size_t i = 0; i < count; i++) {
        double p = cdf(sample[i], parameters);
        most = fmax(most, fmax(p - (double)i / n, ((double)i + 1) / n - p));
    }
    return most * sqrt(n);
}

/* The same between two samples of `count`; sorts both. */
static inline double law_distance_of_two(double *left, double *right, size_t count)
{
    double most = 0;
    qsort(left, count, sizeof(*left), law_compare);
    qsort(right, count, sizeof(*right), law_compare);
    for (size_t i = 0, j = 0; i < count && j < count;) {
        double x = fmin(left[i], right[j]);
        while (i < count && left[i] == x)
            i++;
        while (j < count && right[j] == x)
            j++;
        most = fmax(most, fabs((double)i - (double)j) / (double)count);
    }
    return most * sqrt((double)count / 2);
}

/* 2 exp(-2 d^2) = 10^-7. */
static const double law_distance_limit = 2.9;

/* Mean and variance within 5 standard errors, those from the sample's own moments. */
static inline void law_assert_moments(const double *sample, size_t count, double mean,
                                      double variance)
{
    double sum = 0, square = 0, fourth = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        double d = sample[i] - mean;
        sum += d;
        square += d * d;
        fourth += d * d * d * d;
    }
    ASSERT_NEAR(mean + sum / n, mean, 5 * sqrt(variance / n) + 1e-12 * fabs(mean));
    double spread = sqrt(fmax(0, fourth / n - variance * variance) / n);
    ASSERT_NEAR(square / n, variance, 5 * spread + 1e-9 * variance);
}

/* Chi-square of counts against expected ones (each about 10 or more). */
static inline void law_assert_counts(const double *counts, const double *expected, size_t cells)
{
    double square = 0;
    size_t used = 0;
    for (size_t i = 0; i < cells; i++) {
        if (expected[i] <= 0) {
            assert_true(counts[i] == 0);
            continue;
        }
        square += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
        used++;
    }
    double chance = used < 2 ? 1 : gsl_cdf_chisq_Q(square, (double)(used - 1));
    if (chance < 1e-7)
        print_error("chi-square %.6g on %zu cells: chance %.3g\n", square, used, chance);
    assert_true(chance >= 1e-7);
}

#endif
