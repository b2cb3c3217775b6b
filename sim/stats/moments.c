/* SPDX-License-Identifier: GPL-3.0-or-later
   Mean, deviation and Jain's index from exact integer sums.  The deviation is taken about
   the whole part of the mean in integers, so nothing is lost before the last division. */
#include "sim/stats/moments.h"

#include <math.h>

double moments_mean(const struct moments *moments)
{
    return moments->count == 0 ? NAN : (double)moments->sum / (double)moments->count;
}

double moments_deviation(const struct moments *moments)
{
    if (moments->count == 0)
        return NAN;
    wide_uint count = moments->count;
    wide_uint center = moments->sum / count;
    wide_uint rest = moments->sum - count * center;
    /* Modulo 2^128 throughout: right whenever the result itself fits. */
    wide_uint squares =
        moments->squares - 2 * center * moments->sum + count * center * center;
    double shift = (double)rest / (double)moments->count;
    double variance = (double)squares / (double)moments->count - shift * shift;
    return variance > 0 ? sqrt(variance) : 0;
}

double moments_cv(const struct moments *moments)
{
    return moments->sum == 0 ? NAN : moments_deviation(moments) / moments_mean(moments);
}

double moments_jain(const struct moments *moments)
{
    double cv = moments_cv(moments);
    return 1 / (1 + cv * cv);
}
