/* SPDX-License-Identifier: GPL-3.0-or-later
   Reports from measures by hand, for the tests of what is made of them. */
#ifndef TESTS_SIM_REPORT_MEASURES_H
#define TESTS_SIM_REPORT_MEASURES_H

#include "sim/engine/check.h"
#include "sim/report/report.h"

#include <math.h>

/* Texts must outlive the report. */
static inline void measures_add(struct report *report, const char *policy, const char *scope,
                                const char *metric, double value, double half)
{
    report->measures =
        memory_grow(report->measures, report->count + 1, sizeof(*report->measures));
    report->room = report->count + 1;
    report->measures[report->count++] = (struct measure){
        .policy = policy,
        .scope = scope,
        .metric = metric,
        .unit = "s",
        .value = value,
        .low = value - half,
        .high = value + half,
        .samples = 1000,
    };
}

#endif
