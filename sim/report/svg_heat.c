/* SPDX-License-Identifier: GPL-3.0-or-later
   Cells in seven shades by the logarithm of what is in them; neighbours of one shade are one
   rectangle, and all of a shade one path. */
#include "sim/report/svg_part.h"

#include "sim/report/html.h"

#include <math.h>
#include <stdio.h>

enum { SVG_HEAT_LEFT = 64, SVG_HEAT_RIGHT = 28, SVG_HEAT_TOP = 18, SVG_HEAT_HEAD = 24,
       SVG_HEAT_TALL = 260, SVG_HEAT_LOW = 120, SVG_HEAT_FOOT = 70, SVG_HEAT_STEP = 96 };

static double svg_heat_panel(const struct chart *chart)
{
    return chart->panel_count == 1 ? SVG_HEAT_TALL : SVG_HEAT_LOW;
}

double svg_heat_height(const struct chart *chart)
{
    return SVG_HEAT_TOP + (double)chart->panel_count * (SVG_HEAT_HEAD + svg_heat_panel(chart)) +
           SVG_HEAT_FOOT;
}

/* SVG_HEATS where there is nothing. */
static int svg_heat_shade(const struct chart *chart, const struct chart_point *cell)
{
    if (!isfinite(cell->low))
        return SVG_HEATS;
    double place = chart_axis_place(&chart->z, cell->low);
    return (int)fmin(fmax(place * SVG_HEATS, 0), SVG_HEATS - 1);
}

/* Edges are rounded as they are written, so that neighbours touch. */
static double svg_heat_edge(double from, double size, size_t index, size_t count)
{
    return round(10 * (from + size * (double)index / (double)count)) / 10;
}

static void svg_heat_cells(const struct chart *chart, const struct svg_frame *frame,
                           const struct chart_series *series, int shade, struct output *output)
{
    size_t rows = series->count / chart->columns;
    bool open = false;
    for (size_t i = 0, size; i < series->count; i += size) {
        size_t column = i % chart->columns, row = i / chart->columns;
        size = 1;
        if (svg_heat_shade(chart, &series->points[i]) != shade)
            continue;
        while (column + size < chart->columns &&
               svg_heat_shade(chart, &series->points[i + size]) == shade)
            size++;
        if (!open)
            output_format(output, "<path class=\"h%d\" d=\"", shade);
        double left = svg_heat_edge(frame->left, frame->width, column, chart->columns);
        double right = svg_heat_edge(frame->left, frame->width, column + size, chart->columns);
        double top = svg_heat_edge(frame->top, frame->height, rows - 1 - row, rows);
        double bottom = svg_heat_edge(frame->top, frame->height, rows - row, rows);
        output_format(output, "M%.1f %.1fh%.1fv%.1fh-%.1fz", left, top, right - left, bottom - top,
                      right - left);
        open = true;
    }
    output_text(output, open ? "\"/>\n" : "");
}

static void svg_heat_spans(const struct chart *chart, const struct svg_frame *frame,
                           struct output *output)
{
    for (size_t i = 0; i < chart->span_count; i++) {
        const double ends[] = {chart->spans[i].from, chart->spans[i].to};
        for (int end = 0; end < (ends[1] > ends[0] ? 2 : 1); end++) {
            double x = svg_x(frame, &chart->x, ends[end]);
            svg_line(x, frame->top, x, frame->top + frame->height, "gap", output);
            svg_line(x, frame->top, x, frame->top + frame->height, "limit", output);
        }
    }
}

/* What the shades stand for. */
static void svg_heat_legend(const struct chart *chart, double top, struct output *output)
{
    double x = SVG_HEAT_LEFT;
    for (int shade = 0; shade < SVG_HEATS; shade++) {
        double least = ceil(chart_axis_value(&chart->z, (double)shade / SVG_HEATS) - 1e-9);
        double most = ceil(chart_axis_value(&chart->z, (shade + 1.0) / SVG_HEATS) - 1e-9) -
                      (shade + 1 < SVG_HEATS);
        char first[FIGURE_SIZE], last[FIGURE_SIZE], text[2 * FIGURE_SIZE + 16];
        if (least > most)
            continue;
        figure_write(first, chart->z.figure, least);
        figure_write(last, chart->z.figure, most);
        snprintf(text, sizeof text, least < most ? "%s–%s" : "%s", first, last);
        output_format(output,
                      "<rect class=\"h%d\" x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"10\"/>\n",
                      shade, x, top - 9);
        svg_text(&(struct svg_label){x + 19, top, SVG_HEAT_STEP - 22, "start", "tick"}, text,
                 output);
        x += SVG_HEAT_STEP;
    }
    svg_text(&(struct svg_label){SVG_WIDTH - SVG_HEAT_RIGHT, top, 0, "end", "tick"},
             chart->z.label, output);
}

static void svg_heat_draw_panel(const struct chart *chart, const struct svg_frame *frame,
                                size_t panel, struct output *output)
{
    struct chart_axis x = chart->x;
    if (panel + 1 < chart->panel_count)
        svg_hush(&x);
    svg_y_axis(frame, &chart->y[panel], output);
    svg_x_axis(frame, &x, output);
    svg_y_label(frame, &chart->y[panel], output);
    output_text(output, "<g class=\"cells\">\n");
    for (size_t i = 0; i < chart->series_count; i++)
        for (int shade = 0; chart->series[i].panel == panel && shade < SVG_HEATS; shade++)
            svg_heat_cells(chart, frame, &chart->series[i], shade, output);
    output_text(output, "</g>\n");
    svg_heat_spans(chart, frame, output);
}

void svg_heat_draw(const struct chart *chart, struct output *output)
{
    double high = svg_heat_panel(chart);
    struct svg_frame frame = {SVG_HEAT_LEFT, 0, SVG_WIDTH - SVG_HEAT_LEFT - SVG_HEAT_RIGHT, high};
    for (size_t panel = 0; panel < chart->panel_count; panel++) {
        frame.top = SVG_HEAT_TOP + (double)(panel + 1) * SVG_HEAT_HEAD + (double)panel * high;
        if (panel == 0) {
            struct svg_frame above = frame;
            above.top -= SVG_HEAT_HEAD - 4;
            svg_lines_name_spans(chart, &above, output);
        }
        svg_text(&(struct svg_label){frame.left, frame.top - 7, frame.width, "start", "head"},
                 chart->panels[panel], output);
        svg_heat_draw_panel(chart, &frame, panel, output);
    }
    svg_heat_legend(chart, frame.top + high + 60, output);
}
