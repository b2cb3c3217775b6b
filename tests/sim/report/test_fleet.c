/* SPDX-License-Identifier: GPL-3.0-or-later
   Which instances did what, from a few rows. */
#include "sim/report/fleet.h"

#include "sim/report/scope.h"
#include "tests/sim/report/fleets.h"

/* Five requests: edge-0 has four of them, edge-1 one.  proxy-0 sends two to a-1, proxy-1 one to
   a-1 and one to b-1, which the client gives up; the last one the edge refuses. */
enum { TEST_ROWS = 5 };
static struct trace_row test_rows[TEST_ROWS];
static struct trace_hops test_hops[TEST_ROWS];

static void test_fill(void)
{
    static const uint32_t pods[] = {0, 0, 0, 2, ROW_NO_POD};
    for (uint32_t i = 0; i < TEST_ROWS; i++) {
        test_rows[i] = fleets_row(pods[i], i / 2 % 2);
        test_hops[i] = (struct trace_hops){.instances = {i == 3}, .reached = i == 4 ? 1 : 2};
    }
    test_rows[3].outcome = OUTCOME_TIMEOUT;
    test_rows[4] = rows_failed(1100, OUTCOME_OVERFLOW, 0);
}

static void tiers_and_instances_have_their_figures(void **state)
{
    (void)state;
    struct roster roster;
    struct report report;
    fleets_roster(&roster, 2);
    test_fill();
    fleets_report(&report, &roster, test_rows, test_hops, TEST_ROWS);
    fleets_value(&report, "tier edge", "requests", 5);
    fleets_value(&report, "tier edge", "instances", 2);
    fleets_value(&report, "tier edge", "jain_instances", 25.0 / (2 * (16 + 1)));
    fleets_value(&report, "tier edge", "max_over_mean_instances", 4 / 2.5);
    fleets_value(&report, "tier proxy", "requests", 4);
    fleets_value(&report, "tier proxy", "jain_instances", 1);
    fleets_value(&report, "balancer proxy-0", "requests", 2);
    fleets_value(&report, "balancer proxy-0", "error_rate", 0);
    fleets_value(&report, "balancer proxy-0", "mean", 68e-9);
    fleets_value(&report, "balancer proxy-1", "share", 0.5);
    fleets_value(&report, "balancer proxy-1", "error_rate", 0.5);
    report_free(&report);
    roster_free(&roster);
}

/* proxy-0 used one pod, proxy-1 two; a-1 heard from both, a-2 from none, b-1 from one. */
static void pairs_are_counted(void **state)
{
    (void)state;
    struct roster roster;
    struct report report;
    fleets_roster(&roster, 2);
    test_fill();
    fleets_report(&report, &roster, test_rows, test_hops, TEST_ROWS);
    fleets_value(&report, "all", "pods_per_balancer", 1.5);
    fleets_value(&report, "all", "pods_per_balancer_max", 2);
    fleets_value(&report, "all", "balancers_per_pod", 1);
    fleets_value(&report, "all", "balancers_per_pod_min", 0);
    fleets_value(&report, "all", "balancers_per_pod_max", 2);
    report_free(&report);
    roster_free(&roster);
}

/* With more than 64 instances only their spread is told; with one there is none. */
static void many_instances_are_not_listed(void **state)
{
    (void)state;
    static const uint32_t counts[] = {FLEET_LISTED_MAX, FLEET_LISTED_MAX + 1, 1};
    for (size_t i = 0; i < 3; i++) {
        struct roster roster;
        struct report report;
        fleets_roster(&roster, counts[i]);
        test_fill();
        fleets_report(&report, &roster, test_rows, test_hops, TEST_ROWS);
        fleets_value(&report, "tier proxy", "instances", counts[i]);
        bool listed = report_find(&report, "p", "balancer proxy-0", "requests") != NULL;
        bool paired = report_find(&report, "p", "all", "pods_per_balancer") != NULL;
        assert_int_equal(listed, i == 0);
        assert_int_equal(report.crowded >> SCOPE_BALANCER & 1, i == 1);
        assert_int_equal(paired, i < 2);
        report_free(&report);
        roster_free(&roster);
    }
}

/* From 1000 to 2000: two until 1250, then three until 1750, then one: 0.5 + 1.5 + 0.25.  The
   fourth was there before only, and counts as one that did nothing. */
static void instances_that_come_and_go_are_averaged(void **state)
{
    (void)state;
    static const struct roster_tier_size sizes[] = {{0, 4}, {900, 2}, {1250, 3}, {1750, 1}};
    struct roster roster;
    struct report report;
    fleets_roster(&roster, 5);
    for (size_t i = 0; i < 4; i++)
        roster_tier_size(&roster, 1, sizes[i].at, sizes[i].count);
    test_fill();
    fleets_report(&report, &roster, test_rows, test_hops, TEST_ROWS);
    fleets_value(&report, "tier proxy", "instances", 2.25);
    fleets_value(&report, "tier proxy", "jain_instances", 16.0 / (3 * 8));
    fleets_value(&report, "balancer proxy-2", "requests", 0);
    assert_null(report_find(&report, "p", "balancer proxy-3", "requests"));
    report_free(&report);
    roster_free(&roster);
}

/* An instance beyond the tier, as in a trace that somebody made, counts nowhere. */
static void strange_instances_do_no_harm(void **state)
{
    (void)state;
    struct roster roster;
    struct report report;
    struct trace_row row = fleets_row(0, 7);
    struct trace_hops hops = {.instances = {9}, .reached = 2};
    fleets_roster(&roster, 2);
    fleets_report(&report, &roster, &row, &hops, 1);
    fleets_value(&report, "tier edge", "requests", 0);
    fleets_value(&report, "tier proxy", "requests", 0);
    report_free(&report);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(tiers_and_instances_have_their_figures),
    cmocka_unit_test(pairs_are_counted),
    cmocka_unit_test(many_instances_are_not_listed),
    cmocka_unit_test(instances_that_come_and_go_are_averaged),
    cmocka_unit_test(strange_instances_do_no_harm),
};

TEST_MAIN(tests)
