/* SPDX-License-Identifier: GPL-3.0-or-later
   The values of single replications as CSV in long form: what compares one result with
   another.  All scopes but pods and membership changes; of windows only what has a value and a
   side that is better. */
#ifndef SIM_REPORT_REPLICATIONS_H
#define SIM_REPORT_REPLICATIONS_H

#include "sim/report/report.h"

#define REPLICATIONS_FILE "replications.csv"

void replications_write(const struct report *report, const char *scenario,
                        struct output *output);
/* Gives the measures of a report their values.  False after one line to `message` (without
   the path); *line is the line that is wrong, 0: none in particular. */
bool replications_read(const char *path, struct report *report, uint64_t *line, char *message,
                       size_t size);

#endif
