/* SPDX-License-Identifier: GPL-3.0-or-later
   Hit rates of caches around membership changes: of the attempts dispatched since the change
   before, of those until the next one, and of the worst tenth of that time.  Only what was due
   in the measured window counts. */
#ifndef SIM_REPORT_CHURN_HITS_H
#define SIM_REPORT_CHURN_HITS_H

#include "sim/report/churn_plan.h"
#include "sim/report/hits.h"

struct churn_hits {
    struct hits before, after;
    struct hits lowest; /* of the tenths of `after` that with the lowest rate; none where the
                           end of the last is not known */
};

enum { CHURN_TENTHS = 10 };

/* A tenth of the time from the change before to the next one, or to `end`. */
struct churn_span_hits {
    struct hits tenths[CHURN_TENTHS];
};

/* Counts a row that was dispatched in span number `span`: after so many changes.  `spans` has
   one more than the plan has changes. */
void churn_hits_add(struct churn_span_hits *spans, const struct churn_plan *plan, sim_time end,
                    size_t span, const struct trace_row *row);
struct churn_hits churn_hits_around(const struct churn_span_hits *spans,
                                    const struct churn_plan *plan, sim_time end, size_t change);

#endif
