/* SPDX-License-Identifier: GPL-3.0-or-later
   What pods cost, from their creation to their end within the measured window. */
#ifndef SIM_REPORT_METRIC_COST_H
#define SIM_REPORT_METRIC_COST_H

#include "sim/report/metric.h"

/* The item of a row. */
enum metric_cost { COST_PODS, COST_TIME, COST_IDLE, COST_REQUEST };

double metric_cost_value(const struct metric_row *row, const struct summary *summary);

#endif
