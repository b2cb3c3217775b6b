/* SPDX-License-Identifier: GPL-3.0-or-later
   How much the pods were busy, and how even. */
#ifndef SIM_REPORT_METRIC_LOAD_H
#define SIM_REPORT_METRIC_LOAD_H

#include "sim/report/metric.h"

double metric_load_utilisation(const struct metric_row *row, const struct summary *summary);
double metric_load_utilisation_max(const struct metric_row *row,
                                   const struct summary *summary);
double metric_load_jain_requests(const struct metric_row *row,
                                 const struct summary *summary);
double metric_load_jain_utilisation(const struct metric_row *row,
                                    const struct summary *summary);
double metric_load_jain_floor(const struct metric_row *row, const struct summary *summary);
double metric_load_peak_requests(const struct metric_row *row,
                                 const struct summary *summary);
double metric_load_peak_utilisation(const struct metric_row *row,
                                    const struct summary *summary);
double metric_load_cv_requests(const struct metric_row *row, const struct summary *summary);
double metric_load_cv_utilisation(const struct metric_row *row,
                                  const struct summary *summary);

#endif
