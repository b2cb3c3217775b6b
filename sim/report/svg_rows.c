/* SPDX-License-Identifier: GPL-3.0-or-later
   A row for each policy: an estimate with its interval, parts one behind the other, or a bar
   with the tick that it should have reached. */
#include "sim/report/svg_part.h"

#include "sim/report/html.h"

#include <math.h>

enum { SVG_ROWS_STEP = 26, SVG_ROWS_TOP = 8, SVG_ROWS_FOOT = 46, SVG_ROWS_NAME_MAX = 240,
       SVG_ROWS_MARK = 12 };

/* A mark has its name above the rows. */
static double svg_rows_top(const struct chart *chart)
{
    return SVG_ROWS_TOP + (chart->mark_count > 0 ? SVG_ROWS_MARK : 0);
}

double svg_rows_height(const struct chart *chart)
{
    return svg_rows_top(chart) + (double)chart->row_count * SVG_ROWS_STEP + SVG_ROWS_FOOT;
}

static struct svg_frame svg_rows_frame(const struct chart *chart)
{
    double left = 60, right = 30;
    for (size_t i = 0; i < chart->row_count; i++) {
        left = fmax(left, svg_width(chart->rows[i]) + 16);
        if (chart->notes != NULL && chart->notes[i] != NULL)
            right = fmax(right, svg_width(chart->notes[i]) + 16);
    }
    left = fmin(left, SVG_ROWS_NAME_MAX);
    right = fmin(right, 200);
    return (struct svg_frame){left, svg_rows_top(chart), SVG_WIDTH - left - right,
                              (double)chart->row_count * SVG_ROWS_STEP};
}

static double svg_rows_middle(const struct svg_frame *frame, double row)
{
    return frame->top + (row + 0.5) * SVG_ROWS_STEP;
}

static void svg_rows_bar(const struct svg_frame *frame, double from, double to, double row,
                         struct output *output)
{
    output_format(output, "<rect class=\"area\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                  "height=\"%d\">", from, svg_rows_middle(frame, row) - 8, fmax(to - from, 0),
                  16);
}

static void svg_rows_title(const char *name, enum figure figure, double value,
                           struct output *output)
{
    char text[FIGURE_SIZE];
    figure_write(text, figure, value);
    output_text(output, "<title>");
    html_text(output, name);
    output_format(output, ": %s</title></rect>\n", text);
}

static void svg_rows_estimate(const struct chart *chart, const struct svg_frame *frame,
                              const struct chart_point *point, struct output *output)
{
    double y = svg_rows_middle(frame, point->y), x = svg_x(frame, &chart->x, point->x);
    if (isfinite(point->low) && isfinite(point->high)) {
        double low = svg_x(frame, &chart->x, fmax(point->low, chart->x.low));
        double high = svg_x(frame, &chart->x, point->high);
        svg_line(low, y, high, y, "whisker", output);
        svg_line(low, y - 5, low, y + 5, "whisker", output);
        svg_line(high, y - 5, high, y + 5, "whisker", output);
    }
    output_format(output, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>\n", x, y);
}

static void svg_rows_bullet(const struct chart *chart, const struct svg_frame *frame,
                            const struct chart_point *point, struct output *output)
{
    double y = svg_rows_middle(frame, point->y);
    svg_rows_bar(frame, frame->left, svg_x(frame, &chart->x, point->x), point->y, output);
    svg_rows_title(chart->rows[(size_t)point->y], chart->x.figure, point->x, output);
    if (!isfinite(point->low))
        return;
    double x = svg_x(frame, &chart->x, point->low);
    svg_line(x, y - 11, x, y + 11, "tickmark", output);
}

static void svg_rows_stack(const struct chart *chart, const struct svg_frame *frame,
                           struct output *output)
{
    for (size_t i = 0; i < chart->series_count; i++) {
        output_text(output, "<g class=\"series ");
        svg_write_class(chart->series[i].color, output);
        output_format(output, "\" data-series=\"%zu\">\n", chart->series[i].color);
        for (size_t row = 0; row < chart->row_count; row++) {
            double before = 0, value = chart->series[i].points[row].x;
            for (size_t k = 0; k < i; k++)
                before += chart->series[k].points[row].x;
            if (!(value > 0))
                continue;
            svg_rows_bar(frame, svg_x(frame, &chart->x, before),
                         svg_x(frame, &chart->x, before + value), (double)row, output);
            svg_rows_title(chart->series[i].name, chart->x.figure, value, output);
        }
        output_text(output, "</g>\n");
    }
}

static void svg_rows_series(const struct chart *chart, const struct svg_frame *frame,
                            const struct chart_series *series, struct output *output)
{
    output_text(output, "<g class=\"");
    svg_write_class(series->color, output);
    output_text(output, "\">\n");
    for (size_t i = 0; i < series->count; i++)
        if (chart->shape == CHART_FOREST)
            svg_rows_estimate(chart, frame, &series->points[i], output);
        else
            svg_rows_bullet(chart, frame, &series->points[i], output);
    output_text(output, "</g>\n");
}

static void svg_rows_mark(const struct chart *chart, const struct svg_frame *frame,
                          struct output *output)
{
    for (size_t i = 0; i < chart->mark_count; i++) {
        double x = svg_x(frame, &chart->x, chart->marks[i].at);
        svg_line(x, frame->top, x, frame->top + frame->height, "limit", output);
        svg_text(&(struct svg_label){x, frame->top - 5, 160, "middle", "mark"},
                 chart->marks[i].text, output);
    }
}

void svg_rows_draw(const struct chart *chart, struct output *output)
{
    struct svg_frame frame = svg_rows_frame(chart);
    svg_x_axis(&frame, &chart->x, output);
    svg_rows_mark(chart, &frame, output);
    for (size_t i = 0; i < chart->row_count; i++) {
        double y = svg_rows_middle(&frame, (double)i) + 4;
        svg_text(&(struct svg_label){frame.left - 8, y, frame.left - 14, "end", "row"},
                 chart->rows[i], output);
        if (chart->notes != NULL && chart->notes[i] != NULL)
            svg_text(&(struct svg_label){frame.left + frame.width + 10, y, 186, "start", "tick"},
                     chart->notes[i], output);
    }
    if (chart->shape == CHART_STACK) {
        svg_rows_stack(chart, &frame, output);
        return;
    }
    for (size_t i = 0; i < chart->series_count; i++)
        svg_rows_series(chart, &frame, &chart->series[i], output);
}
