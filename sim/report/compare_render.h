/* SPDX-License-Identifier: GPL-3.0-or-later
   A family of comparisons as a table, Markdown, JSON or CSV. */
#ifndef SIM_REPORT_COMPARE_RENDER_H
#define SIM_REPORT_COMPARE_RENDER_H

#include "sim/report/compare.h"

/* Who is among the best by a metric. */
struct compare_leaders {
    const char *metric;
    const char *const *policies; /* ends with NULL */
};

struct compare_heading {
    const char *what;    /* "black-hole: policies against round_robin" */
    const char *pairing; /* "paired: the same requests" */
    bool paired;
    bool gated; /* the gate was asked for: its outcome is shown */
    const struct compare_leaders *leaders;
    size_t leader_count;
    const char *const *notes; /* further lines; end with NULL */
};

void compare_render(const struct compare_family *family,
                    const struct compare_heading *heading, enum report_format format,
                    bool color, struct output *output);

#endif
