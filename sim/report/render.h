/* SPDX-License-Identifier: GPL-3.0-or-later
   The five forms of a report, behind report_render. */
#ifndef SIM_REPORT_RENDER_H
#define SIM_REPORT_RENDER_H

#include "sim/config/json.h"
#include "sim/report/report.h"
#include "sim/report/scope.h"

void render_text(const struct report *report, const struct report_heading *heading,
                 bool color, struct output *output);
void render_markdown(const struct report *report, const struct report_heading *heading,
                     struct output *output);
/* One figure as a map, wherever it stands. */
void render_json_measure(struct json *json, const struct measure *measure);
void render_json(const struct report *report, const struct report_heading *heading,
                 struct output *output);
void render_csv(const struct report *report, const struct report_heading *heading,
                struct output *output);

void render_html(const struct report *report, const struct report_heading *heading,
                 struct output *output);

/* A field of CSV; what a spreadsheet would take for a formula gets an apostrophe in front. */
void render_csv_text(struct output *output, const char *text);
bool render_csv_is_formula(const char *text);
/* Fields with a comma behind each; of a number that is not finite, the comma alone. */
void render_csv_texts(struct output *output, const char *const *texts, size_t count);
void render_csv_numbers(struct output *output, const double *numbers, size_t count);

/* The lines under the tables, as items of a list. */
struct section_view;
void render_notes(const struct section_view *view);

/* What to say of members of a kind that are not listed; NULL: nothing is left out. */
const char *render_crowded(const struct report *report, enum scope_kind kind);

#endif
