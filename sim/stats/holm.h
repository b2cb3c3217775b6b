/* SPDX-License-Identifier: GPL-3.0-or-later
   Holm's step-down: p-values adjusted so that calling those of at most a level different
   errs anywhere in the family with at most that probability.  S. Holm, Scandinavian Journal
   of Statistics 6, 1979. */
#ifndef SIM_STATS_HOLM_H
#define SIM_STATS_HOLM_H

#include <stddef.h>

/* NaN stands for a comparison that could not be made: it stays NaN and is not counted.
   Returns the size of the family.  `adjusted` may be `p`. */
size_t holm_adjust(const double *p, double *adjusted, size_t count);

#endif
