/* SPDX-License-Identifier: GPL-3.0-or-later
   The four forms of a report, behind report_render. */
#ifndef SIM_REPORT_RENDER_H
#define SIM_REPORT_RENDER_H

#include "sim/report/report.h"
#include "sim/report/scope.h"

void render_text(const struct report *report, const struct report_heading *heading,
                 bool color, struct output *output);
void render_markdown(const struct report *report, const struct report_heading *heading,
                     struct output *output);
void render_json(const struct report *report, const struct report_heading *heading,
                 struct output *output);
void render_csv(const struct report *report, const struct report_heading *heading,
                struct output *output);

/* What to say of members of a kind that are not listed; NULL: nothing is left out. */
const char *render_crowded(const struct report *report, enum scope_kind kind);

#endif
