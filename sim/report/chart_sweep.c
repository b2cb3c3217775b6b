/* SPDX-License-Identifier: GPL-3.0-or-later
   The hockey stick: latency against offered load, a curve for each policy, from the cells of a
   sweep.  Where the load is not known or does not vary, x is the first setting itself. */
#include "sim/report/chart_part.h"
#include "sim/report/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *metric, *label;
} chart_sweep_panels[] = {{"p99", "p99"}, {"mean", "mean latency"}};

enum { CHART_SWEEP_PANELS = sizeof(chart_sweep_panels) / sizeof(*chart_sweep_panels) };

/* The number that a value of the first setting begins with; NaN where the units differ. */
static double chart_sweep_number(const char *value, const char *first)
{
    char *end, *first_end;
    double number = strtod(value, &end);
    strtod(first, &first_end);
    bool fits = end != value && first_end != first && strcmp(end, first_end) == 0;
    return fits ? number : NAN;
}

/* Whether x can be the load. */
static bool chart_sweep_has_load(const struct grid_points *points)
{
    bool varies = false;
    for (size_t i = 0; i < points->count; i++) {
        if (!isfinite(points->items[i].load))
            return false;
        varies |= points->items[i].load != points->items[0].load;
    }
    return varies;
}

static bool chart_sweep_is_of(const struct chart_series *series, const char *name,
                              size_t panel)
{
    return series->panel == panel && strcmp(series->name, name) == 0;
}

/* By rising x; points of one x keep their order. */
static void chart_sweep_insert(struct chart_series *series, struct chart_point point)
{
    size_t k = series->count++;
    for (; k > 0 && series->points[k - 1].x > point.x; k--)
        series->points[k] = series->points[k - 1];
    series->points[k] = point;
}

/* The curve of a name in the last panel; a new one gets the next colour. */
static struct chart_series *chart_sweep_series(struct chart *chart, struct chart_series *all,
                                               const char *name, size_t panel)
{
    size_t first = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        if (chart_sweep_is_of(&all[i], name, panel))
            return &all[i];
        first += all[i].panel < panel;
    }
    struct chart_series *series = &all[chart->series_count];
    *series = (struct chart_series){
        .name = name, .panel = panel, .color = chart->series_count++ - first};
    return series;
}

static void chart_sweep_fill_panel(struct chart *chart, struct chart_series *all,
                                   const struct grid_points *points, size_t panel)
{
    bool by_load = chart_sweep_has_load(points);
    for (size_t i = 0; i < points->count; i++) {
        const struct grid_point *point = &points->items[i];
        double x = by_load ? point->load
                           : chart_sweep_number(point->first, points->items[0].first);
        if (strcmp(point->metric, chart_sweep_panels[panel].metric) != 0 || !isfinite(x))
            continue;
        const char *name = point->others[0] == '\0'
                               ? point->policy
                               : chart_format(chart, "%s, %s", point->policy, point->others);
        struct chart_series *series = chart_sweep_series(chart, all, name, panel);
        if (series->points == NULL)
            series->points = arena_take(&chart->arena, points->count, sizeof(*series->points));
        if (!(point->value > 0))
            continue;
        chart_sweep_insert(series,
                           (struct chart_point){x, point->value, point->low, point->high});
        chart_axis_meet(&chart->x, x);
        chart_axis_meet(&chart->y[panel], point->value);
        chart_axis_meet(&chart->y[panel], point->high);
    }
}

void chart_sweep_fill(struct chart *chart, const struct chart_source *source)
{
    const struct grid_points *points = source->sweep;
    chart->empty = "no data: only a sweep has it (lbsim run --vary)";
    if (points == NULL || points->count == 0)
        return;
    struct chart_series *all = chart_open_series(chart, points->count);
    bool by_load = chart_sweep_has_load(points);
    chart_axis_open(&chart->x, by_load ? "offered load, share of capacity" : points->path,
                    by_load ? FIGURE_PERCENT : FIGURE_NUMBER, false);
    chart->panel_count = CHART_SWEEP_PANELS;
    chart->empty = NULL;
    for (size_t i = 0; i < CHART_SWEEP_PANELS; i++) {
        chart_axis_open(&chart->y[i], chart_sweep_panels[i].label, FIGURE_TIME, true);
        chart_sweep_fill_panel(chart, all, points, i);
    }
    for (size_t i = 0; i < CHART_SWEEP_PANELS; i++)
        if (!chart_axis_close(&chart->y[i]))
            chart->empty = "no data: the evidence is too thin for a p99, or x is no number";
    if (chart->empty != NULL || !chart_axis_close(&chart->x))
        return;
    chart->caption = "bars: 95 % intervals; where one is missing the evidence is too thin";
    chart_label_ends(chart);
}
