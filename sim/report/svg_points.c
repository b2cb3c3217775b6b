/* SPDX-License-Identifier: GPL-3.0-or-later
   Points with intervals along both axes; those of one series are joined by a thin line. */
#include "sim/report/svg_part.h"

#include "sim/report/html.h"

#include <math.h>

enum { SVG_POINTS_LEFT = 64, SVG_POINTS_TOP = 14, SVG_POINTS_TALL = 340, SVG_POINTS_FOOT = 48,
       SVG_POINTS_RIGHT = 28 };

double svg_points_height(const struct chart *chart)
{
    (void)chart;
    return SVG_POINTS_TOP + SVG_POINTS_TALL + SVG_POINTS_FOOT;
}

static void svg_points_bars(const struct chart *chart, const struct svg_frame *frame,
                            const struct chart_point *point, const struct chart_range *across,
                            struct output *output)
{
    const struct chart_axis *x_axis = &chart->x, *y_axis = &chart->y[0];
    double x = svg_x(frame, x_axis, point->x), y = svg_y(frame, y_axis, point->y);
    if (isfinite(point->low) && isfinite(point->high))
        svg_line(x, svg_y(frame, y_axis, fmax(point->low, y_axis->low)), x,
                 svg_y(frame, y_axis, point->high), "whisker", output);
    if (across != NULL && isfinite(across->low) && isfinite(across->high))
        svg_line(svg_x(frame, x_axis, fmax(across->low, x_axis->low)), y,
                 svg_x(frame, x_axis, across->high), y, "whisker", output);
}

static void svg_points_dot(const struct chart *chart, const struct svg_frame *frame,
                           const struct chart_series *series, size_t index,
                           struct output *output)
{
    const struct chart_point *point = &series->points[index];
    char x[FIGURE_SIZE], y[FIGURE_SIZE];
    figure_write(x, chart->x.figure, point->x);
    figure_write(y, chart->y[0].figure, point->y);
    output_format(output, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"><title>",
                  svg_x(frame, &chart->x, point->x), svg_y(frame, &chart->y[0], point->y));
    html_text(output, series->name);
    output_format(output, ": %s, %s</title></circle>\n", x, y);
}

static void svg_points_series(const struct chart *chart, const struct svg_frame *frame,
                              const struct chart_series *series, struct output *output)
{
    output_text(output, "<g class=\"series ");
    svg_write_class(series->color, output);
    output_format(output, "\" data-series=\"%zu\">\n", series->color);
    for (size_t i = 1; i < series->count; i++)
        svg_line(svg_x(frame, &chart->x, series->points[i - 1].x),
                 svg_y(frame, &chart->y[0], series->points[i - 1].y),
                 svg_x(frame, &chart->x, series->points[i].x),
                 svg_y(frame, &chart->y[0], series->points[i].y), "curve", output);
    for (size_t i = 0; i < series->count; i++) {
        svg_points_bars(chart, frame, &series->points[i],
                        series->across != NULL ? &series->across[i] : NULL, output);
        svg_points_dot(chart, frame, series, i, output);
    }
    if (isfinite(series->label_x) && isfinite(series->label_y)) {
        double x = svg_x(frame, &chart->x, series->label_x) + 9 * series->label_side;
        double y = svg_y(frame, &chart->y[0], series->label_y) - 5;
        svg_text(&(struct svg_label){x, y, 200, series->label_side < 0 ? "end" : "start", "name"},
                 series->name, output);
    }
    output_text(output, "</g>\n");
}

void svg_points_draw(const struct chart *chart, struct output *output)
{
    struct svg_frame frame = {SVG_POINTS_LEFT, SVG_POINTS_TOP,
                              SVG_WIDTH - SVG_POINTS_LEFT - SVG_POINTS_RIGHT, SVG_POINTS_TALL};
    svg_y_axis(&frame, &chart->y[0], output);
    svg_x_axis(&frame, &chart->x, output);
    svg_y_label(&frame, &chart->y[0], output);
    for (size_t i = 0; i < chart->series_count; i++)
        svg_points_series(chart, &frame, &chart->series[i], output);
}
