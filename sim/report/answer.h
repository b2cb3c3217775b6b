/* SPDX-License-Identifier: GPL-3.0-or-later
   What a report says in a few sentences: who has the lowest tail, who cannot be told from it,
   how far behind the others are, and what failed.  From figures and their intervals only. */
#ifndef SIM_REPORT_ANSWER_H
#define SIM_REPORT_ANSWER_H

#include "sim/report/report.h"

/* Plain text, not escaped, without a line end. */
void answer_write(const struct report *report, const struct report_heading *heading,
                  struct output *output);

#endif
