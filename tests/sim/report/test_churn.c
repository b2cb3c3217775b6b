/* SPDX-License-Identifier: GPL-3.0-or-later
   Remap churn of rows by hand: who moved, whatever the order of the rows, and what the report
   makes of it. */
#include "sim/report/churn.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <string.h>

/* Pods 0 to 3; pod 3 joins at 1000, pod 0 leaves at 2000. */
static void test_roster(struct roster *roster)
{
    static const char *const pods[] = {"a", "b", "c", "d"};
    roster_init(roster);
    roster_client(roster, "web");
    roster_client(roster, "batch");
    for (int i = 0; i < 4; i++)
        roster_pod(roster, pods[i]);
    roster_own_life(roster, 3)->joined = 1000;
    roster_own_life(roster, 0)->left = 2000;
}

static struct trace_row test_row(sim_time dispatched, uint64_t key, uint32_t pod)
{
    struct trace_row row = rows_ok(dispatched - 8, pod, 0, 1);
    row.key = key;
    return row;
}

static const struct trace_row *test_rows(size_t *count)
{
    static struct trace_row rows[16];
    size_t n = 0;
    rows[n++] = test_row(100, 1, 1);
    rows[n++] = test_row(900, 1, 0); /* the last one before counts */
    rows[n++] = test_row(1000, 1, 3); /* moved */
    rows[n++] = test_row(1100, 1, 0); /* and back again, which counts for the next change */
    rows[n++] = test_row(2000, 1, 2); /* had to */
    rows[n++] = test_row(500, 2, 1);
    rows[n++] = test_row(1500, 2, 1); /* stayed */
    rows[n++] = test_row(2500, 2, 2); /* moved, and had not to */
    rows[n++] = test_row(700, 3, 2);  /* not seen between the changes */
    rows[n++] = test_row(2700, 3, 1);
    rows[n] = test_row(1200, 4, 3);   /* never came to a pod after */
    n++;
    rows[n] = test_row(2600, 4, ROW_NO_POD);
    n++;
    *count = n;
    return rows;
}

static void test_expect(const struct churn *churn)
{
    struct churn_count first = churn_count(churn, 0), second = churn_count(churn, 1);
    assert_int_equal(churn_changes(churn), 2);
    assert_int_equal(first.keys, 2);
    assert_int_equal(first.moved, 1);
    ASSERT_NEAR(first.least, 2 * 0.25, 1e-12);
    assert_int_equal(second.keys, 2);
    assert_int_equal(second.moved, 2);
    ASSERT_NEAR(second.least, 1, 1e-12);
    assert_int_equal(first.sessions + second.sessions, 0); /* one user only */
}

static void keys_are_followed_over_a_change(void **state)
{
    (void)state;
    struct roster roster;
    size_t count;
    const struct trace_row *rows = test_rows(&count);
    test_roster(&roster);
    struct churn *churn = churn_open(&roster, CHURN_RECORDS_MAX);
    churn_rows(churn, rows, count);
    test_expect(churn);
    churn_close(churn);
    test_expect(churn);
    churn_free(churn);
    roster_free(&roster);
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    struct roster roster;
    size_t count;
    const struct trace_row *rows = test_rows(&count);
    test_roster(&roster);
    for (size_t step = 1; step < count; step++) {
        struct churn *churn = churn_open(&roster, CHURN_RECORDS_MAX);
        for (size_t i = 0; i < count; i++) /* each residue backwards */
            for (size_t k = count; k-- > 0;)
                if (k % step == i)
                    churn_rows(churn, &rows[k], 1);
        test_expect(churn);
        churn_free(churn);
    }
    roster_free(&roster);
}

static void of_two_at_once_the_lowest_pod_counts(void **state)
{
    (void)state;
    struct roster roster;
    test_roster(&roster);
    struct trace_row rows[] = {test_row(500, 1, 2), test_row(500, 1, 1), test_row(1500, 1, 3),
                               test_row(1500, 1, 1)};
    struct churn *churn = churn_open(&roster, CHURN_RECORDS_MAX);
    churn_rows(churn, rows, 4);
    assert_int_equal(churn_count(churn, 0).keys, 1);
    assert_int_equal(churn_count(churn, 0).moved, 0);
    churn_free(churn);
    roster_free(&roster);
}

static void sessions_are_those_of_groups_with_several_users(void **state)
{
    (void)state;
    struct roster roster;
    test_roster(&roster);
    struct trace_row rows[10];
    /* user, pod before, between, after */
    static const uint32_t seen[][4] = {{0, 1, 1, 1}, {1, 0, 0, 2}, {2, 1, 2, 1}};
    size_t count = 0;
    for (size_t i = 0; i < 3; i++)
        for (uint32_t span = 0; span < 3; span++) {
            rows[count] = test_row(500 + 1000 * (sim_time)span, 0, seen[i][span + 1]);
            rows[count].client = 1;
            rows[count++].user = seen[i][0];
        }
    rows[count++] = test_row(600, 0, 1); /* of the other group */
    struct churn *churn = churn_open(&roster, CHURN_RECORDS_MAX);
    churn_rows(churn, rows, count);
    struct churn_count first = churn_count(churn, 0), second = churn_count(churn, 1);
    assert_int_equal(first.sessions, 3);
    assert_int_equal(first.lost, 1);
    assert_int_equal(first.needless, 1);
    assert_int_equal(second.sessions, 3);
    assert_int_equal(second.lost, 2);
    assert_int_equal(second.needless, 1); /* the pod of user 1 left */
    churn_free(churn);
    roster_free(&roster);
}

/* Half of the keys move at the first change. */
static struct churn *test_many(const struct roster *roster, uint64_t keys, size_t records_max,
                               bool backwards)
{
    struct churn *churn = churn_open(roster, records_max);
    for (uint64_t i = 0; i < 2 * keys; i++) {
        uint64_t n = backwards ? 2 * keys - 1 - i : i;
        struct trace_row row =
            n < keys ? test_row(500, n, 1) : test_row(1500, n - keys, 1 + (uint32_t)(n & 1));
        churn_rows(churn, &row, 1);
    }
    return churn;
}

static void with_too_many_keys_some_are_followed_the_same_ones_in_any_order(void **state)
{
    (void)state;
    struct roster roster;
    struct arena arena = {0};
    test_roster(&roster);
    struct churn *whole = test_many(&roster, 10000, CHURN_RECORDS_MAX, false);
    struct churn *some = test_many(&roster, 10000, 6000, false);
    struct churn *back = test_many(&roster, 10000, 6000, true);
    struct churn_count all = churn_count(whole, 0), part = churn_count(some, 0);
    struct churn_count same = churn_count(back, 0);
    assert_int_equal(all.keys, 10000);
    assert_int_equal(all.moved, 5000);
    assert_true(part.keys > 2000 && part.keys <= 3000); /* a quarter of 20000 records */
    ASSERT_NEAR((double)part.moved / (double)part.keys, 0.5, 0.05);
    assert_int_equal(same.keys, part.keys);
    assert_int_equal(same.moved, part.moved);
    assert_null(strstr(churn_about(whole, 0, &arena), "followed"));
    assert_non_null(strstr(churn_about(some, 0, &arena), "; one key in 4 was followed"));
    churn_free(whole);
    churn_free(some);
    churn_free(back);
    arena_free(&arena);
    roster_free(&roster);
}

static void nothing_is_kept_where_nothing_changes(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    assert_null(churn_open(&roster, CHURN_RECORDS_MAX));
    assert_int_equal(churn_changes(NULL), 0);
    roster_free(&roster);
}

static void test_measure(const struct report *report, const char *scope, const char *metric,
                         double expected)
{
    const struct measure *measure = report_find(report, "p2c", scope, metric);
    assert_non_null(measure);
    ASSERT_NEAR(measure->value, expected, 1e-12);
}

static void reports_have_a_scope_for_each_change(void **state)
{
    (void)state;
    struct roster roster;
    struct report report = {0};
    size_t count;
    const struct trace_row *rows = test_rows(&count);
    test_roster(&roster);
    struct tally *tallies[2];
    for (int i = 0; i < 2; i++) {
        tallies[i] = tally_open(&roster);
        tally_rows(tallies[i], rows, count);
    }
    tally_close(tallies[0]); /* the other stays open: that must not matter */
    report_add_policy(&report, "p2c", tallies, 2);
    test_measure(&report, "change 1", "churn_keys", 2);
    test_measure(&report, "change 1", "churn_moved", 0.5);
    test_measure(&report, "change 1", "churn_least", 0.25);
    test_measure(&report, "change 1", "churn_excess", 0.25);
    test_measure(&report, "change 2", "churn_moved", 1);
    test_measure(&report, "change 2", "churn_least", 0.5);
    assert_string_equal(report_find(&report, "p2c", "change 2", "churn_keys")->note,
                        "at 2.00us: a leaves");
    assert_null(report_find(&report, "p2c", "change 3", "churn_keys"));
    assert_int_equal(report_find(&report, "p2c", "change 1", "churn_moved")->samples, 4);
    report_free(&report);
    tally_free(tallies[0]);
    tally_free(tallies[1]);
    roster_free(&roster);
}

static void less_than_the_least_stays_below_zero(void **state)
{
    (void)state;
    struct roster roster;
    struct report report = {0};
    test_roster(&roster);
    struct tally *tallies[10];
    for (int i = 0; i < 10; i++) {
        struct trace_row rows[] = {test_row(500, 1, 1), test_row(1500, 1, 1)};
        tallies[i] = tally_open(&roster);
        tally_rows(tallies[i], rows, 2);
    }
    report_add_policy(&report, "p2c", tallies, 10);
    const struct measure *excess = report_find(&report, "p2c", "change 1", "churn_excess");
    ASSERT_NEAR(excess->value, -0.25, 1e-12);
    ASSERT_NEAR(excess->low, -0.25, 1e-12);
    ASSERT_NEAR(excess->high, -0.25, 1e-12);
    report_free(&report);
    for (int i = 0; i < 10; i++)
        tally_free(tallies[i]);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(keys_are_followed_over_a_change),
    cmocka_unit_test(the_order_of_rows_does_not_matter),
    cmocka_unit_test(of_two_at_once_the_lowest_pod_counts),
    cmocka_unit_test(sessions_are_those_of_groups_with_several_users),
    cmocka_unit_test(with_too_many_keys_some_are_followed_the_same_ones_in_any_order),
    cmocka_unit_test(nothing_is_kept_where_nothing_changes),
    cmocka_unit_test(reports_have_a_scope_for_each_change),
    cmocka_unit_test(less_than_the_least_stays_below_zero),
};

TEST_MAIN(tests)
