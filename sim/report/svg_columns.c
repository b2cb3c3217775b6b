/* SPDX-License-Identifier: GPL-3.0-or-later
   A column for each category, in a panel for each series, with its fair share across. */
#include "sim/report/svg_part.h"

#include "sim/report/html.h"

#include <math.h>

enum { SVG_COLUMNS_LEFT = 56, SVG_COLUMNS_PANEL = 84, SVG_COLUMNS_HEAD = 26,
       SVG_COLUMNS_FOOT = 26 };
/* Columns that say their names and values; more are one shape. */
enum { SVG_COLUMNS_NAMED_MAX = 200 };

double svg_columns_height(const struct chart *chart)
{
    return (double)chart->panel_count * (SVG_COLUMNS_HEAD + SVG_COLUMNS_PANEL) +
           SVG_COLUMNS_FOOT;
}

/* Names under the columns, as many as there is room for. */
static void svg_columns_name(const struct chart *chart, const struct svg_frame *frame,
                             struct output *output)
{
    double step = frame->width / (double)chart->row_count, free = -INFINITY;
    for (size_t i = 0; i < chart->row_count; i++) {
        double x = frame->left + step * ((double)i + 0.5);
        double half = svg_width(chart->rows[i]) / 2;
        if (x - half < free)
            continue;
        svg_text(&(struct svg_label){x, frame->top + frame->height + 17, 140, "middle", "tick"},
                 chart->rows[i], output);
        free = x + fmin(half, 70) + 6;
    }
}

static void svg_columns_bar(const struct chart *chart, const struct svg_frame *frame,
                            const struct chart_axis *axis, const struct chart_point *point,
                            struct output *output)
{
    double step = frame->width / (double)chart->row_count;
    double gap = step > 6 ? fmin(6, step / 4) : 0;
    double x = frame->left + step * point->y + gap / 2, y = svg_y(frame, axis, point->x);
    double height = frame->top + frame->height - y;
    char value[FIGURE_SIZE];
    if (chart->row_count > SVG_COLUMNS_NAMED_MAX) {
        output_format(output, "M%.1f %.1fv%.1fh%.1fv%.1fz", x, y, height, step - gap, -height);
        return;
    }
    figure_write(value, axis->figure, point->x);
    output_format(output,
                  "<rect class=\"area\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                  "height=\"%.1f\"><title>",
                  x, y, step - gap, height);
    html_text(output, chart->rows[(size_t)point->y]);
    output_format(output, ": %s</title></rect>\n", value);
}

static void svg_columns_panel(const struct chart *chart, const struct svg_frame *frame,
                              const struct chart_series *series, struct output *output)
{
    const struct chart_axis *axis = &chart->y[series->panel];
    bool crowded = chart->row_count > SVG_COLUMNS_NAMED_MAX;
    output_text(output, "<g class=\"");
    svg_write_class(series->color, output);
    output_text(output, crowded ? "\">\n<path class=\"area\" d=\"" : "\">\n");
    for (size_t i = 0; i < series->count; i++)
        svg_columns_bar(chart, frame, axis, &series->points[i], output);
    output_text(output, crowded ? "\"/>\n</g>\n" : "</g>\n");
    if (series->count > 0 && isfinite(series->points[0].low)) {
        double y = svg_y(frame, axis, series->points[0].low);
        svg_line(frame->left, y, frame->left + frame->width, y, "limit", output);
    }
}

void svg_columns_draw(const struct chart *chart, struct output *output)
{
    struct svg_frame frame = {SVG_COLUMNS_LEFT, 0, SVG_WIDTH - SVG_COLUMNS_LEFT - 12,
                              SVG_COLUMNS_PANEL};
    for (size_t i = 0; i < chart->series_count; i++) {
        size_t panel = chart->series[i].panel;
        frame.top = SVG_COLUMNS_HEAD +
                    (double)panel * (SVG_COLUMNS_HEAD + SVG_COLUMNS_PANEL);
        svg_y_axis(&frame, &chart->y[panel], output);
        svg_columns_panel(chart, &frame, &chart->series[i], output);
        if (chart->panels[panel] != NULL)
            svg_text(&(struct svg_label){frame.left, frame.top - 8, frame.width / 1.15, "start",
                                         "head"},
                     chart->panels[panel], output);
    }
    svg_columns_name(chart, &frame, output);
}
