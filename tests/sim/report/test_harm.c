/* SPDX-License-Identifier: GPL-3.0-or-later
   What faults did, from rows and a roster by hand; the same where the roster grows beside the
   rows, as in a run, and where it is known beforehand, as from a trace. */
#include "sim/report/harm.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

#include <string.h>

static const struct roster_moment test_moments[] = {
    {1100, ROSTER_FAULT_BEGINS, 0, 0}, {1150, ROSTER_FAULT_BEGINS, 1, 0},
    {1200, ROSTER_FAULT_ENDS, 0, 0},   {1250, ROSTER_FAULT_ENDS, 1, 0},
    {1500, ROSTER_FAULT_BEGINS, 0, 1}, {1600, ROSTER_FAULT_BEGINS, 0, 0},
    {1620, ROSTER_FAULT_ENDS, 0, 0},
};
enum { MOMENTS = sizeof test_moments / sizeof *test_moments };

static void test_roster(struct roster *roster)
{
    rows_roster(roster); /* three pods, measured from 1000 to 2000 */
    roster_fault(roster, 1, "hang of a-1, from 1500s");
    roster_fault(roster, 0, "crash of a");
}

/* Fault 1 is on from 1100 to 1250, at two pods for 100 each, and from 1600 to 1620.  An attempt
   is dispatched 8 after it was due. */
static size_t test_rows(struct trace_row *rows)
{
    size_t n = 0;
    rows[n++] = rows_ok(1001, 0, 0, 2);   /* before: 20 */
    rows[n++] = rows_failed(1050, OUTCOME_NO_BACKEND, 1); /* before, failed */
    rows[n++] = rows_ok(1092, 0, 0, 12);  /* before; sent at 1100, which is not yet during */
    rows[n++] = rows_ok(1093, 0, 0, 22);  /* before; sent there at 1101 */
    rows[n] = rows_ok(1120, 0, 0, 2);     /* during, and fails there */
    rows[n++].outcome = OUTCOME_RESET;
    rows[n++] = rows_ok(1140, 1, 0, 32);  /* during; pod 1 is well at 1148 */
    rows[n++] = rows_ok(1160, 1, 0, 42);  /* during, there */
    rows[n++] = rows_ok(1210, 0, 0, 52);  /* during; pod 0 is well again */
    rows[n] = rows_ok(1080, 0, 0, 12);    /* before; broken by the fault at 1100 */
    rows[n].ended = 1100;
    rows[n++].outcome = OUTCOME_RESET;
    rows[n++] = rows_ok(1300, 2, 0, 2);   /* after, as it lasted 150 */
    rows[n++] = rows_ok(1401, 2, 0, 2);   /* before the next one */
    rows[n++] = rows_ok(1610, 2, 0, 2);   /* during again */
    rows[n++] = rows_ok(1630, 2, 0, 2);   /* after */
    rows[n++] = rows_ok(1700, 2, 0, 2);   /* before one that never comes */
    rows[n] = rows_ok(1120, 0, 0, 2);     /* an attempt that was repeated: no request */
    rows[n++].last = false;
    rows[n] = rows_ok(1120, 0, 0, 2);     /* the loser of a race: sent there, but no error */
    rows[n].outcome = OUTCOME_CANCELLED;
    rows[n++].last = false;
    rows[n] = rows_ok(1120, 0, 0, 2);     /* not measured */
    rows[n++].phase = PHASE_COOLDOWN;
    return n;
}

static void test_expect(const struct harm *harm)
{
    struct harm_count first = harm_count(harm, 0), second = harm_count(harm, 1);
    assert_int_equal(harm_faults(harm), 2);
    assert_string_equal(harm_name(harm, 1), "2");
    assert_int_equal(first.requests[EPISODE_BEFORE], 6);
    assert_int_equal(first.failed[EPISODE_BEFORE], 2);
    assert_int_equal(first.requests[EPISODE_DURING], 5);
    assert_int_equal(first.failed[EPISODE_DURING], 1);
    assert_int_equal(first.requests[EPISODE_AFTER], 2);
    assert_int_equal(first.attempts, 8); /* 1101, 3 at 1128, 1148, 1168, 1218, 1618 */
    assert_int_equal(first.there, 5);    /* 1101, 3 at 1128, 1168 */
    assert_int_equal(first.errors, 2);
    assert_int_equal(first.episodes, 3);
    assert_int_equal(first.faulty, 100 + 100 + 20);
    assert_int_equal(first.during, 150 + 20);
    assert_int_equal(first.present, 3 * (150 + 20));
    assert_int_equal(first.unknown, 0);
    assert_int_equal(second.episodes, 1); /* to the end */
    assert_int_equal(second.faulty, 500);
    assert_int_equal(second.requests[EPISODE_DURING], 3);
    assert_int_equal(second.requests[EPISODE_BEFORE], 11);
    struct histogram law;
    histogram_init(&law);
    harm_merge_law(harm, 0, EPISODE_DURING, &law);
    assert_int_equal(law.count, 4);
    assert_int_equal(law.sum, 50 + 60 + 70 + 20);
    histogram_clear(&law);
    harm_merge_law(harm, 0, EPISODE_BEFORE, &law);
    assert_int_equal(law.count, 4);
    assert_int_equal(law.sum, 20 + 30 + 40 + 20);
    histogram_free(&law);
}

/* `live`: each row comes as soon as it has ended, with the moments up to then. */
static void test_run(bool live, bool closed)
{
    struct roster roster;
    struct trace_row rows[32];
    size_t count = test_rows(rows), moment = 0;
    test_roster(&roster);
    while (!live && moment < MOMENTS)
        roster_moment(&roster, test_moments[moment++]);
    struct harm *harm = harm_open(&roster);
    for (sim_time now = 0; now < 3000 && live; now++) {
        while (moment < MOMENTS && test_moments[moment].at == now)
            roster_moment(&roster, test_moments[moment++]);
        for (size_t i = 0; i < count; i++)
            if (rows[i].ended == now)
                harm_rows(harm, &rows[i], 1);
    }
    if (!live)
        harm_rows(harm, rows, count);
    if (closed)
        harm_close(harm);
    test_expect(harm);
    harm_free(harm);
    roster_free(&roster);
}

static void harm_is_the_same_live_and_afterwards(void **state)
{
    (void)state;
    test_run(false, false);
    test_run(false, true);
    test_run(true, false);
    test_run(true, true);
}

/* Pod 0 is in trouble from 1100 to 1300, and again from 1700 on.  Balancer 0 avoids it from 1140
   to 1340, balancer 1 from 1180 to 1420; of the second episode only balancer 1 learns, at 1750.
   Balancer 2 has avoided the pod since 900 until 1500 for some other reason, and then learns of
   nothing. */
static void detection_and_recovery_are_timed(void **state)
{
    (void)state;
    static const struct roster_moment moments[] = {
        {900, ROSTER_AVOIDED, 0, 2},      {1100, ROSTER_FAULT_BEGINS, 0, 0},
        {1120, ROSTER_AVOIDED, 1, 0}, /* another pod */
        {1140, ROSTER_AVOIDED, 0, 0},     {1180, ROSTER_AVOIDED, 0, 1},
        {1300, ROSTER_FAULT_ENDS, 0, 0},  {1340, ROSTER_TRUSTED, 0, 0},
        {1420, ROSTER_TRUSTED, 0, 1},     {1500, ROSTER_TRUSTED, 0, 2},
        {1700, ROSTER_FAULT_BEGINS, 0, 0}, {1750, ROSTER_AVOIDED, 0, 1},
    };
    struct roster roster;
    test_roster(&roster);
    roster.guards = 3;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        roster_moment(&roster, moments[i]);
    struct harm *harm = harm_open(&roster);
    harm_close(harm);
    struct harm_count count = harm_count(harm, 0);
    assert_int_equal(count.detected, 3);
    assert_int_equal(count.missed, 2);
    assert_int_equal(count.detection, 40 + 80 + 50);
    assert_int_equal(count.recovered, 1);
    assert_int_equal(count.recovery, 120);
    assert_int_equal(count.shunned, 0);
    harm_free(harm);
    roster_free(&roster);
}

/* The pod's next episode begins before the balancer is back. */
static void recovery_ends_with_the_next_episode(void **state)
{
    (void)state;
    static const struct roster_moment moments[] = {
        {1100, ROSTER_FAULT_BEGINS, 0, 0}, {1140, ROSTER_AVOIDED, 0, 0},
        {1300, ROSTER_FAULT_ENDS, 0, 0},   {1400, ROSTER_FAULT_BEGINS, 0, 0},
        {1450, ROSTER_FAULT_ENDS, 0, 0},   {1500, ROSTER_TRUSTED, 0, 0},
    };
    struct roster roster;
    test_roster(&roster);
    roster.guards = 1;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        roster_moment(&roster, moments[i]);
    struct harm *harm = harm_open(&roster);
    struct harm_count count = harm_count(harm, 0);
    assert_int_equal(count.recovered, 0);
    assert_int_equal(count.shunned, 1);
    assert_int_equal(count.detected, 1); /* the second was avoided already */
    assert_int_equal(count.missed, 0);
    harm_free(harm);
    roster_free(&roster);
}

static void too_much_gives_no_figures(void **state)
{
    (void)state;
    struct roster roster;
    struct trace_row rows[32];
    size_t count = test_rows(rows);
    test_roster(&roster);
    for (int i = 0; i <= ROSTER_MOMENTS_MAX; i++)
        roster_moment(&roster, (struct roster_moment){i, i % 2 == 0 ? ROSTER_FAULT_BEGINS
                                                                    : ROSTER_FAULT_ENDS,
                                                      0, 0});
    assert_int_equal(roster.moment_count, ROSTER_MOMENTS_MAX);
    assert_int_equal(roster.cut, ROSTER_MOMENTS_MAX);
    struct harm *harm = harm_open(&roster);
    harm_rows(harm, rows, count);
    harm_close(harm);
    assert_int_equal(harm_count(harm, 0).unknown, 1);
    assert_int_equal(harm_count(harm, 0).requests[EPISODE_DURING], 0);
    struct arena arena = {0};
    assert_string_equal(harm_about(harm, 0, &arena),
                        "crash of a; no figures: too many episodes");
    arena_free(&arena);
    harm_free(harm);
    roster_free(&roster);
}

static void faults_beyond_the_limit_are_told_of(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    roster_fault(&roster, HARM_FAULTS_MAX - 1, "the last one");
    struct harm *harm = harm_open(&roster);
    assert_int_equal(harm_faults(harm), HARM_FAULTS_MAX);
    assert_false(harm_is_crowded(harm));
    harm_free(harm);
    roster_fault(&roster, HARM_FAULTS_MAX, "one too many");
    harm = harm_open(&roster);
    assert_int_equal(harm_faults(harm), HARM_FAULTS_MAX);
    assert_true(harm_is_crowded(harm));
    harm_close(harm);
    assert_true(harm_is_crowded(harm));
    assert_false(harm_is_crowded(NULL));
    harm_free(harm);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(faults_beyond_the_limit_are_told_of),
    cmocka_unit_test(harm_is_the_same_live_and_afterwards),
    cmocka_unit_test(detection_and_recovery_are_timed),
    cmocka_unit_test(recovery_ends_with_the_next_episode),
    cmocka_unit_test(too_much_gives_no_figures),
};

TEST_MAIN(tests)
