/* SPDX-License-Identifier: GPL-3.0-or-later
   What was found by a search for capacity held against the least that it must be, or the most
   pods that it may take: passed where the objective certainly holds there, failed where it
   certainly does not. */
#ifndef SIM_REPORT_CAPACITY_GATE_H
#define SIM_REPORT_CAPACITY_GATE_H

#include "sim/report/capacity_render.h"

/* Of one row; VERDICT_SKIPPED where the table has no gate. */
enum verdict_outcome capacity_gate_outcome(const struct capacity_table *table,
                                           const struct capacity_row *row);
/* Of each row, to be freed; texts from `arena`. */
struct verdict_list capacity_gate_judge(const struct capacity_table *table,
                                        struct arena *arena);

#endif
