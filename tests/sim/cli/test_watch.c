/* SPDX-License-Identifier: GPL-3.0-or-later
   Replications land in the lane that they are of. */
#include "sim/cli/watch.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

/* 3000 requests, all of 100 ns, so that there are 30 beyond a p99. */
static void replications_are_counted_by_lane(void **state)
{
    (void)state;
    struct roster roster;
    rows_roster(&roster);
    struct tally *tally = tally_open(&roster);
    for (int i = 0; i < 3000; i++) {
        struct trace_row row = rows_ok(1000 + i % 900, 0, 40, 42);
        tally_rows(tally, &row, 1);
    }
    struct watch *watch = watch_open(2);
    for (int i = 0; i < 9; i++)
        watch_take(watch, 1, tally);
    assert_int_equal(watch_look(watch, 0).done, 0);
    assert_true(isnan(watch_look(watch, 0).p99.value));
    struct watch_lane lane = watch_look(watch, 1);
    assert_int_equal(lane.done, 9);
    ASSERT_NEAR(lane.p99.value, 1e-7, 1e-12);
    assert_true(isnan(lane.p99.high));
    watch_take(watch, 1, tally);
    ASSERT_NEAR(watch_look(watch, 1).p99.high, 1e-7, 1e-12);
    watch_close(watch);
    watch_close(NULL);
    tally_free(tally);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(replications_are_counted_by_lane),
};
TEST_MAIN(tests)
