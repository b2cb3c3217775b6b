/* SPDX-License-Identifier: GPL-3.0-or-later
   What the tests of balancers share: rosters with tiers, and figures by scope. */
#ifndef TESTS_SIM_REPORT_FLEETS_H
#define TESTS_SIM_REPORT_FLEETS_H

#include "tests/sim/report/rows.h"
#include "tests/test.h"

/* Tiers edge, of two instances, and proxy, of so many, in front of the pods of rows_roster. */
static inline void fleets_roster(struct roster *roster, uint32_t proxies)
{
    rows_roster(roster);
    roster_tier(roster, "edge", 2);
    roster_tier(roster, "proxy", proxies);
}

static inline struct trace_row fleets_row(uint32_t pod, uint16_t balancer)
{
    struct trace_row row = rows_ok(1100, pod, 20, 30);
    row.balancer = balancer;
    return row;
}

static inline void fleets_value(const struct report *report, const char *scope,
                                const char *metric, double value)
{
    const struct measure *measure = report_find(report, "p", scope, metric);
    if (measure == NULL)
        fail_msg("no measure %s of %s", metric, scope);
    else if (fabs(measure->value - value) > 1e-9 * fabs(value))
        fail_msg("%s of %s: found %.17g, expected %.17g", metric, scope, measure->value, value);
}

/* The report of one replication. */
static inline void fleets_report(struct report *report, const struct roster *roster,
                                 const struct trace_row *rows, const struct trace_hops *hops,
                                 size_t count)
{
    struct tally *tally = tally_open(roster);
    tally_hopped(tally, rows, hops, count);
    tally_close(tally);
    *report = (struct report){0};
    report_add_policy(report, "p", &tally, 1);
    tally_free(tally);
}

#endif
