/* SPDX-License-Identifier: GPL-3.0-or-later
   What charts hold, number by number, and the axes under them. */
#include "sim/report/chart_part.h"
#include "sim/report/grid.h"

#include "tests/sim/report/measures.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

static struct chart chart_named(const char *name, const struct report *report,
                                const struct report_facts *facts)
{
    struct report_heading heading = {.scenario = "demo", .version = "1", .facts = facts};
    struct chart_source source = {.report = report, .heading = &heading};
    const struct chart_kind *kind;
    for (size_t i = 0; (kind = chart_kind_at(i)) != NULL; i++)
        if (strcmp(kind->name, name) == 0)
            return chart_make(kind, &source);
    fail_msg("no chart %s", name);
    return (struct chart){0};
}

static void axis_is(double low, double high, bool log, const char *expected)
{
    struct chart_axis axis;
    char found[512] = "";
    chart_axis_open(&axis, "", FIGURE_TIME, log);
    chart_axis_meet(&axis, high);
    chart_axis_meet(&axis, low);
    assert_true(chart_axis_close(&axis));
    for (size_t i = 0; i < axis.tick_count; i++) {
        strncat(found, axis.ticks[i].text, sizeof(found) - strlen(found) - 1);
        strncat(found, " ", sizeof(found) - strlen(found) - 1);
    }
    assert_string_equal(found, expected);
    ASSERT_NEAR(chart_axis_place(&axis, axis.low), 0, 1e-12);
    ASSERT_NEAR(chart_axis_place(&axis, axis.high), 1, 1e-12);
    ASSERT_NEAR(chart_axis_value(&axis, chart_axis_place(&axis, high)), high, 1e-9 * high);
}

static void axes_have_round_ticks(void **state)
{
    (void)state;
    axis_is(0, 0.23, false, "0 50ms 100ms 150ms 200ms 250ms ");
    axis_is(0, 518e-3, false, "0 100ms 200ms 300ms 400ms 500ms 600ms ");
    axis_is(1e17, 1e17 + 16, false, "1e+17s 1e+17s 1e+17s 1e+17s 1e+17s 1e+17s ");
    axis_is(7, 7, false, "6s 8s 10s 12s 14s ");
    axis_is(0.003, 0.4, true, "2ms 5ms 10ms 20ms 50ms 100ms 200ms 500ms ");
    axis_is(0.00003, 2, true, "100us 1ms 10ms 100ms 1s ");
    axis_is(0.01, 0.01, true, "10ms 20ms ");
}

static void axis_of_nothing_is_none(void **state)
{
    (void)state;
    struct chart_axis axis;
    chart_axis_open(&axis, "", FIGURE_TIME, true);
    chart_axis_meet(&axis, 0);
    chart_axis_meet(&axis, (double)NAN);
    chart_axis_meet(&axis, -1);
    assert_false(chart_axis_close(&axis));
}

/* 1000 requests; ten of them, 1 %, beyond 0.2 s: there the curve ends, upright. */
static void ccdf_ends_where_ten_requests_are_left(void **state)
{
    (void)state;
    static const struct curve_point points[] = {
        {0.01, 1000}, {0.02, 500}, {0.1, 50}, {0.2, 10}, {0.4, 4}, {0.5, 0}};
    static const struct facts_timeout timeouts[] = {{"web", 0.3}, {"batch", 60}};
    const struct report_facts facts = {.timeouts = timeouts, .timeout_count = 2};
    struct report report = {.replications = 10};
    measures_add(&report, "other", "all", "p99", 1, 0);
    measures_add(&report, "p2c", "all", "p99", 1, 0);
    struct curve curves[] = {{"p2c", "all", points, 6}, {"p2c", "client web", points, 6}};
    report.curves = curves;
    report.curve_count = 2;
    struct chart chart = chart_named("ccdf", &report, &facts);
    assert_null(chart.empty);
    assert_int_equal(chart.series_count, 1);
    const struct chart_series *series = &chart.series[0];
    assert_int_equal(series->color, 1);
    assert_int_equal(series->count, 6);
    ASSERT_NEAR(series->points[3].y, 0.01, 1e-12);
    ASSERT_NEAR(series->points[4].x, 0.4, 1e-12);
    ASSERT_NEAR(series->points[4].y, 0.01, 1e-12);
    ASSERT_NEAR(series->points[5].y, 0.01, 1e-12);
    /* p50, p90, p99, and the time-out that is in range */
    assert_int_equal(chart.mark_count, 4);
    assert_string_equal(chart.marks[2].text, "p99");
    assert_string_equal(chart.marks[3].text, "time-out of web");
    assert_string_equal(chart.y[0].ticks[0].text, "1%");
    chart_free(&chart);
    chart = chart_named("percentiles", &report, NULL);
    ASSERT_NEAR(chart.series[0].points[3].x, 100, 1e-9); /* p99 */
    ASSERT_NEAR(chart.series[0].points[3].y, 0.2, 1e-12);
    chart_free(&chart);
    report.curves = NULL;
    report_free(&report);
}

static void charts_say_that_there_is_no_data(void **state)
{
    (void)state;
    struct report report = {.replications = 1};
    struct report_heading heading = {.scenario = "demo"};
    struct chart_source source = {.report = &report, .heading = &heading};
    const struct chart_kind *kind;
    for (size_t i = 0; (kind = chart_kind_at(i)) != NULL; i++) {
        struct chart chart = chart_make(kind, &source);
        assert_non_null(chart.empty);
        chart_free(&chart);
    }
}

static void p99_has_the_lowest_first(void **state)
{
    (void)state;
    struct report report = {.replications = 10};
    measures_add(&report, "slow", "all", "p99", 0.03, 0.003);
    measures_add(&report, "thin", "all", "p99", (double)NAN, 0);
    measures_add(&report, "fast", "all", "p99", 0.02, 0.001);
    measures_add(&report, "fast", "client x", "p99", 0.01, 0.001);
    struct chart chart = chart_named("p99", &report, NULL);
    assert_int_equal(chart.row_count, 2);
    assert_string_equal(chart.rows[0], "fast");
    assert_string_equal(chart.notes[0], "20.0ms ±5.0%");
    assert_string_equal(chart.rows[1], "slow");
    assert_int_equal(chart.series[0].color, 2);
    ASSERT_NEAR(chart.series[1].points[0].low, 0.027, 1e-12);
    ASSERT_NEAR(chart.series[1].points[0].y, 1, 0);
    chart_free(&chart);
    report_free(&report);
}

/* Fair share: the mean of 0.5; the busiest has 1.2 times that. */
static void load_is_held_against_the_fair_share(void **state)
{
    (void)state;
    struct report report = {.replications = 1};
    measures_add(&report, "p2c", "all", "utilisation", 0.5, 0);
    measures_add(&report, "p2c", "all", "jain_utilisation", 0.98, 0);
    measures_add(&report, "p2c", "pod pod-10", "utilisation", 0.6, 0);
    measures_add(&report, "p2c", "pod pod-2", "utilisation", 0.4, 0);
    struct chart chart = chart_named("load", &report, NULL);
    assert_int_equal(chart.row_count, 2);
    assert_string_equal(chart.rows[0], "pod-2");
    assert_string_equal(chart.panels[0],
                        "p2c: Jain 0.9800, most at pod-10 (1.20 times its fair share)");
    ASSERT_NEAR(chart.series[0].points[0].y, 1, 0); /* pod-10 is the second column */
    ASSERT_NEAR(chart.series[0].points[0].low, 0.5, 0);
    ASSERT_NEAR(chart.y[0].low, 0, 0);
    chart_free(&chart);
    report_free(&report);
}

static void churn_goes_change_by_change(void **state)
{
    (void)state;
    static const char *const policies[] = {"a", "b"}, *const changes[] = {"change 1", "change 2"};
    struct report report = {.replications = 1};
    for (int p = 0; p < 2; p++)
        for (int c = 0; c < 2; c++) {
            measures_add(&report, policies[p], changes[c], "churn_moved", 0.2, 0);
            measures_add(&report, policies[p], changes[c], "churn_least", 0.1, 0);
        }
    struct chart chart = chart_named("churn", &report, NULL);
    assert_int_equal(chart.row_count, 4);
    assert_string_equal(chart.rows[1], "change 1: b");
    assert_string_equal(chart.rows[2], "change 2: a");
    assert_string_equal(chart.notes[2], "20.0%, least 10.0%");
    assert_int_equal(chart.series[1].color, 1);
    chart_free(&chart);
    measures_add(&report, "a", "change 1", "churn_keys", 1, 0);
    chart = chart_named("churn", &report, NULL);
    assert_non_null(chart.empty); /* all requests have one key */
    chart_free(&chart);
    measures_add(&report, "b", "change 2", "churn_keys", 2, 0);
    chart = chart_named("churn", &report, NULL);
    assert_null(chart.empty);
    chart_free(&chart);
    report_free(&report);
}

/* Windows of 10 s; a gap in p99 stays a gap; what lasts for ever is not shaded. */
static void time_has_panels_and_shades(void **state)
{
    (void)state;
    static const struct facts_span spans[] = {
        {0, (double)INFINITY, "always"}, {5, 12, "crash of a"}, {99, 99, "too late"}};
    const struct report_facts facts = {.spans = spans, .span_count = 3};
    struct report report = {.replications = 1};
    measures_add(&report, "p2c", "all", "p99", 0.1, 0);
    measures_add(&report, "p2c", "window 0s..10s", "p99", 0.1, 0);
    measures_add(&report, "p2c", "window 10s..20s", "p99", (double)NAN, 0);
    measures_add(&report, "p2c", "window 500ms..1m", "p99x", 0.1, 0);
    measures_add(&report, "p2c", "window 20s..30s", "p99", 0.2, 0);
    measures_add(&report, "p2c", "window 0s..10s", "in_flight", 3, 0);
    measures_add(&report, "p2c", "window 0s..10s", "error_rate", 0, 0);
    measures_add(&report, "p2c", "window 0s..10s", "eligible", 7, 0);
    measures_add(&report, "p2c", "window 10s..20s", "eligible", 7, 0);
    struct chart chart = chart_named("over-time", &report, &facts);
    assert_null(chart.empty);
    assert_int_equal(chart.panel_count, 2); /* no p50, no errors, always as many eligible */
    assert_string_equal(chart.y[1].label, "in flight");
    assert_int_equal(chart.series[0].count, 3);
    ASSERT_NEAR(chart.series[0].points[0].x, 5, 0);
    assert_true(isnan(chart.series[0].points[1].y));
    ASSERT_NEAR(chart.x.high, 30, 0);
    assert_int_equal(chart.span_count, 1);
    assert_string_equal(chart.spans[0].text, "crash of a");
    chart_free(&chart);
    measures_add(&report, "p2c", "window 20s..30s", "eligible", 6, 0);
    chart = chart_named("over-time", &report, &facts);
    assert_int_equal(chart.panel_count, 3);
    assert_string_equal(chart.y[2].label, "eligible pods");
    ASSERT_NEAR(chart.y[2].low, 0, 0);
    chart_free(&chart);
    report_free(&report);
}

/* Two windows of 10 s; latencies in the bands from 1 ms and from 1.33 ms, so three rows.  The
   second window was cut, the first policy is an oracle. */
static void heat_has_a_cell_for_each_window_and_band(void **state)
{
    (void)state;
    static const uint64_t early[] = {0, 5, 0, 100, 0}, late[] = {3};
    static const char *const oracles[] = {"jsq", NULL};
    static const struct facts_span spans[] = {{5, 12, "crash of a"}};
    const struct report_facts facts = {.spans = spans, .span_count = 1, .oracles = oracles};
    struct heat heats[] = {{"jsq", 0, 10, 95, 5, early}, {"jsq", 10, 15, 97, 1, late},
                           {"p2c", 0, 10, 0, 0, NULL}, {"p2c", 10, 15, 96, 1, late}};
    struct report report = {.replications = 1, .heats = heats, .heat_count = 4};
    measures_add(&report, "jsq", "all", "p99", 1, 0);
    measures_add(&report, "p2c", "all", "p99", 1, 0);
    struct chart chart = chart_named("heatmap", &report, &facts);
    assert_null(chart.empty);
    assert_int_equal(chart.panel_count, 2);
    assert_string_equal(chart.panels[0], "jsq (oracle)");
    assert_int_equal(chart.columns, 2);
    assert_int_equal(chart.series[0].count, 6);
    ASSERT_NEAR(chart.y[0].low, 0.001, 1e-12);
    ASSERT_NEAR(chart.y[0].high, 0.00154, 1e-12);
    ASSERT_NEAR(chart.x.high, 20, 1e-12);
    const double expected[2][6] = {{5, NAN, NAN, 3, 100, NAN}, {NAN, 3, NAN, NAN, NAN, NAN}};
    for (size_t panel = 0; panel < 2; panel++)
        for (size_t i = 0; i < 6; i++) {
            double found = chart.series[panel].points[i].low;
            if (isnan(expected[panel][i]))
                assert_true(isnan(found));
            else
                ASSERT_NEAR(found, expected[panel][i], 0);
        }
    ASSERT_NEAR(chart.series[0].points[3].x, 15, 1e-9);
    ASSERT_NEAR(chart.z.low, 1, 0);
    ASSERT_NEAR(chart.z.high, 100, 0);
    assert_int_equal(chart.span_count, 1);
    chart_free(&chart);
    report.heats = NULL;
    report_free(&report);
}

/* One of 2000 requests is far below the others: it stands in their lowest row. */
static void heat_leaves_no_room_for_stray_requests(void **state)
{
    (void)state;
    uint64_t counts[40] = {[0] = 1, [38] = 1000, [39] = 999};
    struct heat heat = {"p2c", 0, 1, 60, 40, counts};
    struct report report = {.replications = 1, .heats = &heat, .heat_count = 1};
    measures_add(&report, "p2c", "all", "p99", 1, 0);
    struct chart chart = chart_named("heatmap", &report, NULL);
    assert_int_equal(chart.series[0].count, 2);
    ASSERT_NEAR(chart.series[0].points[0].low, 1001, 0);
    ASSERT_NEAR(chart.series[0].points[1].low, 999, 0);
    ASSERT_NEAR(chart.y[0].low, heat_edge(98), 0);
    chart_free(&chart);
    report.heats = NULL;
    report_free(&report);
}

/* 60 windows leave room for 33 rows of 2000 cells: 40 bands make 20 rows of two. */
static void heat_has_few_enough_cells(void **state)
{
    (void)state;
    enum { WINDOWS = 60, BANDS = 40 };
    uint64_t counts[BANDS];
    struct heat heats[WINDOWS];
    for (size_t i = 0; i < BANDS; i++)
        counts[i] = i + 1;
    for (size_t i = 0; i < WINDOWS; i++)
        heats[i] = (struct heat){"p2c", (double)i, (double)i + 1, 90, BANDS, counts};
    struct report report = {.replications = 1, .heats = heats, .heat_count = WINDOWS};
    measures_add(&report, "p2c", "all", "p99", 1, 0);
    struct chart chart = chart_named("heatmap", &report, NULL);
    assert_int_equal(chart.columns, WINDOWS);
    assert_int_equal(chart.series[0].count, WINDOWS * BANDS / 2);
    ASSERT_NEAR(chart.series[0].points[0].low, 1 + 2, 0);
    ASSERT_NEAR(chart.series[0].points[WINDOWS * BANDS / 2 - 1].low, 39 + 40, 0);
    chart_free(&chart);
    report.heats = NULL;
    report_free(&report);
}

/* Each replication of the candidate has half the value, give or take 1 %. */
static void forest_is_of_ratios_to_the_baseline(void **state)
{
    (void)state;
    enum { COUNT = 10 };
    double base[COUNT], half[COUNT], same[COUNT];
    for (int i = 0; i < COUNT; i++) {
        base[i] = 1 + 0.1 * i;
        half[i] = base[i] * (i % 2 ? 0.505 : 0.495);
        same[i] = base[i] * (i % 2 ? 1.001 : 0.999);
    }
    struct report report = {.replications = COUNT};
    const char *const policies[] = {"old", "new", "like"}, *const metrics[] = {"mean", "p99"};
    const double *const values[] = {base, half, same};
    for (int p = 0; p < 3; p++)
        for (int m = 0; m < 2; m++) {
            measures_add(&report, policies[p], "all", metrics[m], values[p][5], 0.1);
            report.measures[report.count - 1].values = values[p];
            report.measures[report.count - 1].value_count = COUNT;
        }
    struct chart chart = chart_named("forest", &report, NULL);
    assert_null(chart.empty);
    assert_int_equal(chart.row_count, 4);
    assert_string_equal(chart.rows[0], "p99: new");
    assert_string_equal(chart.notes[0], "0.50 lower");
    assert_string_equal(chart.rows[3], "mean: like");
    assert_string_equal(chart.notes[3], "1.00 equal");
    assert_int_equal(chart.series[0].color, 1);
    ASSERT_NEAR(chart.series[0].points[0].x, 0.5, 1e-3);
    /* t(0.975, 9) = 2.262, deviation of the logarithms 0.01 * sqrt(10 / 9), over sqrt(10) */
    ASSERT_NEAR(chart.series[0].points[0].high / chart.series[0].points[0].x, 1 + 0.00757, 1e-4);
    assert_int_equal(chart.mark_count, 1);
    ASSERT_NEAR(chart.marks[0].at, 1, 0);
    assert_string_equal(chart.marks[0].text, "old");
    chart_free(&chart);
    struct report other = {.replications = COUNT};
    measures_add(&other, "new", "all", "mean", base[5], 0.1);
    other.measures[0].values = base;
    other.measures[0].value_count = COUNT;
    struct report_heading heading = {.scenario = "demo"};
    struct chart_source source = {.report = &report, .heading = &heading, .against = &other,
                                  .against_name = "there", .against_is_paired = true};
    size_t kind = 0;
    while (strcmp(chart_kind_at(kind)->name, "forest") != 0)
        kind++;
    chart = chart_make(chart_kind_at(kind), &source);
    assert_int_equal(chart.row_count, 1); /* what both have */
    assert_string_equal(chart.rows[0], "mean: new");
    ASSERT_NEAR(chart.series[0].points[0].x, 0.5, 1e-3);
    assert_string_equal(chart.marks[0].text, "there");
    chart_free(&chart);
    report_free(&other);
    for (size_t i = 0; i < report.count; i++)
        report.measures[i].value_count = 9;
    chart = chart_named("forest", &report, NULL);
    assert_non_null(chart.empty);
    chart_free(&chart);
    report_free(&report);
}

static void cost_has_both_intervals(void **state)
{
    (void)state;
    struct report report = {.replications = 10};
    measures_add(&report, "a", "all", "p99", 0.1, 0.01);
    measures_add(&report, "a", "all", "pod_seconds", 1000, 50);
    measures_add(&report, "b", "all", "p99", 0.2, 0.02);
    measures_add(&report, "c", "all", "p99", (double)NAN, 0);
    measures_add(&report, "c", "all", "pod_seconds", 500, 50);
    struct chart chart = chart_named("cost", &report, NULL);
    assert_null(chart.empty);
    assert_int_equal(chart.series_count, 1); /* b has no cost, c no p99 */
    const struct chart_series *series = &chart.series[0];
    ASSERT_NEAR(series->points[0].x, 1000, 0);
    ASSERT_NEAR(series->points[0].high, 0.11, 1e-12);
    ASSERT_NEAR(series->across[0].low, 950, 1e-9);
    ASSERT_NEAR(series->label_y, 0.1, 0);
    assert_true(chart.x.low <= 950 && chart.x.high >= 1050);
    chart_free(&chart);
    report_free(&report);
}

/* Cells of one policy are one curve, in the order of the sweep. */
static void cost_of_a_sweep_has_a_point_for_each_cell(void **state)
{
    (void)state;
    struct grid_point items[] = {
        {"a", "p99", "s", "1", "", NAN, 0.3, 0.2, 0.4},
        {"a", "pod_seconds", "s", "1", "", NAN, 9, 8, 10},
        {"b", "p99", "s", "1", "", NAN, 0.5, NAN, NAN},
        {"b", "pod_seconds", "s", "1", "", NAN, 7, 7, 7},
        {"a", "p99", "s", "2", "", NAN, 0.2, 0.1, 0.3},
        {"a", "pod_seconds", "s", "2", "", NAN, 20, 19, 21},
    };
    const struct grid_points points = {.path = "min", .items = items, .count = 6};
    const struct report nothing = {0};
    struct report_heading heading = {.scenario = "demo"};
    struct chart_source source = {.report = &nothing, .heading = &heading, .sweep = &points};
    size_t i = 0;
    while (strcmp(chart_kind_at(i)->name, "cost") != 0)
        i++;
    struct chart chart = chart_make(chart_kind_at(i), &source);
    assert_null(chart.empty);
    assert_int_equal(chart.series_count, 2);
    assert_int_equal(chart.series[0].count, 2);
    ASSERT_NEAR(chart.series[0].points[1].x, 20, 0);
    ASSERT_NEAR(chart.series[0].points[1].y, 0.2, 0);
    ASSERT_NEAR(chart.series[1].across[0].high, 7, 0);
    assert_non_null(strstr(chart.caption, "lines go from min 1 to 2"));
    chart_free(&chart);
}

/* Three curves that end at one height: the names stand apart, around that height. */
static void names_stand_apart(void **state)
{
    (void)state;
    struct chart_point point = {1, 5, 0, 0};
    struct chart_series series[3] = {0};
    struct chart chart = {.series = series, .series_count = 3, .panel_count = 1};
    chart.x = (struct chart_axis){.low = 0, .high = 1};
    chart.y[0] = (struct chart_axis){.low = 0, .high = 10};
    for (int i = 0; i < 3; i++)
        series[i] = (struct chart_series){.name = "a", .points = &point, .count = 1};
    chart_label_ends(&chart);
    ASSERT_NEAR(series[0].label_y, 4.5, 1e-9);
    ASSERT_NEAR(series[1].label_y, 5, 1e-9);
    ASSERT_NEAR(series[2].label_y, 5.5, 1e-9);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(axes_have_round_ticks),
    cmocka_unit_test(axis_of_nothing_is_none),
    cmocka_unit_test(ccdf_ends_where_ten_requests_are_left),
    cmocka_unit_test(charts_say_that_there_is_no_data),
    cmocka_unit_test(p99_has_the_lowest_first),
    cmocka_unit_test(load_is_held_against_the_fair_share),
    cmocka_unit_test(churn_goes_change_by_change),
    cmocka_unit_test(time_has_panels_and_shades),
    cmocka_unit_test(heat_has_a_cell_for_each_window_and_band),
    cmocka_unit_test(heat_leaves_no_room_for_stray_requests),
    cmocka_unit_test(heat_has_few_enough_cells),
    cmocka_unit_test(forest_is_of_ratios_to_the_baseline),
    cmocka_unit_test(cost_has_both_intervals),
    cmocka_unit_test(cost_of_a_sweep_has_a_point_for_each_cell),
    cmocka_unit_test(names_stand_apart),
};
TEST_MAIN(tests)
