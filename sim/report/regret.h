/* SPDX-License-Identifier: GPL-3.0-or-later
   Regret: how far each policy is from the best that full knowledge would do with the same
   requests.  That is the oracle of the report with the lowest mean; without one there is no
   table. */
#ifndef SIM_REPORT_REGRET_H
#define SIM_REPORT_REGRET_H

#include "sim/report/section.h"

void regret_print(struct section_view *view);

#endif
