/* SPDX-License-Identifier: GPL-3.0-or-later
   What the charts are put together from: the functions behind the list in chart.c and what
   they share. */
#ifndef SIM_REPORT_CHART_PART_H
#define SIM_REPORT_CHART_PART_H

#include "sim/report/chart.h"

/* The policies of a report in its order. */
struct chart_policies {
    const char **names;
    size_t count;
};
struct chart_policies chart_policies(const struct report *report, struct arena *arena);
size_t chart_policy(const struct chart_policies *policies, const char *name);

const char *chart_format(struct chart *chart, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Zeroed series; chart->series points to them, without any counted yet. */
struct chart_series *chart_open_series(struct chart *chart, size_t room);

/* Widens `axis` to a value; to begin with, low > high. */
void chart_axis_open(struct chart_axis *axis, const char *label, enum figure figure, bool log);
void chart_axis_meet(struct chart_axis *axis, double value);
/* Rounds the range outwards (low stays 0 where it is) and places ticks.  False where nothing
   was met. */
bool chart_axis_close(struct chart_axis *axis);

/* Where the names of curves stand: at the right end, apart from each other; or along the
   curves, each at a height of its own, the fastest left of its curve. */
void chart_label_ends(struct chart *chart);
void chart_label_along(struct chart *chart);
/* Beside the last point of each series, apart where points are near each other. */
void chart_label_points(struct chart *chart);

/* The faults and changes that lie within the axis x, which must be closed; what lasts all the
   time is none. */
void chart_time_shade(struct chart *chart, const struct report_facts *facts);
/* "p2c (oracle)" of one that is. */
const char *chart_policy_title(struct chart *chart, const struct chart_source *source,
                               const char *policy);

void chart_cost_fill(struct chart *chart, const struct chart_source *source);
void chart_heat_fill(struct chart *chart, const struct chart_source *source);
void chart_latency_fill_ccdf(struct chart *chart, const struct chart_source *source);
void chart_latency_fill_percentiles(struct chart *chart, const struct chart_source *source);
void chart_load_fill_busy(struct chart *chart, const struct chart_source *source);
void chart_load_fill_requests(struct chart *chart, const struct chart_source *source);
void chart_ratio_fill(struct chart *chart, const struct chart_source *source);
void chart_rows_fill_p99(struct chart *chart, const struct chart_source *source);
void chart_rows_fill_parts(struct chart *chart, const struct chart_source *source);
void chart_rows_fill_churn(struct chart *chart, const struct chart_source *source);
void chart_sweep_fill(struct chart *chart, const struct chart_source *source);
void chart_time_fill(struct chart *chart, const struct chart_source *source);

#endif
