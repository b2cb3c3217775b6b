/* SPDX-License-Identifier: GPL-3.0-or-later
   Intervals from sections: by hand, where sections are correlated, and where there are
   replications to go by. */
#include "sim/report/batch_fold.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOLD_EACH = 40 }; /* requests of a section of 50 ns */

/* The rows of a trace whose sections have one latency each, 18 ns and `service[i]`. */
static struct tally *fold_trace(struct roster *roster, const sim_time *service, bool divided)
{
    struct tally *tally = tally_open(roster);
    if (divided)
        tally_divide(tally);
    for (int i = 0; i < BATCH_COUNT; i++)
        for (int k = 0; k < FOLD_EACH; k++) {
            struct trace_row row = rows_ok(1000 + 50 * i + k, 0, 0, service[i]);
            tally_rows(tally, &row, 1);
        }
    return tally;
}

static struct report fold_report(struct tally **tallies, size_t count)
{
    struct report report = {0};
    report_add_policy(&report, "trace", tallies, count);
    return report;
}

/* Means of 18 ns and 100 or 200 in turn, two and two: mean 168, deviation 50 sqrt(20 / 19), so
   the half-width is t(0.975, 19) * 50 / sqrt(19) = 2.093024 * 11.47079.  Products of neighbours
   are +1 and -1 in turn, ten of the former and nine of the latter: correlation 1/20. */
static void twenty_sections_make_an_interval(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    sim_time service[BATCH_COUNT];
    for (int i = 0; i < BATCH_COUNT; i++)
        service[i] = i / 2 % 2 == 0 ? 100 : 200;
    struct tally *tally = fold_trace(&roster, service, true);
    struct report report = fold_report(&tally, 1);
    const struct measure *mean = report_find(&report, "trace", "all", "mean");
    ASSERT_NEAR(mean->value, 168e-9, 1e-15);
    ASSERT_NEAR(mean->high - mean->value, 24.00864e-9, 1e-14);
    ASSERT_NEAR(mean->value - mean->low, 24.00864e-9, 1e-14);
    assert_int_equal(mean->sections, 20);
    assert_int_equal(report_find(&report, "trace", "client web", "mean")->sections, 20);
    /* 800 requests, half of them beyond the median, all those of ten sections: the index of
       dispersion is far above 400 / 30. */
    const struct measure *median = report_find(&report, "trace", "all", "p50");
    assert_true(isfinite(median->value) && isnan(median->low));
    assert_non_null(strstr(median->note, "too few effective exceedances"));
    const struct measure *errors = report_find(&report, "trace", "all", "error_rate");
    ASSERT_NEAR(errors->high, 0, 0);
    const struct measure *busy = report_find(&report, "trace", "all", "utilisation");
    assert_true(isnan(busy->low) && busy->sections == 0 && busy->note == NULL);
    report_free(&report);
    tally_free(tally);
    roster_free(&roster);
}

/* Half of the trace is slow: neighbours are alike, however long sections are. */
static void a_trend_has_no_interval(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    sim_time service[BATCH_COUNT];
    for (int i = 0; i < BATCH_COUNT; i++)
        service[i] = i < BATCH_COUNT / 2 ? 100 : 200;
    struct tally *tally = fold_trace(&roster, service, true);
    struct report report = fold_report(&tally, 1);
    const struct measure *mean = report_find(&report, "trace", "all", "mean");
    assert_true(isfinite(mean->value) && isnan(mean->low) && isnan(mean->high));
    assert_int_equal(mean->sections, 0);
    assert_non_null(strstr(mean->note, "correlated"));
    report_free(&report);
    tally_free(tally);
    roster_free(&roster);
}

/* Pairs of sections go together, and pairs of pairs do not: the ten means are 118 and 218 in an
   order whose neighbours are equal four times and differ five times. */
static void ten_sections_are_tried(void **state)
{
    (void)state;
    static const int pairs[] = {0, 0, 1, 1, 0, 1, 0, 0, 1, 1};
    struct roster roster;
    rows_roster(&roster);
    sim_time service[BATCH_COUNT];
    for (int i = 0; i < BATCH_COUNT; i++)
        service[i] = pairs[i / 2] ? 200 : 100;
    struct tally *tally = fold_trace(&roster, service, true);
    struct report report = fold_report(&tally, 1);
    const struct measure *mean = report_find(&report, "trace", "all", "mean");
    /* Twenty have fourteen equal neighbours and five unequal ones: 9/20, just too much. */
    assert_int_equal(mean->sections, 10);
    /* t(0.975, 9) * 50 sqrt(10 / 9) / sqrt(10) = 2.262157 * 16.66667 */
    ASSERT_NEAR(mean->high - mean->value, 37.70262e-9, 1e-14);
    report_free(&report);
    tally_free(tally);
    roster_free(&roster);
}

static void replications_go_first(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    sim_time service[2][BATCH_COUNT];
    for (int i = 0; i < BATCH_COUNT; i++) {
        service[0][i] = i / 2 % 2 == 0 ? 100 : 200;
        service[1][i] = 150 + i % 3;
    }
    enum { ALIKE = 10 };
    struct tally *tallies[ALIKE];
    for (int r = 0; r < ALIKE; r++)
        tallies[r] = fold_trace(&roster, service[0], r == 0);
    struct report report = fold_report(tallies, ALIKE);
    assert_int_equal(report_find(&report, "trace", "all", "mean")->sections, 20);
    report_free(&report);
    tally_free(tallies[ALIKE - 1]);
    tallies[ALIKE - 1] = fold_trace(&roster, service[1], false);
    report = fold_report(tallies, ALIKE);
    const struct measure *mean = report_find(&report, "trace", "all", "mean");
    assert_int_equal(mean->sections, 0);
    assert_true(mean->high > mean->value);
    report_free(&report);
    for (int r = 0; r < ALIKE; r++)
        tally_free(tallies[r]);
    roster_free(&roster);
}

/* The span of a trace without a timeline is known when all rows are in. */
static void rows_may_come_twice(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    roster.measure_begin = roster.measure_end = SIM_NEVER;
    struct tally *tally = tally_open(&roster);
    tally_divide(tally);
    assert_null(tally->batches);
    struct trace_row rows[1000];
    for (int i = 0; i < 1000; i++)
        rows[i] = rows_ok(1000 + i, 0, 0, 100 + i % 7);
    tally_rows(tally, rows, 1000);
    tally_divide_again(tally, rows, 500);
    tally_divide_again(tally, rows + 500, 500);
    struct report report = fold_report(&tally, 1);
    assert_int_equal(tally->batches->batches[19].attempts, 50);
    assert_int_equal(report_find(&report, "trace", "all", "requests")->value, 1000);
    assert_true(report_find(&report, "trace", "all", "mean")->sections >= 10);
    report_free(&report);
    tally_free(tally);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(twenty_sections_make_an_interval),
    cmocka_unit_test(a_trend_has_no_interval),
    cmocka_unit_test(ten_sections_are_tried),
    cmocka_unit_test(replications_go_first),
    cmocka_unit_test(rows_may_come_twice),
};

TEST_MAIN(tests)
