/* SPDX-License-Identifier: GPL-3.0-or-later
   Exact sums of whole numbers and what follows from them: the same in any order, and free
   of cancellation however small the spread is beside the mean. */
#ifndef SIM_STATS_MOMENTS_H
#define SIM_STATS_MOMENTS_H

#include "sim/engine/rng.h" /* wide_uint */

/* Zeroed: no values. */
struct moments {
    uint64_t count, largest;
    wide_uint sum, squares;
};

static inline void moments_add(struct moments *moments, uint64_t value)
{
    moments->count++;
    moments->sum += value;
    moments->squares += (wide_uint)value * value;
    if (value > moments->largest)
        moments->largest = value;
}

double moments_mean(const struct moments *moments);      /* NaN when empty */
double moments_deviation(const struct moments *moments); /* population; NaN when empty */
double moments_cv(const struct moments *moments); /* deviation / mean; NaN when all are 0 */

/* Jain's index of fairness, (sum x)^2 / (count * sum x^2) = 1 / (1 + cv^2); NaN as above.
   R. Jain, D.-M. Chiu, W. Hawe, DEC-TR-301, 1984. */
double moments_jain(const struct moments *moments);

#endif
