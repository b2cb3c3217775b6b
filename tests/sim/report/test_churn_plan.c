/* SPDX-License-Identifier: GPL-3.0-or-later
   Changes in order of time, what they are called, who is gone, and what the others ceded. */
#include "sim/report/churn_plan.h"

#include "tests/test.h"

static void test_pods(struct roster *roster, int count)
{
    roster_init(roster);
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "pod-%d", i);
        roster_pod(roster, name);
    }
}

static void test_change(struct roster *roster, sim_time at, enum roster_event event, uint32_t pod,
                        double weight)
{
    roster_change(roster, (struct roster_change){at, event, pod, weight});
}

static void nothing_changes_where_nobody_comes_or_goes(void **state)
{
    (void)state;
    struct roster roster;
    struct arena arena = {0};
    test_pods(&roster, 3);
    assert_int_equal(churn_plan_make(&roster, &arena).count, 0);
    for (uint32_t i = 0; i < 3; i++)
        roster_own_life(&roster, i)->joined = 700; /* all at once: that is the beginning */
    assert_int_equal(churn_plan_make(&roster, &arena).count, 0);
    roster.pod_count = 0;
    assert_int_equal(churn_plan_make(&roster, &arena).count, 0);
    roster_free(&roster);
    arena_free(&arena);
}

static void changes_stand_in_order_of_time_those_of_one_time_as_one(void **state)
{
    (void)state;
    struct roster roster;
    struct arena arena = {0};
    test_pods(&roster, 6);
    roster_own_life(&roster, 4)->joined = 2 * SIM_SECOND;
    roster_own_life(&roster, 5)->joined = 2 * SIM_SECOND;
    roster_own_life(&roster, 0)->left = 3 * SIM_SECOND;
    test_change(&roster, 1 * SIM_SECOND, ROSTER_DOWN, 3, 0);
    test_change(&roster, 3 * SIM_SECOND, ROSTER_UP, 3, 0);
    test_change(&roster, 4 * SIM_SECOND, ROSTER_WEIGHT, 1, 2.5);
    test_change(&roster, 4 * SIM_SECOND, ROSTER_WEIGHT, 2, 2.5);
    test_change(&roster, 5 * SIM_SECOND, ROSTER_WEIGHT, 1, 1);
    test_change(&roster, 5 * SIM_SECOND, ROSTER_WEIGHT, 2, 2);
    struct churn_plan plan = churn_plan_make(&roster, &arena);
    static const char *const expected[] = {
        "at 1.00s: pod-3 goes down",
        "at 2.00s: pod-4 and 1 more join",
        "at 3.00s: pod-0 leaves, pod-3 comes up",
        "at 4.00s: pod-1 and 1 more get weight 2.5",
        "at 5.00s: pod-1 and 1 more get weights of their own",
    };
    assert_int_equal(plan.count, 5);
    for (size_t i = 0; i < plan.count; i++)
        assert_string_equal(plan.changes[i].about, expected[i]);
    assert_string_equal(plan.changes[0].name, "1");
    assert_string_equal(plan.changes[4].name, "5");
    assert_int_equal(plan.changes[1].at, 2 * SIM_SECOND);
    roster_free(&roster);
    arena_free(&arena);
}

static void who_left_or_went_down_is_gone(void **state)
{
    (void)state;
    struct roster roster;
    struct arena arena = {0};
    test_pods(&roster, 5);
    roster_own_life(&roster, 3)->left = 100;
    test_change(&roster, 100, ROSTER_DOWN, 1, 0);
    test_change(&roster, 100, ROSTER_DOWN, 2, 0);
    test_change(&roster, 100, ROSTER_UP, 2, 0); /* at once: it was never away */
    test_change(&roster, 200, ROSTER_DOWN, 3, 0); /* had left */
    struct churn_plan plan = churn_plan_make(&roster, &arena);
    assert_int_equal(plan.count, 2);
    assert_int_equal(plan.changes[0].gone_count, 2);
    assert_int_equal(plan.changes[0].gone[0], 1);
    assert_int_equal(plan.changes[0].gone[1], 3);
    assert_true(plan.changes[0].ceded <= 0); /* the others have more than before */
    assert_int_equal(plan.changes[1].gone_count, 0);
    roster_free(&roster);
    arena_free(&arena);
}

static void the_others_cede_what_their_shares_shrink_by(void **state)
{
    (void)state;
    struct roster roster;
    struct arena arena = {0};
    test_pods(&roster, 5);
    roster_own_life(&roster, 4)->joined = 100; /* the fifth of five */
    test_change(&roster, 200, ROSTER_WEIGHT, 0, 5); /* 1 of 5 becomes 5 of 9 */
    roster_own_life(&roster, 0)->left = 300; /* takes 5 of 9 with it: nobody cedes */
    test_change(&roster, 400, ROSTER_WEIGHT, 1, 0); /* a quarter, though still there */
    test_change(&roster, 500, ROSTER_UP, 2, 0);     /* it was up */
    struct churn_plan plan = churn_plan_make(&roster, &arena);
    static const double expected[] = {1.0 / 5, 4.0 / 5 - 4.0 / 9, 0, 1.0 / 4, 0};
    assert_int_equal(plan.count, 5);
    for (size_t i = 0; i < plan.count; i++)
        ASSERT_NEAR(plan.changes[i].ceded, expected[i], 1e-12);
    roster_free(&roster);
    arena_free(&arena);
}

static void what_comes_after_the_window_is_left_out(void **state)
{
    (void)state;
    struct roster roster;
    struct arena arena = {0};
    test_pods(&roster, 2);
    roster.measure_begin = 100;
    roster.measure_end = 200;
    test_change(&roster, 50, ROSTER_DOWN, 0, 0);
    test_change(&roster, 199, ROSTER_UP, 0, 0);
    test_change(&roster, 200, ROSTER_DOWN, 0, 0);
    roster_own_life(&roster, 1)->left = 1000;
    assert_int_equal(churn_plan_make(&roster, &arena).count, 2);
    roster_free(&roster);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nothing_changes_where_nobody_comes_or_goes),
    cmocka_unit_test(changes_stand_in_order_of_time_those_of_one_time_as_one),
    cmocka_unit_test(who_left_or_went_down_is_gone),
    cmocka_unit_test(the_others_cede_what_their_shares_shrink_by),
    cmocka_unit_test(what_comes_after_the_window_is_left_out),
};

TEST_MAIN(tests)
