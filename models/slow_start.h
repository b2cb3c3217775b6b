/* SPDX-License-Identifier: GPL-3.0-or-later
   Slow start: a pod that has just come up gets a part of its weight that grows with time.  A
   table of kinds, one per product; pure functions of the time since it came up. */
#ifndef MODELS_SLOW_START_H
#define MODELS_SLOW_START_H

#include "sim/engine/param.h"

extern const struct kind_list slow_start_kinds;

/* The factor on the weight of a pod that came up `age` ns ago, 0 to 1; 1 when over, and for
   an absent kind.  0 only under nginx, at its very start. */
double slow_start_factor(const struct param_kind *slow_start, sim_time age);

/* The age at which to ask again: above `age`, the first at which the factor may differ;
   SIM_NEVER when it is 1 for good.  A factor that grows without steps is asked for a hundred
   times in its window. */
sim_time slow_start_step(const struct param_kind *slow_start, sim_time age);

/* Whether the end of an ejection begins one too, and not only a check that passes. */
bool slow_start_at_admit(const struct param_kind *slow_start);
/* Whether a pod that joins the list starts slowly too, and not only one that was down. */
bool slow_start_at_join(const struct param_kind *slow_start);

#endif
