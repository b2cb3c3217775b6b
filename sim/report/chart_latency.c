/* SPDX-License-Identifier: GPL-3.0-or-later
   Two views of the pooled distributions: the share above a latency, and the latency by
   percentile as Tene's HDR plots have it.  Both end where fewer than ten requests are left. */
#include "sim/report/chart_part.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHART_LATENCY_LEFT_MIN = 10 };
/* Below that is the part of the body that nobody asks about. */
#define CHART_LATENCY_FIRST 0.05

static bool chart_latency_is_shown(const struct curve *curve)
{
    return strcmp(curve->scope, "all") == 0 && curve_total(curve) > CHART_LATENCY_LEFT_MIN;
}

/* The points of a curve as x latency, y share above.  The last of them is where it falls
   below ten requests; it ends upright. */
static void chart_latency_points(struct chart *chart, struct chart_series *series,
                                 const struct curve *curve)
{
    double total = (double)curve_total(curve), end = CHART_LATENCY_LEFT_MIN / total;
    struct chart_point *points = arena_take(&chart->arena, curve->count + 1, sizeof(*points));
    size_t count = 0;
    for (size_t i = 0; i < curve->count; i++) {
        double x = curve->points[i].latency, y = (double)curve->points[i].above / total;
        if (!(x > 0))
            continue;
        bool ends = y < end;
        if (ends && count > 0)
            points[count] = (struct chart_point){x, points[count - 1].y, NAN, NAN}, count++;
        points[count++] = (struct chart_point){x, ends ? end : y, NAN, NAN};
        if (ends)
            break;
    }
    series->points = points;
    series->count = count;
}

static void chart_latency_fill(struct chart *chart, const struct chart_source *source)
{
    const struct report *report = source->report;
    struct chart_policies policies = chart_policies(report, &chart->arena);
    struct chart_series *series = chart_open_series(chart, report->curve_count);
    for (size_t i = 0; i < report->curve_count; i++) {
        const struct curve *curve = &report->curves[i];
        if (!chart_latency_is_shown(curve))
            continue;
        struct chart_series *one = &series[chart->series_count];
        *one = (struct chart_series){.name = curve->policy,
                                     .color = chart_policy(&policies, curve->policy)};
        chart_latency_points(chart, one, curve);
        chart->series_count += one->count > 0;
    }
    chart->empty = chart->series_count > 0 ? NULL : "no data: the result has no latency.csv";
    chart->caption = "all replications pooled; curves end where ten requests are left";
}

/* Where the interesting part begins, and the largest latency shown. */
static void chart_latency_meet(struct chart_axis *axis, const struct chart *chart)
{
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        size_t k = 0;
        while (k + 1 < series->count && series->points[k].y > 1 - CHART_LATENCY_FIRST)
            k++;
        chart_axis_meet(axis, series->points[k].x);
        chart_axis_meet(axis, series->points[series->count - 1].x);
    }
}

static void chart_latency_mark_timeouts(struct chart *chart, struct chart_mark *marks,
                                        const struct report_facts *facts)
{
    for (size_t i = 0; facts != NULL && i < facts->timeout_count; i++) {
        const struct facts_timeout *timeout = &facts->timeouts[i];
        if (timeout->seconds < chart->x.low || timeout->seconds > chart->x.high)
            continue;
        const char *text = facts->timeout_count == 1
                               ? "time-out"
                               : chart_format(chart, "time-out of %s", timeout->client);
        marks[chart->mark_count++] = (struct chart_mark){timeout->seconds, false, text};
    }
}

static void chart_latency_mark(struct chart *chart, const struct report_facts *facts)
{
    static const struct chart_mark levels[] = {
        {0.5, true, "p50"}, {0.1, true, "p90"}, {0.01, true, "p99"}, {0.001, true, "p99.9"}};
    enum { LEVELS = sizeof(levels) / sizeof(*levels) };
    size_t room = LEVELS + (facts != NULL ? facts->timeout_count : 0);
    struct chart_mark *marks = arena_take(&chart->arena, room, sizeof(*marks));
    for (size_t i = 0; i < LEVELS; i++)
        if (levels[i].at >= chart->y[0].low)
            marks[chart->mark_count++] = levels[i];
    chart_latency_mark_timeouts(chart, marks, facts);
    chart->marks = marks;
}

/* "99.9%" says more than 0.001. */
static void chart_latency_write_ticks(struct chart_axis *axis, bool percentile)
{
    for (size_t i = 0; i < axis->tick_count; i++) {
        double at = axis->ticks[i].at, percent = 100 * (percentile ? 1 - 1 / at : at);
        snprintf(axis->ticks[i].text, FIGURE_SIZE, "%.9g%%", percent);
    }
}

void chart_latency_fill_ccdf(struct chart *chart, const struct chart_source *source)
{
    chart_latency_fill(chart, source);
    struct chart_axis *x = &chart->x, *y = &chart->y[0];
    chart_axis_open(x, "latency, from when the request was due", FIGURE_TIME, true);
    chart_axis_open(y, "requests that took longer", FIGURE_PERCENT, true);
    chart_latency_meet(x, chart);
    chart_axis_meet(y, 1);
    for (size_t i = 0; i < chart->series_count; i++)
        chart_axis_meet(y, chart->series[i].points[chart->series[i].count - 1].y);
    if (chart->empty != NULL || !chart_axis_close(x) || !chart_axis_close(y))
        return;
    chart_latency_write_ticks(y, false);
    chart_latency_mark(chart, source->heading->facts);
    chart_label_along(chart);
}

void chart_latency_fill_percentiles(struct chart *chart, const struct chart_source *source)
{
    chart_latency_fill(chart, source);
    struct chart_axis *x = &chart->x, *y = &chart->y[0];
    chart_axis_open(x, "percentile", FIGURE_NUMBER, true);
    chart_axis_open(y, "latency, from when the request was due", FIGURE_TIME, true);
    chart_latency_meet(y, chart);
    chart_axis_meet(x, 1);
    for (size_t i = 0; i < chart->series_count; i++) {
        struct chart_point *points = chart->series[i].points;
        for (size_t k = 0; k < chart->series[i].count; k++)
            points[k] = (struct chart_point){1 / points[k].y, points[k].x, NAN, NAN};
        chart_axis_meet(x, points[chart->series[i].count - 1].x);
    }
    if (chart->empty != NULL || !chart_axis_close(x) || !chart_axis_close(y))
        return;
    chart_latency_write_ticks(x, true);
    chart_label_ends(chart);
}
