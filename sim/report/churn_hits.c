/* SPDX-License-Identifier: GPL-3.0-or-later
   Tenths of the spans between changes: sums for the spans, the lowest for the dip. */
#include "sim/report/churn_hits.h"

static sim_time churn_hits_end(const struct churn_plan *plan, sim_time end, size_t span)
{
    return span < plan->count ? plan->changes[span].at : end;
}

void churn_hits_add(struct churn_span_hits *spans, const struct churn_plan *plan, sim_time end,
                    size_t span, const struct trace_row *row)
{
    if (row->phase != PHASE_MEASURE)
        return;
    sim_time from = span > 0 ? plan->changes[span - 1].at : 0;
    sim_time to = churn_hits_end(plan, end, span);
    double share = to == SIM_NEVER ? 0 : (double)(row->dispatched - from) / (double)(to - from);
    size_t tenth = (size_t)(share * CHURN_TENTHS);
    hits_add(&spans[span].tenths[tenth < CHURN_TENTHS ? tenth : CHURN_TENTHS - 1], row);
}

static struct hits churn_hits_sum(const struct churn_span_hits *span)
{
    struct hits sum = {0};
    for (size_t i = 0; i < CHURN_TENTHS; i++)
        hits_merge(&sum, span->tenths[i]);
    return sum;
}

static struct hits churn_hits_lowest(const struct churn_span_hits *span)
{
    struct hits lowest = {0};
    for (size_t i = 0; i < CHURN_TENTHS; i++) {
        struct hits hits = span->tenths[i];
        if (hits.asked > 0 && (lowest.asked == 0 || hits_rate(hits) < hits_rate(lowest)))
            lowest = hits;
    }
    return lowest;
}

struct churn_hits churn_hits_around(const struct churn_span_hits *spans,
                                    const struct churn_plan *plan, sim_time end, size_t change)
{
    const struct churn_span_hits *after = &spans[change + 1];
    struct churn_hits hits = {.before = churn_hits_sum(&spans[change]),
                              .after = churn_hits_sum(after)};
    if (churn_hits_end(plan, end, change + 1) != SIM_NEVER)
        hits.lowest = churn_hits_lowest(after);
    return hits;
}
