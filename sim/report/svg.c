/* SPDX-License-Identifier: GPL-3.0-or-later
   Places, texts and axes; the shapes are in files of their own.  A tenth of a unit is as fine
   as anybody sees. */
#include "sim/report/svg_part.h"

#include "sim/config/utf8.h"
#include "sim/report/html.h"
#include "sim/report/table.h"

#include <math.h>
#include <string.h>

#define SVG_CHARACTER 6.6 /* width of an average one at 12 units */

double svg_x(const struct svg_frame *frame, const struct chart_axis *axis, double value)
{
    return frame->left + frame->width * chart_axis_place(axis, value);
}

double svg_y(const struct svg_frame *frame, const struct chart_axis *axis, double value)
{
    return frame->top + frame->height * (1 - chart_axis_place(axis, value));
}

double svg_width(const char *text)
{
    return SVG_CHARACTER * (double)table_width(text);
}

/* The longest beginning of whole characters that `room` holds, in bytes. */
static size_t svg_fit(const char *text, double room)
{
    size_t used = 0;
    while (text[used] != '\0' && room >= SVG_CHARACTER) {
        size_t size = utf8_size(text + used, strnlen(text + used, 4));
        used += size > 0 ? size : 1;
        room -= SVG_CHARACTER;
    }
    return used;
}

void svg_text(const struct svg_label *label, const char *text, struct output *output)
{
    bool cut = label->room > 0 && svg_width(text) > label->room;
    output_format(output, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"", label->x, label->y,
                  label->anchor);
    if (label->class != NULL)
        output_format(output, " class=\"%s\"", label->class);
    output_text(output, ">");
    if (cut) {
        struct output *part = output_to_memory();
        size_t size;
        output_bytes(part, text, svg_fit(text, label->room - SVG_CHARACTER));
        output_text(output, "<title>");
        html_text(output, text);
        output_text(output, "</title>");
        html_text(output, output_memory(part, &size));
        output_text(output, "…");
        output_close(part, false);
    } else {
        html_text(output, text);
    }
    output_text(output, "</text>\n");
}

void svg_line(double x1, double y1, double x2, double y2, const char *class,
              struct output *output)
{
    output_format(output, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", class, x1, y1, x2,
                  y2);
}

void svg_x_axis(const struct svg_frame *frame, const struct chart_axis *axis,
                struct output *output)
{
    double bottom = frame->top + frame->height, free = -INFINITY;
    for (size_t i = 0; i < axis->tick_count; i++) {
        const struct chart_tick *tick = &axis->ticks[i];
        double x = svg_x(frame, axis, tick->at), half = svg_width(tick->text) / 2;
        svg_line(x, frame->top, x, bottom, "grid", output);
        if (x - half < free)
            continue;
        svg_text(&(struct svg_label){x, bottom + 17, 0, "middle", "tick"}, tick->text, output);
        free = x + half + 8;
    }
    svg_text(&(struct svg_label){frame->left + frame->width / 2, bottom + 36, 0, "middle",
                                 "axis"},
             axis->label, output);
}

void svg_y_axis(const struct svg_frame *frame, const struct chart_axis *axis,
                struct output *output)
{
    double free = INFINITY;
    for (size_t i = 0; i < axis->tick_count; i++) {
        const struct chart_tick *tick = &axis->ticks[i];
        double y = svg_y(frame, axis, tick->at);
        svg_line(frame->left, y, frame->left + frame->width, y, "grid", output);
        if (y > free)
            continue;
        svg_text(&(struct svg_label){frame->left - 8, y + 4, 0, "end", "tick"}, tick->text,
                 output);
        free = y - 14;
    }
}

void svg_y_label(const struct svg_frame *frame, const struct chart_axis *axis,
                 struct output *output)
{
    double middle = frame->top + frame->height / 2;
    output_format(output, "<g transform=\"rotate(-90 14 %.1f)\">", middle);
    svg_text(&(struct svg_label){14, middle, 0, "middle", "axis"}, axis->label, output);
    output_text(output, "</g>\n");
}

void svg_hush(struct chart_axis *axis)
{
    axis->label = "";
    for (size_t i = 0; i < axis->tick_count; i++)
        axis->ticks[i].text[0] = '\0';
}

void svg_write_class(size_t color, struct output *output)
{
    output_format(output, "c%zu d%zu", color % SVG_COLORS,
                  (color + color / SVG_DASHES) % SVG_DASHES);
}

void svg_write(const struct chart *chart, struct output *output)
{
    static const struct {
        double (*height)(const struct chart *chart);
        void (*draw)(const struct chart *chart, struct output *output);
    } shapes[] = {
        [CHART_LINES] = {svg_lines_height, svg_lines_draw},
        [CHART_COLUMNS] = {svg_columns_height, svg_columns_draw},
        [CHART_FOREST] = {svg_rows_height, svg_rows_draw},
        [CHART_STACK] = {svg_rows_height, svg_rows_draw},
        [CHART_BULLET] = {svg_rows_height, svg_rows_draw},
        [CHART_POINTS] = {svg_points_height, svg_points_draw},
        [CHART_HEAT] = {svg_heat_height, svg_heat_draw},
    };
    double height = chart->empty != NULL ? 60 : shapes[chart->shape].height(chart);
    output_format(output, "<svg viewBox=\"0 0 %d %.0f\" role=\"img\" aria-labelledby=\"", SVG_WIDTH,
                  height);
    output_format(output, "%s-title %s-about\">\n<title id=\"%s-title\">", chart->name,
                  chart->name, chart->name);
    html_text(output, chart->title);
    output_format(output, "</title>\n<desc id=\"%s-about\">", chart->name);
    html_text(output, chart->empty != NULL ? chart->empty : chart->caption);
    output_text(output, "</desc>\n");
    if (chart->empty != NULL)
        svg_text(&(struct svg_label){SVG_WIDTH / 2.0, 35, 0, "middle", "axis"}, chart->empty,
                 output);
    else
        shapes[chart->shape].draw(chart, output);
    output_text(output, "</svg>\n");
}
