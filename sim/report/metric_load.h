/* SPDX-License-Identifier: GPL-3.0-or-later
   How load spread over pods, as figures. */
#ifndef SIM_REPORT_METRIC_LOAD_H
#define SIM_REPORT_METRIC_LOAD_H

#include "sim/report/metric.h"

/* The item of a row. */
enum metric_load {
    LOAD_UTILISATION,
    LOAD_UTILISATION_MAX,
    LOAD_JAIN_REQUESTS,
    LOAD_JAIN_UTILISATION,
    LOAD_JAIN_FLOOR,
    LOAD_PEAK_REQUESTS,
    LOAD_PEAK_UTILISATION,
    LOAD_CV_REQUESTS,
    LOAD_CV_UTILISATION
};

double metric_load_value(const struct metric_row *row, const struct summary *summary);

/* The largest over the mean; NaN where all are 0. */
double metric_load_peak(const struct moments *moments);

#endif
