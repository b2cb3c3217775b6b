/* SPDX-License-Identifier: GPL-3.0-or-later
   Who could be sent to, worked by hand. */
#include "sim/report/presence.h"

#include "tests/test.h"

static void test_moment(struct roster *roster, sim_time at, enum roster_moment_kind kind,
                        uint32_t pod, uint32_t number)
{
    roster_moment(roster, (struct roster_moment){at, kind, pod, number});
}

/* Two balancers, windows of 10 ns up to 600.  Pod a is there all the time; b joins at 15; c
   leaves at 25; d is marked down from 32 to 47 and up again, and avoided by balancer 1 from 40 to
   58, of which 7 ns are beside being down; e is avoided by both from 61 to 62. */
static void pods_times_balancers_add_up(void **state)
{
    (void)state;
    struct roster roster;
    roster_init(&roster);
    roster.measure_begin = 0;
    roster.measure_end = 600;
    roster.guards = 2;
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    for (int i = 0; i < 5; i++)
        roster_pod(&roster, names[i]);
    roster_own_life(&roster, 1)->joined = 15;
    roster_own_life(&roster, 2)->left = 25;
    roster_change(&roster, (struct roster_change){32, ROSTER_DOWN, 3, 0});
    roster_change(&roster, (struct roster_change){47, ROSTER_UP, 3, 0});
    roster_change(&roster, (struct roster_change){5, ROSTER_WEIGHT, 0, 7});
    test_moment(&roster, 3, ROSTER_FAULT_BEGINS, 0, 0);
    test_moment(&roster, 40, ROSTER_AVOIDED, 3, 1);
    test_moment(&roster, 58, ROSTER_TRUSTED, 3, 1);
    test_moment(&roster, 61, ROSTER_AVOIDED, 4, 0);
    test_moment(&roster, 61, ROSTER_AVOIDED, 4, 1);
    test_moment(&roster, 62, ROSTER_TRUSTED, 4, 1);
    test_moment(&roster, 62, ROSTER_TRUSTED, 4, 0);
    roster.cut = 90;
    struct window_set set;
    window_open(&set, &roster);
    assert_int_equal(set.grid.count, 60);
    presence_add(&set, &roster);
    presence_add(&set, &roster); /* again changes nothing */
    static const uint64_t expected[] = {
        80,               /* a, c, d, e */
        80 + 10,          /* b half of the time */
        80 + 10,          /* c half of the time */
        80 - 16,          /* d for 2 ns */
        60 + 3,           /* d for 3 ns with one balancer */
        60 + 8 + 2 * 2,   /* d for 8 ns with one, 2 with both */
        80 - 2,           /* e is out for 1 ns */
        80,
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (set.windows[i].eligible != expected[i])
            fail_msg("window %s: %llu, expected %llu", set.windows[i].name,
                     (unsigned long long)set.windows[i].eligible,
                     (unsigned long long)expected[i]);
    assert_int_equal(set.balancers, 2);
    assert_int_equal(set.known, 90);
    window_free(&set);
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(pods_times_balancers_add_up),
};

TEST_MAIN(tests)
