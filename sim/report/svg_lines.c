/* SPDX-License-Identifier: GPL-3.0-or-later
   Curves, in one panel or in several one below the other. */
#include "sim/report/svg_part.h"

#include "sim/report/html.h"

#include <math.h>

enum { SVG_LINES_LEFT = 64, SVG_LINES_FOOT = 48, SVG_LINES_GAP = 16, SVG_LINES_TOP = 28 };
enum { SVG_LINES_TALL = 380, SVG_LINES_LOW = 150 };

#define SVG_LINES_BOLD 1.15 /* names are in bold */
/* A curve is drawn again only where it moved so far, in units of the view box. */
#define SVG_LINES_STEP 1.2

static double svg_lines_panel(const struct chart *chart)
{
    return chart->panel_count == 1 ? SVG_LINES_TALL : SVG_LINES_LOW;
}

double svg_lines_height(const struct chart *chart)
{
    double panels = (double)chart->panel_count;
    return SVG_LINES_TOP + panels * svg_lines_panel(chart) + (panels - 1) * SVG_LINES_GAP +
           SVG_LINES_FOOT;
}

static struct svg_frame svg_lines_frame(const struct chart *chart, size_t panel)
{
    double right = 28;
    for (size_t i = 0; i < chart->series_count; i++)
        if (chart->series[i].label_side > 0 && chart->series[i].label_x >= chart->x.high)
            right = fmax(right, 14 + SVG_LINES_BOLD * svg_width(chart->series[i].name));
    right = fmin(right, 200);
    double height = svg_lines_panel(chart);
    return (struct svg_frame){SVG_LINES_LEFT,
                              SVG_LINES_TOP + (double)panel * (height + SVG_LINES_GAP),
                              SVG_WIDTH - SVG_LINES_LEFT - right, height};
}

static void svg_lines_shade(const struct chart *chart, const struct svg_frame *frame,
                            struct output *output)
{
    for (size_t i = 0; i < chart->span_count; i++) {
        const struct facts_span *span = &chart->spans[i];
        double from = svg_x(frame, &chart->x, span->from), to = svg_x(frame, &chart->x, span->to);
        output_format(output,
                      "<rect class=\"span\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                      "height=\"%.1f\"><title>",
                      from, frame->top, fmax(to - from, 1.5), frame->height);
        html_text(output, span->text);
        output_text(output, "</title></rect>\n");
    }
}

void svg_lines_name_spans(const struct chart *chart, const struct svg_frame *frame,
                          struct output *output)
{
    double free = frame->left, right = frame->left + frame->width;
    for (size_t i = 0; i < chart->span_count; i++) {
        const char *text = chart->spans[i].text;
        double from = svg_x(frame, &chart->x, chart->spans[i].from);
        if (from < free || from + svg_width(text) > right + 28)
            continue;
        svg_text(&(struct svg_label){from, frame->top - 7, 0, "start", "mark"}, text, output);
        free = from + svg_width(text) + 10;
    }
}

static void svg_lines_mark(const struct chart *chart, const struct svg_frame *frame,
                           struct output *output)
{
    double right = frame->left + frame->width, bottom = frame->top + frame->height;
    double below = 0; /* names at the top take turns in two lines */
    for (size_t i = 0; i < chart->mark_count; i++) {
        const struct chart_mark *mark = &chart->marks[i];
        if (mark->level) {
            double y = svg_y(frame, &chart->y[0], mark->at);
            svg_line(frame->left, y, right, y, "rule", output);
            svg_text(&(struct svg_label){frame->left + 4, y - 4, 0, "start", "mark"}, mark->text,
                     output);
        } else {
            double x = svg_x(frame, &chart->x, mark->at);
            svg_line(x, frame->top, x, bottom, "limit", output);
            svg_text(&(struct svg_label){x, frame->top - 6 - below, 130, "middle", "mark"},
                     mark->text, output);
            below = 11 - below;
        }
    }
}

static void svg_lines_path(const struct chart *chart, const struct svg_frame *frame,
                           const struct chart_series *series, struct output *output)
{
    const struct chart_axis *y_axis = &chart->y[series->panel];
    double last_x = -INFINITY, last_y = -INFINITY;
    bool down = false; /* the pen */
    for (size_t i = 0; i < series->count; i++) {
        const struct chart_point *point = &series->points[i];
        bool known = isfinite(point->y) && (!y_axis->log || point->y > 0);
        double x = known ? svg_x(frame, &chart->x, point->x) : 0;
        double y = known ? svg_y(frame, y_axis, point->y) : 0;
        bool ends = i + 1 == series->count;
        if (known && (!down || ends || fabs(x - last_x) + fabs(y - last_y) >= SVG_LINES_STEP)) {
            output_format(output, "%s%.1f %.1f", down ? "L" : "M", x, y);
            last_x = x, last_y = y;
        }
        down = known;
    }
}

static void svg_lines_series(const struct chart *chart, const struct svg_frame *frame,
                             const struct chart_series *series, struct output *output)
{
    output_format(output, "<g class=\"series ");
    svg_write_class(series->color, output);
    output_format(output,
                  "\" data-series=\"%zu\">\n"
                  "<path class=\"curve\" clip-path=\"url(#%s-%zu)\" d=\"",
                  series->color, chart->name, series->panel);
    svg_lines_path(chart, frame, series, output);
    output_text(output, "\"><title>");
    html_text(output, series->name);
    output_text(output, "</title></path>\n");
    if (isfinite(series->label_x) && isfinite(series->label_y)) {
        double x = svg_x(frame, &chart->x, series->label_x) + 7 * series->label_side;
        double y = svg_y(frame, &chart->y[series->panel], series->label_y) + 4;
        svg_text(&(struct svg_label){x, y, 160, series->label_side < 0 ? "end" : "start", "name"},
                 series->name, output);
    }
    output_text(output, "</g>\n");
}

static void svg_lines_clip(const struct chart *chart, const struct svg_frame *frame, size_t panel,
                           struct output *output)
{
    output_format(output,
                  "<clipPath id=\"%s-%zu\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                  "height=\"%.1f\"/></clipPath>\n",
                  chart->name, panel, frame->left, frame->top - 2, frame->width,
                  frame->height + 4);
}

void svg_lines_draw(const struct chart *chart, struct output *output)
{
    for (size_t panel = 0; panel < chart->panel_count; panel++) {
        struct svg_frame frame = svg_lines_frame(chart, panel);
        const struct chart_axis *y = &chart->y[panel];
        struct chart_axis x = chart->x;
        if (panel + 1 < chart->panel_count)
            svg_hush(&x);
        svg_lines_clip(chart, &frame, panel, output);
        svg_lines_shade(chart, &frame, output);
        if (panel == 0)
            svg_lines_name_spans(chart, &frame, output);
        svg_y_axis(&frame, y, output);
        svg_x_axis(&frame, &x, output);
        svg_lines_mark(chart, &frame, output);
        svg_y_label(&frame, y, output);
        for (size_t i = 0; i < chart->series_count; i++)
            if (chart->series[i].panel == panel)
                svg_lines_series(chart, &frame, &chart->series[i], output);
    }
}
