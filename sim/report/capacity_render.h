/* SPDX-License-Identifier: GPL-3.0-or-later
   What a search for capacity found: for each policy the last value at which the objective
   certainly holds and the first at which it certainly fails.  Text, Markdown, JSON, CSV. */
#ifndef SIM_REPORT_CAPACITY_RENDER_H
#define SIM_REPORT_CAPACITY_RENDER_H

#include "sim/report/expect.h"
#include "sim/report/report.h"

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
    uint64_t seed;
    const struct capacity_row *rows;
    size_t count;
    const char *const *notes; /* end with NULL */
};

void capacity_render(const struct capacity_table *table, enum report_format format,
                     bool color, struct output *output);

#endif
