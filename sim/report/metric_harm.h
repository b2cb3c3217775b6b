/* SPDX-License-Identifier: GPL-3.0-or-later
   What the metrics of faults are computed from. */
#ifndef SIM_REPORT_METRIC_HARM_H
#define SIM_REPORT_METRIC_HARM_H

#include "sim/report/metric.h"

/* The item of a row. */
enum metric_harm {
    HARM_EPISODES,
    HARM_TIME,
    HARM_SHARE,
    HARM_FAIR,
    HARM_ERRORS,
    HARM_DETECT,
    HARM_UNDETECTED,
    HARM_RECOVER,
    HARM_UNRECOVERED,
    HARM_LOST,
    HARM_GOODPUT
};

/* NaN where nothing is known. */
double metric_harm_value(const struct metric_row *row, const struct summary *summary);

#endif
