/* SPDX-License-Identifier: GPL-3.0-or-later
   Values of metrics for people, by the metric's unit, and how far two of them are apart. */
#ifndef SIM_REPORT_QUANTITY_H
#define SIM_REPORT_QUANTITY_H

#include "sim/report/report.h"

#include <stdbool.h>

enum { QUANTITY_SIZE = 96 };

/* The unit to write a measure's values in: its own, or "number" of a ratio that is no share, as
   max_over_mean_requests. */
const char *quantity_unit(const struct measure *measure);

/* 41.2ms, 12.3%, 1800/s, -0.5%; "-" for one that is not finite. */
void quantity_write(char *to, const char *unit, double value);
/* "56.9ms to 61.9ms"; "" where there is no interval. */
void quantity_write_span(char *to, const char *unit, double low, double high);

/* A change: of a ratio as "-18.7%"; of a difference in the unit, shares as "+4.8 points". */
void quantity_write_change(char *to, bool is_ratio, const char *unit, double value);
/* "-20.1% to -17.3%"; "" where there is no interval. */
void quantity_write_changes(char *to, bool is_ratio, const char *unit, double low,
                            double high);

#endif
