/* SPDX-License-Identifier: GPL-3.0-or-later
   What pods cost, worked out by hand. */
#include "sim/report/report.h"
#include "tests/sim/report/rows.h"
#include "tests/test.h"

static void assert_value(const struct report *report, const char *scope, const char *metric,
                         double value)
{
    const struct measure *measure = report_find(report, "p", scope, metric);
    if (measure == NULL)
        fail_msg("no measure %s of %s", metric, scope);
    ASSERT_NEAR(measure->value, value, 1e-9 * fabs(value));
}

/* Two requests of 100 ns at a-1 and 200 ns at a-2. */
static void report_roster(struct report *report, const struct roster *roster)
{
    struct trace_row rows[] = {rows_ok(1600, 0, 0, 100), rows_ok(1600, 1, 0, 200)};
    struct tally *tally = tally_open(roster);
    tally_rows(tally, rows, 2);
    report_add_policy(report, "p", &tally, 1);
    tally_free(tally);
}

/* Window 1000 to 2000.  a-1 is always there; a-2 is created at 1200 and ready at 1500, so it
   costs 800; b-1, of two workers, leaves at 1400 and ends at 1600: 600.  In all 2400 ns of
   pods and 3000 of workers, of which 300 served two requests. */
static void pods_cost_from_creation_to_end(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    rows_roster(&roster);
    roster_own_life(&roster, 1)->created = 1200;
    roster_own_life(&roster, 1)->joined = 1500;
    roster_own_life(&roster, 2)->left = 1400;
    roster_own_life(&roster, 2)->ended = 1600;
    report_roster(&report, &roster);
    assert_value(&report, "all", "pods", 2.4);
    assert_value(&report, "all", "pod_seconds", 2.4e-6);
    assert_value(&report, "all", "idle_share", 0.9);
    assert_value(&report, "all", "pod_seconds_per_request", 1.2e-6);
    assert_value(&report, "group a", "pods", 1.8);
    assert_value(&report, "group b", "idle_share", 1);
    report_free(&report);
    roster_free(&roster);
}

/* Who always has the same pods is not told what they cost, unless they might have been others. */
static void cost_is_told_where_it_may_vary(void **state)
{
    (void)state;
    for (int scaled = 0; scaled < 2; scaled++) {
        struct report report = {0};
        struct roster roster;
        rows_roster(&roster);
        roster_own_life(&roster, 0)->is_scaled = scaled == 1;
        report_roster(&report, &roster);
        bool told = report_find(&report, "p", "all", "pod_seconds") != NULL;
        assert_int_equal(told, scaled);
        report_free(&report);
        roster_free(&roster);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(pods_cost_from_creation_to_end),
    cmocka_unit_test(cost_is_told_where_it_may_vary),
};

TEST_MAIN(tests)
