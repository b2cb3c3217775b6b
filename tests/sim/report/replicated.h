/* SPDX-License-Identifier: GPL-3.0-or-later
   Reports put together by hand: measures with the values of their replications. */
#ifndef TESTS_SIM_REPORT_REPLICATED_H
#define TESTS_SIM_REPORT_REPLICATED_H

#include "sim/report/report.h"
#include "sim/stats/interval.h"
#include "sim/stats/sample.h"
#include "tests/test.h"

enum { REPLICATED_MAX = 16 };

/* Zeroed: no measures. */
struct replicated {
    struct measure items[REPLICATED_MAX];
    struct report report;
};

/* A measure with mean and interval of `count` values; metric p99 of 1000 samples where its
   fields are not set afterwards. */
static inline struct measure *replicated_add(struct replicated *measures, const char *policy,
                                           const double *values, size_t count)
{
    struct measure *measure = &measures->items[measures->report.count++];
    struct interval interval = {NAN, NAN, NAN, false};
    if (values != NULL)
        interval = interval_of(sample_mean(values, count), values, count);
    *measure = (struct measure){.policy = policy, .scope = "all", .metric = "p99", .unit = "s",
                                .value = interval.value, .low = interval.low,
                                .high = interval.high, .samples = 1000, .values = values,
                                .value_count = count};
    measures->report.measures = measures->items;
    return measure;
}

/* Ten values around 1 s: mean 1, variance 82.5 / 9 / 10000. */
static const double replicated_plain[] = {0.955, 0.965, 0.975, 0.985, 0.995,
                                        1.005, 1.015, 1.025, 1.035, 1.045};

#endif
