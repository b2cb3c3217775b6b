/* SPDX-License-Identifier: GPL-3.0-or-later
   A latency cut into hops by hand.  A row of fleets_row takes 68 ns: 1 at the client, 12 on the
   network, 5 in balancers, 20 in the queue, 30 in service. */
#include "sim/report/hop.h"

#include "tests/sim/report/fleets.h"

#include <string.h>

/* In ns, in the order of the way. */
struct test_hops {
    int client, connection, client_rtt, edge, to_proxy, proxy, server_rtt, queue, service;
};

static void assert_hops(const struct report *report, const struct test_hops *expected)
{
    fleets_value(report, "hop client", "hop_time", expected->client / 1e9);
    fleets_value(report, "hop connection", "hop_time", expected->connection / 1e9);
    fleets_value(report, "hop client rtt", "hop_time", expected->client_rtt / 1e9);
    fleets_value(report, "hop balancer edge", "hop_time", expected->edge / 1e9);
    fleets_value(report, "hop edge to proxy", "hop_time", expected->to_proxy / 1e9);
    fleets_value(report, "hop balancer proxy", "hop_time", expected->proxy / 1e9);
    fleets_value(report, "hop server rtt", "hop_time", expected->server_rtt / 1e9);
    fleets_value(report, "hop queue", "hop_time", expected->queue / 1e9);
    fleets_value(report, "hop service", "hop_time", expected->service / 1e9);
}

static void test_one(struct trace_row row, struct trace_hops hops, struct test_hops expected)
{
    struct roster roster;
    struct report report;
    fleets_roster(&roster, 2);
    fleets_report(&report, &roster, &row, &hops, 1);
    assert_hops(&report, &expected);
    report_free(&report);
    roster_free(&roster);
}

/* Of 12 ns on the network 3 are between client and edge, 2 between edge and proxy. */
static void a_latency_is_cut_into_hops(void **state)
{
    (void)state;
    test_one(fleets_row(0, 1),
             (struct trace_hops){
                 .connect = 1, .there = {1, 1}, .back = {2, 1}, .inside = {2}, .reached = 2},
             (struct test_hops){0, 1, 3, 2, 2, 3, 7, 20, 30});
}

/* The second try was sent at 40: of these the connection took 4, the way in 5 + 7 and 6 at the
   edge, and 18 went by until the first had failed.  Of the network it has the way back only. */
static void a_retry_had_its_way_in_before_it_was_sent(void **state)
{
    (void)state;
    struct trace_row row = fleets_row(0, 0);
    row.due -= 39;
    row.attempt = 1;
    test_one(row,
             (struct trace_hops){
                 .connect = 4, .there = {5, 7}, .back = {2, 1}, .inside = {6}, .reached = 2},
             (struct test_hops){18, 4, 7, 6, 8, 5, 9, 20, 30});
}

/* Given up 30 ns after it was due, when all of its way is known but for the end: nothing is
   left of the network for the pod, nor more of the connection than there was. */
static void what_nobody_waited_for_is_left_out(void **state)
{
    (void)state;
    struct trace_row row = rows_failed(1100, OUTCOME_TIMEOUT, 30);
    row.received = row.ended;
    test_one(row, (struct trace_hops){.connect = 25, .there = {9, 9}, .inside = {9}, .reached = 1},
             (struct test_hops){0, 25, 5, 0, 0, 0, 0, 0, 0});
}

/* Hops of all requests add up to the mean latency, those of the slowest to theirs. */
static void hops_add_up(void **state)
{
    (void)state;
    enum { ROWS = 4000 };
    static struct trace_row rows[ROWS];
    static struct trace_hops hops[ROWS];
    struct roster roster;
    struct report report;
    fleets_roster(&roster, 2);
    for (uint32_t i = 0; i < ROWS; i++) {
        rows[i] = rows_ok(1100, i % 3, i % 70, i % 5000);
        hops[i] = (struct trace_hops){.connect = i % 3, .there = {i % 2, i % 5},
                                      .back = {1, i % 7}, .inside = {i % 9}, .reached = 2};
    }
    fleets_report(&report, &roster, rows, hops, ROWS);
    double all = 0, share = 0, slow = 0, parts = 0;
    for (size_t i = 0; i < report.count; i++) {
        const struct measure *measure = &report.measures[i];
        all += strcmp(measure->metric, "hop_time") == 0 ? measure->value : 0;
        share += strcmp(measure->metric, "hop_share") == 0 ? measure->value : 0;
        slow += strcmp(measure->metric, "slow1_hop_time") == 0 ? measure->value : 0;
        parts += strncmp(measure->metric, "slow1_", 6) == 0 &&
                         strcmp(measure->scope, "all") == 0
                     ? measure->value
                     : 0;
    }
    double mean = report_find(&report, "p", "all", "mean")->value;
    ASSERT_NEAR(all, mean, 1e-12 * mean);
    ASSERT_NEAR(share, 1, 1e-12);
    assert_true(slow > mean);
    ASSERT_NEAR(slow, parts, 1e-12 * slow);
    report_free(&report);
    roster_free(&roster);
}

static void without_hops_there_is_no_scope(void **state)
{
    (void)state;
    struct roster roster;
    struct report report;
    struct trace_row row = fleets_row(0, 1);
    fleets_roster(&roster, 2);
    fleets_report(&report, &roster, &row, NULL, 1);
    assert_null(report_find(&report, "p", "hop client", "hop_time"));
    report_free(&report);
    roster_free(&roster);
}

static void names_follow_the_way(void **state)
{
    (void)state;
    static const struct roster_tier tiers[] = {{.name = "edge"}, {.name = "proxy"}};
    static const char *const names[] = {"client", "connection", "client rtt", "balancer edge",
                                        "edge to proxy", "balancer proxy", "server rtt",
                                        "queue", "service"};
    assert_int_equal(hop_count(2), 9);
    for (size_t i = 0; i < 9; i++) {
        char name[HOP_NAME_SIZE];
        hop_name(name, tiers, 2, i);
        assert_string_equal(name, names[i]);
    }
    assert_true(hop_count(HOPS_TIERS_MAX) <= HOP_MAX);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_latency_is_cut_into_hops),
    cmocka_unit_test(a_retry_had_its_way_in_before_it_was_sent),
    cmocka_unit_test(what_nobody_waited_for_is_left_out),
    cmocka_unit_test(hops_add_up),
    cmocka_unit_test(without_hops_there_is_no_scope),
    cmocka_unit_test(names_follow_the_way),
};

TEST_MAIN(tests)
