/* SPDX-License-Identifier: GPL-3.0-or-later
   The tables that a report for people consists of: which columns, for whom, under what
   title. */
#ifndef SIM_REPORT_SECTION_H
#define SIM_REPORT_SECTION_H

#include "sim/report/report.h"
#include "sim/report/table.h"

/* A report on its way out, and what the notes under it need to know of its tables. */
struct section_view {
    const struct report *report;
    const struct report_heading *heading;
    enum table_style style;
    struct output *output;
    const struct measure **missing; /* without value or interval for a reason; free() it */
    size_t missing_count, missing_room;
    const char *nothing; /* why there were no requests at all; NULL: there were */
    bool unseen;   /* of a membership change: no key was seen before and after it */
    bool halves;   /* at least one interval was shown */
    bool replicated; /* at least one of them was from replications */
    unsigned fewest_sections, most_sections; /* of one trace, that intervals are from; 0: none */
    double lowest; /* p99 of several policies, for the eye only; NaN: none */
};

/* In the form of the view; NULL: of the first table, which needs none but on a page. */
void section_title(const struct section_view *view, const char *title);
void section_print_all(struct section_view *view);
/* The heading of a table; NULL: that of the first one. */
void section_title(const struct section_view *view, const char *title);
/* The tables over time: section_time.c. */
void section_time_print(const struct section_view *view);

#endif
