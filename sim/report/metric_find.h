/* SPDX-License-Identifier: GPL-3.0-or-later
   Metrics by the names that users type. */
#ifndef SIM_REPORT_METRIC_FIND_H
#define SIM_REPORT_METRIC_FIND_H

#include "sim/report/metric.h"

/* NULL where there is none of that name. */
const struct metric_row *metric_find(const char *name);
/* The name nearest to a word that is none, as for typing mistakes; NULL: none is near. */
const char *metric_find_nearest(const char *word);

/* -1 where less is better, 1 where more is, 0 where neither. */
int metric_find_direction(const struct metric_row *row);

#endif
