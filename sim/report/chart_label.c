/* SPDX-License-Identifier: GPL-3.0-or-later
   Names beside the curves, so that nobody has to match colours with a legend.  With many
   curves there is no room for them. */
#include "sim/report/chart_part.h"

#include <math.h>
#include <string.h>

enum { CHART_LABELS_MAX = 8 };
/* How far apart names are, as a share of the height of a panel: of the only one, of several. */
#define CHART_LABEL_APART 0.05
#define CHART_LABEL_APART_LOW 0.11
/* Further to the right than that share of the width there is no room for a name. */
#define CHART_LABEL_EDGE 0.8

static void chart_label_none(struct chart_series *series, size_t count)
{
    for (size_t i = 0; i < count; i++)
        series[i].label_x = series[i].label_y = NAN;
}

/* Series with points in the panel, by rising `label_y`; their number. */
static size_t chart_label_sort(const struct chart *chart, struct chart_series *series,
                               size_t panel, struct chart_series **sorted)
{
    size_t count = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        if (series[i].panel != panel || !isfinite(series[i].label_y))
            continue;
        size_t k = count++;
        for (; k > 0 && sorted[k - 1]->label_y > series[i].label_y; k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = &series[i];
    }
    return count;
}

/* Between where the names come to stand when they push each other upwards, and when they push
   each other downwards. */
static void chart_label_spread(const struct chart *chart, struct chart_series **sorted,
                               size_t count)
{
    const struct chart_axis *axis = &chart->y[0];
    double apart = chart->panel_count == 1 ? CHART_LABEL_APART : CHART_LABEL_APART_LOW;
    double up[CHART_LABELS_MAX], down = INFINITY;
    for (size_t i = 0; i < count; i++) {
        up[i] = chart_axis_place(axis, sorted[i]->label_y);
        if (i > 0)
            up[i] = fmax(up[i], up[i - 1] + apart);
    }
    for (size_t i = count; i > 0; i--) {
        double own = chart_axis_place(axis, sorted[i - 1]->label_y);
        down = fmin(own, down - apart);
        sorted[i - 1]->label_y = chart_axis_value(axis, (up[i - 1] + down) / 2);
    }
}

void chart_label_ends(struct chart *chart)
{
    struct chart_series *series = chart->series;
    struct chart_series *sorted[CHART_LABELS_MAX];
    size_t most = chart->series_count / (chart->panel_count > 0 ? chart->panel_count : 1);
    chart_label_none(series, chart->series_count);
    if (most > CHART_LABELS_MAX || chart->panel_count == 0)
        return;
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t k = 0; k < series[i].count; k++)
            if (isfinite(series[i].points[k].y)) {
                series[i].label_x = chart->x.high;
                series[i].label_y = series[i].points[k].y;
                series[i].label_side = 1;
            }
    size_t count = chart_label_sort(chart, series, 0, sorted);
    chart_label_spread(chart, sorted, count);
    for (size_t i = 0; i < chart->series_count; i++)
        if (series[i].panel > 0)
            series[i].label_x = series[i].label_y = NAN;
}

/* From the lowest up, each at least so far above the last one that is near it in x. */
void chart_label_points(struct chart *chart)
{
    struct chart_series *series = chart->series;
    struct chart_series *sorted[CHART_LABELS_MAX];
    chart_label_none(series, chart->series_count);
    if (chart->series_count > CHART_LABELS_MAX)
        return;
    for (size_t i = 0; i < chart->series_count; i++) {
        if (series[i].count == 0)
            continue;
        const struct chart_point *last = &series[i].points[series[i].count - 1];
        series[i].label_x = last->x;
        series[i].label_y = last->y;
        bool edge = chart_axis_place(&chart->x, last->x) > CHART_LABEL_EDGE;
        series[i].label_side = edge ? -1 : 1;
    }
    size_t count = chart_label_sort(chart, series, 0, sorted);
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            double here = chart_axis_place(&chart->y[0], sorted[i]->label_y);
            double least =
                chart_axis_place(&chart->y[0], sorted[k]->label_y) + CHART_LABEL_APART;
            bool near = fabs(chart_axis_place(&chart->x, sorted[i]->label_x) -
                             chart_axis_place(&chart->x, sorted[k]->label_x)) < 0.3;
            if (near && here < least)
                sorted[i]->label_y = chart_axis_value(&chart->y[0], least);
        }
}

/* The x at which a falling curve comes below a height. */
static double chart_label_cross(const struct chart_series *series, double height)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->points[i].y <= height)
            return series->points[i].x;
    return NAN;
}

void chart_label_along(struct chart *chart)
{
    struct chart_series *series = chart->series;
    struct chart_series *sorted[CHART_LABELS_MAX];
    chart_label_none(series, chart->series_count);
    if (chart->series_count > CHART_LABELS_MAX)
        return;
    for (size_t i = 0; i < chart->series_count; i++)
        series[i].label_y = chart_label_cross(&series[i], chart_axis_value(&chart->y[0], 0.5));
    size_t count = chart_label_sort(chart, series, 0, sorted);
    for (size_t i = 0; i < count; i++) {
        double place = 0.3 + (count > 1 ? 0.55 * (double)i / (double)(count - 1) : 0.2);
        double height = chart_axis_value(&chart->y[0], place);
        sorted[i]->label_x = chart_label_cross(sorted[i], height);
        sorted[i]->label_y = height;
        bool edge = chart_axis_place(&chart->x, sorted[i]->label_x) > CHART_LABEL_EDGE;
        sorted[i]->label_side = edge || (i == 0 && count > 1) ? -1 : 1;
    }
}
