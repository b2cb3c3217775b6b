/* SPDX-License-Identifier: GPL-3.0-or-later
   What pods cost against the latency that it buys: a point for each policy, of a sweep for
   each cell, with both intervals. */
#include "sim/report/chart_part.h"
#include "sim/report/grid.h"

#include <math.h>
#include <string.h>

#define CHART_COST_LOG 8 /* largest over least from which on an axis is logarithmic */

static const char chart_cost_metric[] = "pod_seconds", chart_cost_latency[] = "p99";

/* An estimate with its interval. */
struct chart_cost {
    double value, low, high;
};

static void chart_cost_add(struct chart *chart, struct chart_series *series, size_t room,
                           struct chart_cost cost, struct chart_cost latency)
{
    struct arena *arena = &chart->arena;
    if (!(cost.value > 0) || !(latency.value > 0) || series->count == room)
        return;
    if (series->count == 0) {
        series->points = arena_take(arena, room, sizeof(*series->points));
        series->across = arena_take(arena, room, sizeof(*series->across));
    }
    series->across[series->count] = (struct chart_range){cost.low, cost.high};
    series->points[series->count++] =
        (struct chart_point){cost.value, latency.value, latency.low, latency.high};
    const double costs[] = {cost.value, cost.low, cost.high};
    const double latencies[] = {latency.value, latency.low, latency.high};
    for (int i = 0; i < 3; i++) {
        chart_axis_meet(&chart->x, costs[i]);
        chart_axis_meet(&chart->y[0], latencies[i]);
    }
}

static void chart_cost_fill_policies(struct chart *chart, const struct chart_source *source)
{
    const struct report *report = source->report;
    struct chart_policies policies = chart_policies(report, &chart->arena);
    struct chart_series *all = chart_open_series(chart, policies.count);
    for (size_t i = 0; i < policies.count; i++) {
        const char *policy = policies.names[i];
        const struct measure *x = report_find(report, policy, "all", chart_cost_metric);
        const struct measure *y = report_find(report, policy, "all", chart_cost_latency);
        struct chart_series *series = &all[chart->series_count];
        *series = (struct chart_series){.name = chart_policy_title(chart, source, policy),
                                        .color = i};
        if (x != NULL && y != NULL)
            chart_cost_add(chart, series, 1, (struct chart_cost){x->value, x->low, x->high},
                           (struct chart_cost){y->value, y->low, y->high});
        chart->series_count += series->count > 0;
    }
    chart->caption = "bars: 95 % intervals";
}

/* The series of a policy and of all settings but the first. */
static struct chart_series *chart_cost_series(struct chart *chart, struct chart_series *all,
                                              const struct grid_point *point)
{
    const char *name = point->others[0] == '\0'
                           ? point->policy
                           : chart_format(chart, "%s, %s", point->policy, point->others);
    for (size_t i = 0; i < chart->series_count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    struct chart_series *series = &all[chart->series_count];
    *series = (struct chart_series){.name = name, .color = chart->series_count++};
    return series;
}

/* The other figure of a cell, which stands near; NULL: it has none. */
static const struct grid_point *chart_cost_find(const struct grid_points *points, size_t at,
                                                const char *metric)
{
    const struct grid_point *cell = &points->items[at];
    for (size_t i = 0; i < points->count; i++) {
        const struct grid_point *point = &points->items[(at + i) % points->count];
        if (strcmp(point->metric, metric) == 0 && strcmp(point->policy, cell->policy) == 0 &&
            strcmp(point->first, cell->first) == 0 && strcmp(point->others, cell->others) == 0)
            return point;
    }
    return NULL;
}

static void chart_cost_fill_cells(struct chart *chart, const struct grid_points *points)
{
    size_t cells = 0;
    const char *last = "";
    for (size_t i = 0; i < points->count; i++)
        cells += strcmp(points->items[i].metric, chart_cost_metric) == 0;
    struct chart_series *all = chart_open_series(chart, cells);
    for (size_t i = 0; i < points->count; i++) {
        const struct grid_point *x = &points->items[i];
        if (strcmp(x->metric, chart_cost_metric) != 0)
            continue;
        const struct grid_point *y = chart_cost_find(points, i, chart_cost_latency);
        struct chart_series *series = chart_cost_series(chart, all, x);
        if (y != NULL)
            chart_cost_add(chart, series, cells,
                           (struct chart_cost){x->value, x->low, x->high},
                           (struct chart_cost){y->value, y->low, y->high});
        last = x->first;
    }
    if (cells > 0)
        chart->caption = chart_format(chart, "bars: 95 %% intervals; lines go from %s %s to %s",
                                      points->path, points->items[0].first, last);
}

void chart_cost_fill(struct chart *chart, const struct chart_source *source)
{
    struct chart_axis *x = &chart->x, *y = &chart->y[0];
    chart_axis_open(x, "pod-seconds, from creation to end, in the measured window", FIGURE_COUNT,
                    false);
    chart_axis_open(y, "p99 of the latency", FIGURE_TIME, false);
    if (source->sweep != NULL)
        chart_cost_fill_cells(chart, source->sweep);
    else
        chart_cost_fill_policies(chart, source);
    bool any = false;
    for (size_t i = 0; i < chart->series_count; i++)
        any |= chart->series[i].count > 0;
    if (!any)
        chart->empty = "no data: pods were the same all the time, or there is no p99";
    if (x->low == x->high) { /* all the same: in the middle */
        chart_axis_meet(x, 0.95 * x->low);
        chart_axis_meet(x, 1.05 * x->high);
    }
    x->log = x->low > 0 && x->high > CHART_COST_LOG * x->low;
    y->log = y->low > 0 && y->high > CHART_COST_LOG * y->low;
    if (!any || !chart_axis_close(x) || !chart_axis_close(y))
        return;
    chart_label_points(chart);
}
