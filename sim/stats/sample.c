/* SPDX-License-Identifier: GPL-3.0-or-later
   Two passes, so that little is lost where the spread is small beside the mean. */
#include "sim/stats/sample.h"

#include <math.h>

double sample_mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

double sample_variance(const double *values, size_t count)
{
    if (count < 2)
        return NAN;
    double mean = sample_mean(values, count);
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return squares / (double)(count - 1);
}

double sample_lag(const double *values, size_t count)
{
    double mean = sample_mean(values, count), squares = 0, products = 0;
    for (size_t i = 0; i < count; i++) {
        double off = values[i] - mean;
        squares += off * off;
        if (i + 1 < count)
            products += off * (values[i + 1] - mean);
    }
    return squares > 0 ? products / squares : 0;
}

double sample_skewness(const double *values, size_t count)
{
    double mean = sample_mean(values, count), squares = 0, cubes = 0;
    for (size_t i = 0; i < count; i++) {
        double off = values[i] - mean;
        squares += off * off;
        cubes += off * off * off;
    }
    if (squares == 0)
        return 0;
    squares /= (double)count;
    return cubes / (double)count / (squares * sqrt(squares));
}
