/* SPDX-License-Identifier: GPL-3.0-or-later
   The table behind metric_at: how each metric is computed from a summary, and how its value
   over all replications and its interval come about. */
#ifndef SIM_REPORT_METRIC_H
#define SIM_REPORT_METRIC_H

#include "sim/report/summary.h"

enum metric_rule {
    METRIC_FACT,       /* of the pooled replications; no interval */
    METRIC_POOLED,     /* of the pooled replications, t-interval from theirs */
    METRIC_SIGNED,     /* the same, of what may be below 0 */
    METRIC_PERCENTILE, /* the same, if there is enough evidence */
    METRIC_RUN         /* a property of one run: mean of the replications', t-interval */
};

/* What stands behind a value: its samples, and for a percentile its histogram. */
enum metric_basis {
    BASIS_REQUESTS,
    BASIS_ATTEMPTS,
    BASIS_LAW,
    BASIS_ANSWERED,
    BASIS_PODS,
    BASIS_KEYS,    /* seen before and after a membership change */
    BASIS_SESSIONS,
    BASIS_CACHES,  /* attempts that asked a cache */
    BASIS_ZONES,   /* requests of which it is known whether they crossed zones */
    BASIS_HOMES,   /* requests of which it is known whether they were served in their own */
    BASIS_BEFORE,  /* requests of the law due before, during, after a fault, as enum
                      episode_span has them */
    BASIS_DURING,
    BASIS_AFTER,
    BASIS_EPISODES,
    BASIS_JUDGED,   /* episodes, times balancers, that one could have detected */
    BASIS_DETECTED, /* those that it did */
    BASIS_SHUNNED,  /* episodes with a balancer that was away at the end */
    BASIS_RECOVERED, /* those after which all came back */
    BASIS_PAIRS,    /* of balancer instance and pod */
    BASIS_LINKS,    /* those before and after a membership change */
    BASIS_COST      /* pods; left out where they were the same all the time */
};

struct metric_row {
    struct metric metric; /* first: metric_at hands out its address */
    unsigned scopes;      /* 1 << enum scope_kind */
    enum metric_rule rule;
    enum metric_basis basis;
    double (*value)(const struct metric_row *row, const struct summary *summary);
    double p;      /* of a percentile; of a part, beyond which it is asked of */
    unsigned item; /* enum outcome, enum part, or an enum metric_churn and so on */
};

const struct metric_row *metric_row_at(size_t index); /* NULL past the end */
/* Whether a metric is left out where it has no samples. */
bool metric_is_optional(const struct metric_row *row);
uint64_t metric_samples(const struct metric_row *row, const struct summary *summary);
/* The histogram of a percentile. */
const struct histogram *metric_histogram(const struct metric_row *row,
                                         const struct summary *summary);

#endif
