/* SPDX-License-Identifier: GPL-3.0-or-later
   What can be said of a policy while some of its replications are still to come: the mean of
   the p99 of those that are done.  Reports pool the requests instead, so this may differ a
   little from the figure in the end. */
#ifndef SIM_REPORT_GLANCE_H
#define SIM_REPORT_GLANCE_H

#include "sim/report/report.h"
#include "sim/stats/interval.h"

/* One replication. */
struct glance {
    double p99;        /* s; NaN: no request */
    uint64_t requests; /* that it is of */
};

struct glance glance_of(const struct tally *tally);

/* Of several, in any order; thin, and NaN, with fewer than INTERVAL_EXCEEDANCES_MIN requests
   beyond the p99. */
struct interval glance_pool(const struct glance *glances, size_t count);

#endif
