/* SPDX-License-Identifier: GPL-3.0-or-later
   A chart as the variables and data that the templates in scripts/plots read; their README
   lists them.  Texts are written so that gnuplot acts upon nothing in them. */
#ifndef SIM_CLI_PLOT_SCRIPT_H
#define SIM_CLI_PLOT_SCRIPT_H

#include "sim/engine/output.h"
#include "sim/report/chart.h"

enum plot_format { PLOT_SVG, PLOT_PNG };

void plot_script_write(const struct chart *chart, enum plot_format format,
                       struct output *output);

#endif
