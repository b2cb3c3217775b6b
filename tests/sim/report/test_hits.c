/* SPDX-License-Identifier: GPL-3.0-or-later
   Hit rates from rows to measures: of pods, groups and all, and of nobody without a cache. */
#include "sim/report/hits.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <string.h>

static struct trace_row test_row(sim_time due, uint32_t pod, unsigned cache)
{
    struct trace_row row = rows_ok(due, pod, 0, 10);
    row.cache = cache & 3;
    return row;
}

/* Pod a-1: 2 of 3, a-2: 0 of 1, b-1 has no cache; a retry counts, another phase does not. */
static struct tally *test_tally(const struct roster *roster)
{
    struct trace_row rows[] = {
        test_row(1000, 0, LOOKUP_HIT),  test_row(1100, 0, LOOKUP_MISS),
        test_row(1200, 0, LOOKUP_HIT),  test_row(1300, 1, LOOKUP_MISS),
        test_row(1400, 2, LOOKUP_NONE), test_row(900, 0, LOOKUP_HIT),
    };
    rows[2].last = 0;
    rows[5].phase = PHASE_WARMUP;
    struct tally *tally = tally_open(roster);
    tally_rows(tally, rows, 2);
    tally_rows(tally, rows + 2, 4);
    return tally;
}

static void test_rate(const struct report *report, const char *scope, double value,
                      uint64_t samples)
{
    const struct measure *measure = report_find(report, "p", scope, "cache_hit_rate");
    if (measure == NULL)
        fail_msg("no hit rate of %s", scope);
    ASSERT_NEAR(measure->value, value, 1e-12);
    assert_int_equal(measure->samples, samples);
}

static void rates_are_those_of_attempts_that_asked(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    rows_roster(&roster);
    struct tally *tallies[] = {test_tally(&roster), test_tally(&roster)};
    tally_close(tallies[1]); /* the other stays open: that must not matter */
    report_add_policy(&report, "p", tallies, 2);
    test_rate(&report, "all", 0.5, 8);
    test_rate(&report, "group a", 0.5, 8);
    test_rate(&report, "pod a-1", 2.0 / 3, 6);
    test_rate(&report, "pod a-2", 0, 2);
    assert_null(report_find(&report, "p", "group b", "cache_hit_rate"));
    assert_null(report_find(&report, "p", "pod b-1", "cache_hit_rate"));
    report_free(&report);
    tally_free(tallies[0]);
    tally_free(tallies[1]);
    roster_free(&roster);
}

static void rates_have_intervals(void **state)
{
    (void)state;
    enum { RUNS = 10 };
    struct report report = {0};
    struct roster roster;
    rows_roster(&roster);
    struct tally *tallies[RUNS];
    for (int i = 0; i < RUNS; i++) {
        struct trace_row rows[] = {test_row(1000, 0, LOOKUP_HIT),
                                   test_row(1100, 0, i % 2 == 0 ? LOOKUP_HIT : LOOKUP_MISS)};
        tallies[i] = tally_open(&roster);
        tally_rows(tallies[i], rows, 2);
    }
    report_add_policy(&report, "p", tallies, RUNS);
    const struct measure *measure = report_find(&report, "p", "all", "cache_hit_rate");
    /* Half are 1, half 1/2: deviation 0.25 sqrt(10/9), t of 9 at 97.5 % is 2.2622. */
    ASSERT_NEAR(measure->value, 0.75, 1e-12);
    ASSERT_NEAR(measure->high - measure->value, 2.2622 * 0.25 / 3, 1e-4);
    ASSERT_NEAR(measure->value - measure->low, 2.2622 * 0.25 / 3, 1e-4);
    report_free(&report);
    for (int i = 0; i < RUNS; i++)
        tally_free(tallies[i]);
    roster_free(&roster);
}

/* A closed tally of so many pods keeps sums only. */
static void a_crowd_of_pods_has_a_rate_in_all(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    char name[16];
    rows_roster(&roster);
    for (int i = 0; i < TALLY_PODS_KEPT; i++) {
        snprintf(name, sizeof name, "c-%d", i);
        roster_pod(&roster, name);
    }
    struct tally *tally = test_tally(&roster);
    tally_close(tally);
    report_add_policy(&report, "p", &tally, 1);
    test_rate(&report, "all", 0.5, 4);
    test_rate(&report, "group a", 0.5, 4);
    report_free(&report);
    tally_free(tally);
    roster_free(&roster);
}

static void without_caches_there_is_no_rate(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    rows_roster(&roster);
    struct trace_row row = test_row(1000, 0, LOOKUP_NONE);
    struct tally *tally = tally_open(&roster);
    tally_rows(tally, &row, 1);
    report_add_policy(&report, "p", &tally, 1);
    for (size_t i = 0; i < report.count; i++)
        assert_null(strstr(report.measures[i].metric, "cache"));
    report_free(&report);
    tally_free(tally);
    roster_free(&roster);
}

static void changes_have_rates_before_after_and_lowest(void **state)
{
    (void)state;
    struct report report = {0};
    struct roster roster;
    rows_roster(&roster);
    roster_own_life(&roster, 1)->joined = 1500;
    /* Dispatched 8 later: a tenth after the change is 50 long. */
    struct trace_row rows[] = {
        test_row(1000, 0, LOOKUP_HIT),  test_row(1491, 0, LOOKUP_MISS),
        test_row(1492, 1, LOOKUP_MISS), test_row(1510, 0, LOOKUP_HIT),
        test_row(1700, 1, LOOKUP_HIT),  test_row(1800, 1, LOOKUP_HIT),
    };
    struct tally *tallies[] = {tally_open(&roster), tally_open(&roster)};
    for (int i = 0; i < 2; i++)
        tally_rows(tallies[i], rows, 6);
    tally_close(tallies[1]);
    report_add_policy(&report, "p", tallies, 2);
    static const struct {
        const char *metric;
        double value;
        uint64_t samples;
    } cases[] = {{"cache_hit_rate_before", 0.5, 4},
                 {"cache_hit_rate_after", 0.75, 8},
                 {"cache_hit_rate_lowest", 0.5, 4}};
    for (size_t i = 0; i < 3; i++) {
        const struct measure *measure =
            report_find(&report, "p", "change 1", cases[i].metric);
        assert_non_null(measure);
        ASSERT_NEAR(measure->value, cases[i].value, 1e-12);
        assert_int_equal(measure->samples, cases[i].samples);
    }
    report_free(&report);
    tally_free(tallies[0]);
    tally_free(tallies[1]);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rates_are_those_of_attempts_that_asked),
    cmocka_unit_test(rates_have_intervals),
    cmocka_unit_test(a_crowd_of_pods_has_a_rate_in_all),
    cmocka_unit_test(without_caches_there_is_no_rate),
    cmocka_unit_test(changes_have_rates_before_after_and_lowest),
};

TEST_MAIN(tests)
