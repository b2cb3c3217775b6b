/* SPDX-License-Identifier: GPL-3.0-or-later
   Where a service level objective stops to hold, for each policy: a bisection over a scale of
   the arrival rates, over one value of the scenario, or over the number of pods.  Each round
   tries one value per policy, all of them on the same seed and threads. */
#ifndef SIM_CLI_CAPACITY_H
#define SIM_CLI_CAPACITY_H

#include "sim/cli/bisection.h"
#include "sim/cli/run.h"
#include "sim/cli/variant.h"
#include "sim/report/capacity_render.h"

/* What is searched. */
struct capacity_scale {
    struct variant_list values; /* scaled together */
    double start, least, most;  /* of the factor on them */
    double base;                /* what a factor of 1 stands for, in `unit` */
    const char *by, *unit;      /* as struct capacity_table has them */
    bool is_least;              /* the more of it, the better */
    bool whole;                 /* base times factor is a whole number */
};

struct capacity {
    const struct run_order *order;
    const struct run *base;            /* the scenario as it stands */
    const struct expectation *slo;     /* of a metric against a value */
    struct capacity_scale scale;
    double precision;
    struct capacity_row *rows; /* by policy of the base, filled */
    struct arena arena;        /* of what was found */
};

/* Returns STATUS_FINE, or a status after messages.  To be freed in any case. */
int capacity_search(struct capacity *capacity);
void capacity_free(struct capacity *capacity);

#endif
