/* SPDX-License-Identifier: GPL-3.0-or-later
   From rows to measures: hand-worked figures, intervals, evidence, and independence of how
   pods and clients are numbered. */
#include "sim/report/report.h"

#include "sim/engine/check.h"
#include "sim/engine/rng.h"
#include "sim/stats/interval.h"
#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

static const struct measure *test_find(const struct report *report, const char *scope,
                                       const char *metric)
{
    const struct measure *measure = report_find(report, "p", scope, metric);
    if (measure == NULL)
        print_error("no measure %s of %s\n", metric, scope);
    assert_non_null(measure);
    return measure;
}

static void test_value(const struct report *report, const char *scope, const char *metric,
                       double value, uint64_t samples)
{
    const struct measure *measure = test_find(report, scope, metric);
    if (!(fabs(measure->value - value) <= 1e-9 * fabs(value)) || measure->samples != samples)
        print_error("%s of %s\n", metric, scope);
    ASSERT_NEAR(measure->value, value, 1e-9 * fabs(value));
    assert_int_equal(measure->samples, samples);
    assert_null(measure->note);
}

static void test_missing(const struct report *report, const char *scope, const char *metric,
                         const char *note)
{
    const struct measure *measure = test_find(report, scope, metric);
    assert_true(isnan(measure->value));
    assert_true(isnan(measure->low));
    assert_true(isnan(measure->high));
    assert_string_equal(measure->note, note);
}

/* Latencies 118, 68, 218, 88 and a timeout after 308; one refused; a retry that worked. */
static const struct report *test_by_hand(struct report *report, struct roster *roster)
{
    rows_roster(roster);
    struct trace_row rows[] = {
        rows_ok(1000, 0, 0, 100), rows_ok(1100, 0, 0, 50), rows_ok(1200, 1, 100, 100),
        rows_ok(1300, 2, 20, 50), rows_ok(1400, 1, 0, 300), rows_ok(1500, 2, 0, 0),
        rows_ok(1600, 2, 0, 0),
    };
    rows[2].client = rows[3].client = 1;
    rows[4].outcome = OUTCOME_TIMEOUT;
    rows[4].ended = rows[4].due + 308; /* served at 1711, then 3 ns are missing */
    rows[5].outcome = OUTCOME_REJECTED;
    rows[6].outcome = OUTCOME_REJECTED;
    rows[6].last = 0;
    struct tally *tally = tally_open(roster);
    tally_rows(tally, rows, 7);
    report_add_policy(report, "p", &tally, 1);
    tally_free(tally);
    return report;
}

static void figures_are_as_worked_by_hand(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    test_by_hand(&report, &roster);
    test_value(&report, "all", "requests", 6, 6);
    test_value(&report, "all", "attempts", 7, 7);
    test_value(&report, "all", "amplification", 7.0 / 6, 6);
    test_value(&report, "all", "throughput", 4e6, 6); /* 4 in a microsecond */
    test_value(&report, "all", "error_rate", 2.0 / 6, 6);
    test_value(&report, "all", "timeout", 1.0 / 6, 6);
    test_value(&report, "all", "rejected", 1.0 / 6, 6);
    test_value(&report, "all", "unfinished", 0, 6);
    test_value(&report, "all", "mean", (118 + 68 + 218 + 88 + 308) / 5.0 * 1e-9, 5);
    test_value(&report, "all", "max", 308e-9, 5);
    test_value(&report, "all", "deviation", sqrt(8136) * 1e-9, 5);
    test_value(&report, "all", "cv", sqrt(8136) / 160, 5);
    test_value(&report, "all", "client_time", 1e-9, 5);
    test_value(&report, "all", "balancer_time", 5e-9, 5);
    test_value(&report, "all", "queue_time", 24e-9, 5);
    test_value(&report, "all", "service_time", 119.4e-9, 5); /* 297 of 300 */
    test_value(&report, "all", "network_time", 10.6e-9, 5);
    test_value(&report, "client web", "requests", 4, 4);
    test_value(&report, "client web", "error_rate", 0.5, 4);
    test_value(&report, "client batch", "mean", 153e-9, 2);
    test_value(&report, "group a", "requests", 4, 4);
    test_value(&report, "group b", "requests", 3, 3);
    test_value(&report, "group a", "mean", 178e-9, 4);
    test_value(&report, "pod b-1", "mean", 88e-9, 1);
    test_value(&report, "pod b-1", "share", 3.0 / 7, 7);
    assert_int_equal(report.replications, 1);
    assert_int_equal(report.crowded, 0);
    for (size_t i = 0; i < report.count; i++)
        assert_true(isnan(report.measures[i].low) && isnan(report.measures[i].high));
    report_free(&report);
    roster_free(&roster);
}

/* Busy 150, 400 and 50 of 1000, 1000 and 2 * 1000; requests 2, 2 and 3. */
static void load_is_as_worked_by_hand(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    test_by_hand(&report, &roster);
    double mean = (0.15 + 0.4 + 0.025) / 3;
    double squares = 0.15 * 0.15 + 0.4 * 0.4 + 0.025 * 0.025;
    test_value(&report, "pod a-2", "utilisation", 0.4, 1);
    test_value(&report, "pod b-1", "utilisation", 0.025, 1);
    test_value(&report, "group a", "utilisation", 0.275, 2);
    test_value(&report, "all", "utilisation", mean, 3);
    test_value(&report, "all", "utilisation_max", 0.4, 3);
    test_value(&report, "all", "jain_utilisation", 3 * mean * mean / squares, 3);
    test_value(&report, "all", "max_over_mean_utilisation", 0.4 / mean, 3);
    test_value(&report, "all", "jain_requests", 49.0 / (3 * 17), 3);
    test_value(&report, "all", "max_over_mean_requests", 9.0 / 7, 3);
    test_value(&report, "all", "cv_requests", sqrt(3.0 * 17 / 49 - 1), 3);
    test_value(&report, "all", "jain_floor", 1 / (1 + 2.0 / 7), 3);
    report_free(&report);
    roster_free(&roster);
}

static void pods_count_while_they_are_there(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    rows_roster(&roster);
    roster_own_life(&roster, 0)->joined = 1500; /* busy 100 of 500 */
    roster_own_life(&roster, 1)->left = 1000;   /* never there */
    struct trace_row row = rows_ok(1600, 0, 0, 100);
    struct tally *tally = tally_open(&roster);
    tally_rows(tally, &row, 1);
    uint32_t late = roster_pod(&roster, "c-1"); /* after the last row */
    rows_kind(&roster, late, "c", "", 1);
    report_add_policy(&report, "p", &tally, 1);
    test_value(&report, "pod a-1", "utilisation", 0.2, 1);
    test_value(&report, "group c", "utilisation", 0, 1);
    test_value(&report, "all", "utilisation", 0.2 / 3, 3);
    assert_null(report_find(&report, "p", "pod a-2", "utilisation"));
    tally_free(tally);
    report_free(&report);
    roster_free(&roster);
}

static void utilisation_is_unknown_without_workers_or_window(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct report report = {0};
        struct roster roster;
        rows_roster(&roster);
        if (i == 0)
            rows_kind(&roster, 1, "a", "", 0);
        else
            roster.measure_begin = roster.measure_end = SIM_NEVER;
        struct trace_row rows[] = {rows_ok(1600, 0, 0, 100), rows_ok(1800, 0, 0, 100)};
        struct tally *tally = tally_open(&roster);
        tally_rows(tally, rows, 2);
        report_add_policy(&report, "p", &tally, 1);
        test_missing(&report, "all", "utilisation", "no data");
        test_missing(&report, "pod a-2", "utilisation", "no data");
        test_value(&report, "all", "jain_requests", 1.0 / 3, 3);
        test_value(&report, "all", "throughput", i == 0 ? 2e6 : 1e7, 2);
        tally_free(tally);
        report_free(&report);
        roster_free(&roster);
    }
}

enum { TEST_RUNS = 12, TEST_ROWS = 2000 };

/* Runs with exponential service; `swapped` numbers pods and clients the other way round. */
static void test_runs(struct report *report, bool swapped, uint32_t runs, double *means)
{
    struct roster rosters[TEST_RUNS];
    struct tally *tallies[TEST_RUNS] = {NULL};
    for (uint32_t r = 0; r < runs; r++) {
        struct rng rng;
        roster_init(&rosters[r]);
        rosters[r].measure_begin = 0;
        rosters[r].measure_end = SIM_SECOND;
        for (int i = 0; i < 12; i++) {
            char name[16];
            snprintf(name, sizeof(name), "pod-%d", swapped ? 11 - i : i);
            uint32_t pod = roster_pod(&rosters[r], name);
            rows_kind(&rosters[r], pod, (i < 6) == swapped ? "left" : "right", "", 1);
            roster_client(&rosters[r], (i % 2 == 0) == swapped ? "web" : "batch");
        }
        tallies[r] = tally_open(&rosters[r]);
        rng_seed(&rng, r);
        double sum = 0;
        for (int i = 0; i < TEST_ROWS; i++) {
            sim_time service = sim_time_of(-1e5 * (r + 1) * log(rng_uniform_open(&rng)));
            uint32_t pod = (uint32_t)rng_below(&rng, 12);
            uint16_t client = rng_below(&rng, 3) == 0;
            struct trace_row row = rows_ok(i, swapped ? 11 - pod : pod, 0, service);
            row.client = swapped ? 1 - client : client;
            tally_rows(tallies[r], &row, 1);
            sum += (double)(row.ended - row.due);
        }
        if (means != NULL)
            means[r] = sum / TEST_ROWS * 1e-9;
    }
    report_add_policy(report, "p", tallies, runs);
    for (uint32_t r = 0; r < runs; r++) {
        tally_free(tallies[r]);
        roster_free(&rosters[r]);
    }
}

static void test_same_reports(const struct report *a, const struct report *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct measure *x = &a->measures[i], *y = &b->measures[i];
        assert_string_equal(x->scope, y->scope);
        assert_string_equal(x->metric, y->metric);
        assert_memory_equal(&x->value, &y->value, sizeof(x->value));
        assert_memory_equal(&x->low, &y->low, sizeof(x->low));
        assert_memory_equal(&x->high, &y->high, sizeof(x->high));
        assert_int_equal(x->samples, y->samples);
    }
}

/* Tallies of a few rows, those of one report closed and with rosters that outlived theirs. */
static void test_closed(struct report *report, int pods, bool closed)
{
    struct roster rosters[3], kept[3];
    struct tally *tallies[3];
    for (int r = 0; r < 3; r++) {
        rows_roster(&rosters[r]);
        for (int i = 0; i < pods; i++) {
            char name[16];
            snprintf(name, sizeof(name), "more-%d", i);
            roster_pod(&rosters[r], name);
        }
        tallies[r] = tally_open(&rosters[r]);
        for (int i = 0; i < 500; i++) {
            uint32_t pod = (uint32_t)(i % (pods + 3));
            struct trace_row row = rows_ok(1000 + i, pod, i % 7, (sim_time)1 << i % 40);
            if (i % 10 == 9)
                row = rows_failed(1000 + i, OUTCOME_TIMEOUT, 1000 * (i + r));
            tally_rows(tallies[r], &row, 1);
        }
        if (!closed)
            continue;
        tally_close(tallies[r]);
        roster_keep(&kept[r], &rosters[r], TALLY_PODS_KEPT);
        assert_true(roster_is_kept(&kept[r], &rosters[r], TALLY_PODS_KEPT));
        tally_adopt(tallies[r], &kept[r]);
        roster_free(&rosters[r]);
        rosters[r] = kept[r];
    }
    report_add_policy(report, "p", tallies, 3);
    for (int r = 0; r < 3; r++) {
        tally_free(tallies[r]);
        roster_free(&rosters[r]);
    }
}

static void closed_tallies_give_the_same_report(void **state)
{
    (void)state;
    static const int pods[] = {0, TALLY_PODS_KEPT - 3, TALLY_PODS_KEPT + 1};
    for (int i = 0; i < 3; i++) {
        struct report open = {0}, closed = {0};
        test_closed(&open, pods[i], false);
        test_closed(&closed, pods[i], true);
        assert_int_equal(closed.crowded != 0, i == 2);
        assert_int_equal(open.crowded, closed.crowded);
        test_same_reports(&open, &closed);
        report_free(&open);
        report_free(&closed);
    }
}

static void without_requests_there_are_no_figures(void **state)
{
    (void)state;
    struct roster roster;
    struct report report = {0};
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    struct trace_row row = rows_ok(0, 1, 0, 1500);
    row.phase = PHASE_WARMUP;
    tally_rows(tally, &row, 1);
    report_add_policy(&report, "p", &tally, 1);
    for (size_t i = 0; i < report.count; i++) {
        const struct measure *measure = &report.measures[i];
        bool is_requests = strcmp(measure->metric, "requests") == 0;
        assert_int_equal(isnan(measure->value) != 0, !is_requests);
        if (!is_requests)
            assert_string_equal(measure->note, REPORT_NOTHING_DUE " (from 1.00us to 2.00us)");
    }
    tally_free(tally);
    roster_free(&roster);
    report_free(&report);
}

static void intervals_come_from_the_replications(void **state)
{
    (void)state;
    double means[TEST_RUNS], pooled = 0;
    struct report report = {0};
    test_runs(&report, false, TEST_RUNS, means);
    for (int i = 0; i < TEST_RUNS; i++)
        pooled += means[i] / TEST_RUNS;
    struct interval expected = interval_of(pooled, means, TEST_RUNS);
    const struct measure *mean = test_find(&report, "all", "mean");
    ASSERT_NEAR(mean->value, expected.value, 1e-12 * pooled);
    ASSERT_NEAR(mean->low, expected.low, 1e-9 * pooled);
    ASSERT_NEAR(mean->high, expected.high, 1e-9 * pooled);
    assert_int_equal(mean->samples, TEST_RUNS * TEST_ROWS);
    const struct measure *p50 = test_find(&report, "all", "p50");
    assert_true(p50->low < p50->value && p50->value < p50->high);
    assert_true(isnan(test_find(&report, "all", "max")->low));
    assert_true(isnan(test_find(&report, "all", "requests")->low));
    const struct measure *error_rate = test_find(&report, "all", "error_rate");
    ASSERT_NEAR(error_rate->low, 0, 0);
    ASSERT_NEAR(error_rate->high, 0, 0);
    report_free(&report);
    test_runs(&report, false, INTERVAL_REPLICATIONS_MIN - 1, NULL);
    assert_true(isnan(test_find(&report, "all", "mean")->low));
    report_free(&report);
}

/* The slower runs have nearly all of the 240 requests beyond p99, so these count for much
   less than they are. */
static void thin_evidence_gives_no_percentile(void **state)
{
    (void)state;
    struct report report = {0};
    test_runs(&report, false, TEST_RUNS, NULL);
    const char *note = test_find(&report, "all", "p99")->note;
    assert_non_null(note);
    assert_memory_equal(note, "insufficient: ", 14);
    assert_non_null(strstr(note, " effective exceedances of 30"));
    assert_true(isnan(test_find(&report, "all", "p99")->value));
    assert_null(test_find(&report, "all", "p50")->note);
    report_free(&report);
    test_runs(&report, false, 1, NULL); /* 2000: 20 beyond p99, 200 beyond p90 */
    test_missing(&report, "all", "p99", "insufficient: 20 effective exceedances of 30");
    test_missing(&report, "all", "ok_p99", "insufficient: 20 effective exceedances of 30");
    test_missing(&report, "all", "slow1_queue_time",
                 "insufficient: 20 effective exceedances of 30");
    test_missing(&report, "all", "p99.99", "insufficient: 0 effective exceedances of 30");
    assert_null(test_find(&report, "all", "p90")->note);
    report_free(&report);
}

/* Equal latencies: nothing lies above any percentile, yet all of them are well known. */
static void equal_latencies_are_evidence_too(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    struct trace_row row = rows_ok(1000, 0, 0, 4999982);
    for (int i = 0; i < 3000; i++)
        tally_rows(tally, &row, 1);
    report_add_policy(&report, "p", &tally, 1);
    test_value(&report, "all", "p99", 0.005, 3000);
    test_value(&report, "all", "p50", 0.005, 3000);
    test_missing(&report, "all", "p99.9", "insufficient: 3 effective exceedances of 30");
    tally_free(tally);
    report_free(&report);
    roster_free(&roster);
}

static char *test_json(bool swapped)
{
    struct report report = {0};
    struct report_heading heading = {.scenario = "s"};
    struct output *output = output_to_memory();
    size_t size;
    test_runs(&report, swapped, TEST_RUNS, NULL);
    report_render(&report, &heading, REPORT_JSON, false, output);
    const char *text = output_memory(output, &size);
    char *copy = memcpy(memory_take(size + 1, 1), text, size + 1);
    output_close(output, true);
    report_free(&report);
    return copy;
}

static void numbering_does_not_matter(void **state)
{
    (void)state;
    char *straight = test_json(false), *swapped = test_json(true);
    assert_string_equal(straight, swapped);
    free(straight);
    free(swapped);
}

static void nothing_makes_an_empty_report(void **state)
{
    (void)state;
    struct report report = {0};
    report_add_policy(&report, "p", NULL, 0);
    assert_int_equal(report.count, 0);
    assert_null(report_find(&report, "p", "all", "mean"));
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    tally_rows(tally, NULL, 0);
    report_add_policy(&report, "p", &tally, 1);
    test_value(&report, "all", "requests", 0, 0);
    static const char *const empty[] = {"mean", "p50", "utilisation"};
    for (int i = 0; i < 3; i++)
        test_missing(&report, "all", empty[i],
                     REPORT_NOTHING_DUE " (from 1.00us to 2.00us)");
    assert_null(report_find(&report, "p", "client web", "mean"));
    tally_free(tally);
    tally_free(NULL);
    report_free(&report);
    report_free(&report);
    roster_free(&roster);
}

static void a_thousand_pods_are_the_most_to_be_listed(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    char name[16];
    roster_init(&roster);
    for (int i = 0; i < 1001; i++) {
        snprintf(name, sizeof(name), "pod-%d", i);
        roster_pod(&roster, name);
    }
    struct tally *tally = tally_open(&roster);
    report_add_policy(&report, "p", &tally, 1);
    assert_int_equal(report.crowded, 1 << 3);
    assert_null(report_find(&report, "p", "pod pod-1", "requests"));
    tally_free(tally);
    report_free(&report);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(figures_are_as_worked_by_hand),
    cmocka_unit_test(load_is_as_worked_by_hand),
    cmocka_unit_test(pods_count_while_they_are_there),
    cmocka_unit_test(utilisation_is_unknown_without_workers_or_window),
    cmocka_unit_test(intervals_come_from_the_replications),
    cmocka_unit_test(closed_tallies_give_the_same_report),
    cmocka_unit_test(without_requests_there_are_no_figures),
    cmocka_unit_test(thin_evidence_gives_no_percentile),
    cmocka_unit_test(equal_latencies_are_evidence_too),
    cmocka_unit_test(numbering_does_not_matter),
    cmocka_unit_test(nothing_makes_an_empty_report),
    cmocka_unit_test(a_thousand_pods_are_the_most_to_be_listed),
};

TEST_MAIN(tests)
