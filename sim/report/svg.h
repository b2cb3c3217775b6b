/* SPDX-License-Identifier: GPL-3.0-or-later
   Charts as SVG inside a page.  Colours and dashes are classes of the page's style (c0 … c7,
   d0 … d4, of cells h0 … h6), so that they follow light, dark and print. */
#ifndef SIM_REPORT_SVG_H
#define SIM_REPORT_SVG_H

#include "sim/report/chart.h"

enum { SVG_COLORS = 8, SVG_DASHES = 5, SVG_HEATS = 7 };

/* One <svg> element.  Series are groups of class "series" with a data-series of their
   chart_series.color. */
void svg_write(const struct chart *chart, struct output *output);

/* The class of a policy's lines or of a part's areas: "c3 d3". */
void svg_write_class(size_t color, struct output *output);

#endif
