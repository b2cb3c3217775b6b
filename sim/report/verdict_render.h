/* SPDX-License-Identifier: GPL-3.0-or-later
   Verdicts for people, for a pull request (Markdown), for programs (JSON), and for what CI
   systems read: JUnit XML and GitHub's annotations. */
#ifndef SIM_REPORT_VERDICT_RENDER_H
#define SIM_REPORT_VERDICT_RENDER_H

#include "sim/engine/output.h"
#include "sim/report/verdict.h"

enum verdict_format {
    VERDICT_TEXT,
    VERDICT_JSON,
    VERDICT_MARKDOWN,
    VERDICT_JUNIT,
    VERDICT_GITHUB
};

/* The verdicts of one scenario or result. */
struct verdict_suite {
    const char *name; /* of the scenario */
    const char *path; /* as the user named it */
    struct verdict_list verdicts;
};

void verdict_render(const struct verdict_suite *suites, size_t count,
                    enum verdict_format format, bool color, struct output *output);

#endif
