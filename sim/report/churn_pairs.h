/* SPDX-License-Identifier: GPL-3.0-or-later
   Links between balancer instances and pods around membership changes: the pairs that were used
   between the change before and this one, against those used until the next one. */
#ifndef SIM_REPORT_CHURN_PAIRS_H
#define SIM_REPORT_CHURN_PAIRS_H

#include "sim/report/churn_plan.h"
#include "sim/report/pairs.h"

struct churn_pairs {
    uint64_t before, after;
    uint64_t opened;   /* used after, not before */
    uint64_t closed;   /* used before, not after, ... */
    uint64_t needless; /* ... although the pod was not gone */
};

/* One map for each of so many spans; NULL where they are too large, or there is one instance. */
struct pairs *churn_pairs_open(const struct roster *roster, size_t spans);
void churn_pairs_free(struct pairs *maps, size_t spans); /* may be NULL */

/* Of the change between two spans. */
struct churn_pairs churn_pairs_between(const struct pairs *before, const struct pairs *after,
                                       const struct churn_change *change);

#endif
