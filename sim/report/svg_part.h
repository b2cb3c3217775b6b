/* SPDX-License-Identifier: GPL-3.0-or-later
   What the shapes of charts share when they are drawn. */
#ifndef SIM_REPORT_SVG_PART_H
#define SIM_REPORT_SVG_PART_H

#include "sim/report/svg.h"

enum { SVG_WIDTH = 800 };

/* Where the data of a panel go, in units of the view box. */
struct svg_frame {
    double left, top, width, height;
};

double svg_x(const struct svg_frame *frame, const struct chart_axis *axis, double value);
double svg_y(const struct svg_frame *frame, const struct chart_axis *axis, double value);

/* A text at a place: anchor "start", "middle" or "end"; class NULL: none.  One wider than
   `room` units is cut, with its whole as title. */
struct svg_label {
    double x, y, room;
    const char *anchor, *class;
};
void svg_text(const struct svg_label *label, const char *text, struct output *output);
void svg_line(double x1, double y1, double x2, double y2, const char *class,
              struct output *output);
/* What a text needs, about. */
double svg_width(const char *text);

/* Grid and ticks of an axis, of y without its label. */
void svg_x_axis(const struct svg_frame *frame, const struct chart_axis *axis,
                struct output *output);
void svg_y_axis(const struct svg_frame *frame, const struct chart_axis *axis,
                struct output *output);

/* The label, upright beside the ticks. */
void svg_y_label(const struct svg_frame *frame, const struct chart_axis *axis,
                 struct output *output);
/* Takes the texts off an axis x: of panels only the last one has them. */
void svg_hush(struct chart_axis *axis);

/* Height of the view box, and what is in it. */
double svg_lines_height(const struct chart *chart);
void svg_lines_draw(const struct chart *chart, struct output *output);
/* What the spans are, in a line over a panel, as far as there is room. */
void svg_lines_name_spans(const struct chart *chart, const struct svg_frame *frame,
                          struct output *output);
double svg_points_height(const struct chart *chart);
void svg_points_draw(const struct chart *chart, struct output *output);
double svg_heat_height(const struct chart *chart);
void svg_heat_draw(const struct chart *chart, struct output *output);
double svg_columns_height(const struct chart *chart);
void svg_columns_draw(const struct chart *chart, struct output *output);
double svg_rows_height(const struct chart *chart);
void svg_rows_draw(const struct chart *chart, struct output *output);

#endif
