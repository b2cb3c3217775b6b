/* SPDX-License-Identifier: GPL-3.0-or-later
   What a search for capacity found: for each policy the last value at which the objective
   certainly holds and the first at which it certainly fails. */
#ifndef SIM_REPORT_CAPACITY_RENDER_H
#define SIM_REPORT_CAPACITY_RENDER_H

#include "sim/report/expect.h"
#include "sim/report/report.h"
#include "sim/report/verdict_render.h"

/* One end of the interval. */
struct capacity_end {
    bool is_known;
    double value;  /* of what is searched, in base units */
    double factor; /* times what the scenario has */
    double load;   /* offered, as a share of capacity; NaN: unknown */
    struct measure measure; /* what was found there; its texts only until the run is freed */
};

struct capacity_row {
    const char *policy;
    struct capacity_end holds, fails;
    size_t tries;
    const char *note; /* NULL: none */
};

struct capacity_table {
    const char *scenario;
    const struct expectation *slo;
    const char *by;   /* "rate of all open arrivals", "pods.web.count" */
    const char *unit; /* of the values: s, 1/s, count, as a measure has it; "" a number */
    bool is_least;    /* the least value that holds is searched, as of pods */
    double precision;
    double gate;      /* the least it must be, or of pods the most; 0: no matter */
    uint64_t seed;
    const struct capacity_row *rows;
    size_t count;
    const char *const *notes; /* end with NULL */
};

/* JUnit and GitHub have the verdicts alone; CSV none. */
enum capacity_format {
    CAPACITY_TEXT,
    CAPACITY_JSON,
    CAPACITY_CSV,
    CAPACITY_MARKDOWN,
    CAPACITY_JUNIT,
    CAPACITY_GITHUB
};

/* `suite` is of the verdicts, if there is a gate. */
void capacity_render(const struct capacity_table *table, const struct verdict_suite *suite,
                     enum capacity_format format, bool color, struct output *output);
/* A value with four digits, as the interval may be narrow. */
void capacity_render_value(char *to, const char *unit, double value);

#endif
