/* SPDX-License-Identifier: GPL-3.0-or-later
   Which requests cross zones, from rows and roster. */
#include "sim/report/crossing.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

static struct trace_row test_row(uint32_t pod, uint16_t balancer)
{
    struct trace_row row = rows_ok(1000, pod, 0, 10);
    row.balancer = balancer;
    return row;
}

/* Pods in x, y and nowhere; balancers in x, nowhere, and y; a fourth is not known.  Known are
   0-0, 1-0 (crosses), 1-2, 0-2 (crosses) and another 1-0: 3 of 5 cross.  Clients 0 are in y,
   those of group 1 nowhere: of pods 0, 1, 1, 0, 1, 0, 0 the first is group 1's, so that 3 of 6
   are remote. */
static void test_counts(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    rows_kind(&roster, 0, "a", "x", 1);
    rows_kind(&roster, 1, "a", "y", 1);
    roster_place(&roster, 0, "x");
    roster_place(&roster, 2, "y");
    roster_home(&roster, 0, "y");
    struct trace_row rows[] = {
        test_row(0, 0), test_row(1, 0), test_row(1, 2), test_row(0, 2), test_row(1, 0),
        test_row(2, 0), test_row(0, 1), test_row(0, 3), test_row(1, 0), test_row(1, 0),
        rows_failed(1100, OUTCOME_NO_BACKEND, 0),
    };
    rows[0].client = 1;
    rows[8].last = 0;
    rows[9].phase = PHASE_COOLDOWN;
    struct crossing crossing = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        crossing_add(&crossing, &roster, &rows[i]);
    assert_int_equal(crossing.known, 5);
    assert_int_equal(crossing.crossed, 3);
    assert_int_equal(crossing.homed, 6);
    assert_int_equal(crossing.remote, 3);
    crossing_merge(&crossing, crossing);
    assert_int_equal(crossing.known, 10);
    assert_int_equal(crossing.crossed, 6);
    assert_int_equal(crossing.homed, 12);
    assert_int_equal(crossing.remote, 6);
    roster_free(&roster);
}

/* Of three whose zones are known two cross, of the two of web, which is in y, one, and the other
   is remote; where none are known nothing is said. */
static void test_metric(void **state)
{
    (void)state;
    for (int known = 0; known < 2; known++) {
        struct report report = {0};
        struct roster roster;
        rows_roster(&roster);
        rows_kind(&roster, 0, "a", "x", 1);
        rows_kind(&roster, 1, "a", "y", 1);
        if (known)
            roster_place(&roster, 0, "x");
        if (known)
            roster_home(&roster, 0, "y");
        struct trace_row rows[] = {test_row(0, 0), test_row(1, 0), test_row(1, 0),
                                   test_row(2, 0)};
        rows[2].client = 1;
        struct tally *tally = tally_open(&roster);
        tally_rows(tally, rows, 4);
        tally_close(tally);
        report_add_policy(&report, "p", &tally, 1);
        const struct measure *measure = report_find(&report, "p", "all", "cross_zone");
        assert_int_equal(measure != NULL, known);
        if (measure != NULL) {
            ASSERT_NEAR(measure->value, 2.0 / 3, 1e-12);
            assert_int_equal(measure->samples, 3);
            const struct measure *web = report_find(&report, "p", "client web", "cross_zone");
            ASSERT_NEAR(web->value, 0.5, 1e-12);
            assert_int_equal(web->samples, 2);
        }
        const struct measure *remote = report_find(&report, "p", "all", "remote");
        assert_int_equal(remote != NULL, known);
        if (remote != NULL)
            ASSERT_NEAR(remote->value, 0.5, 1e-12);
        report_free(&report);
        tally_free(tally);
        roster_free(&roster);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_counts),
    cmocka_unit_test(test_metric),
};

TEST_MAIN(tests)
