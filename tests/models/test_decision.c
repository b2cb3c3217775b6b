/* SPDX-License-Identifier: GPL-3.0-or-later
   The cost of decisions: interpolated by hand, and on runs worked out by hand, with a request
   every 100 us that takes 10 us. */
#include "tests/models/decision_test.h"
#include "tests/models/kind_bind.h"
#include "tests/models/script.h"

#define PODS(count) "pods: [{count: " #count "}]\n"
#define COST(cost) "balancers: [{policy: round_robin, decision_cost: " cost "}]\n"

static const char five[] = "0,10,0,0\n100,10,0,0\n200,10,0,0\n300,10,0,0\n400,10,0,0\n";

static void assert_cost(const struct param_kind *decision, const char *policy, uint32_t pods,
                        sim_time pick, sim_time rebuild)
{
    struct decision_cost cost = decision_cost(decision, policy, pods);
    if (cost.pick != pick || cost.rebuild != rebuild)
        fail_msg("%s at %u pods: expected %lld and %lld ns, found %lld and %lld", policy, pods,
                 (long long)pick, (long long)rebuild, (long long)cost.pick,
                 (long long)cost.rebuild);
}

static void test_fixed_in_all_its_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sim_time pick, rebuild;
        bool free, even;
    } forms[] = {
        {"0s", 0, 0, true, true},
        {"5us", 5000, 0, false, true},
        {"{fixed: 5us}", 5000, 0, false, true},
        {"{fixed: {pick: 2us, rebuild: 5ms}}", 2000, 5000000, false, false},
        {"{fixed: {rebuild: 5ms}}", 0, 5000000, false, false},
        {"{fixed: {pick: 2us, serial: true}}", 2000, 0, false, false},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct kind_bound bound = kind_bind(&decision_kinds, forms[i].text);
        assert_cost(&bound.kind, "anybody", 1 + (uint32_t)i, forms[i].pick, forms[i].rebuild);
        assert_int_equal(decision_is_free(&bound.kind), forms[i].free);
        assert_int_equal(decision_is_even(&bound.kind), forms[i].even);
        assert_true(decision_knows(&bound.kind, "anybody"));
        arena_free(&bound.arena);
    }
    kind_bind_refused(&decision_kinds, "5", "a unit");
    kind_bind_refused(&decision_kinds, "{fixed: {pick: -1us}}", "must");
}

/* Of a: 40 ns at 10 pods and 100 ns at 110 are 70 ns at 60 and, rounded, 41 ns at 11 (40.6);
   8 us and 1.5 us are 4.75 us at 60.  Of b there is one size.  The order of lines is free. */
static void test_measured_between_sizes(void **state)
{
    (void)state;
    static const char text[] = "us_per_rebuild,pods,note,policy,ns_per_pick\n"
                               "1.5,110,x,a,100\n0,7,,b,3\n8,10,,a,40\n2.5,1000,,a,100\n";
    struct costs costs;
    costs_open(&costs);
    costs_write(&costs, text, sizeof text - 1);
    char chosen[128];
    snprintf(chosen, sizeof chosen, "{measured: {file: %s}}", costs.file);
    struct kind_bound bound = kind_bind(&decision_kinds, chosen);
    assert_cost(&bound.kind, "a", 60, 70, 4750);
    assert_cost(&bound.kind, "a", 11, 41, 7935);
    assert_cost(&bound.kind, "a", 10, 40, 8000);
    assert_cost(&bound.kind, "a", 110, 100, 1500);
    assert_cost(&bound.kind, "a", 0, 40, 8000);
    assert_cost(&bound.kind, "a", 1000000, 100, 2500);
    assert_cost(&bound.kind, "b", 1, 3, 0);
    assert_cost(&bound.kind, "b", 7, 3, 0);
    assert_cost(&bound.kind, "b", 8, 3, 0);
    assert_false(decision_is_free(&bound.kind));
    assert_false(decision_is_even(&bound.kind));
    assert_true(decision_knows(&bound.kind, "b"));
    assert_false(decision_knows(&bound.kind, "c"));
    arena_free(&bound.arena);
    costs_close(&costs);
}

/* Of 120 us each, one after the other; those of another instance go on beside. */
static void test_one_after_the_other(void **state)
{
    (void)state;
    SCRIPT((five, "none", PODS(2) COST("{fixed: {pick: 120us, serial: true}}")),
           {0, 120, 120, 120, 130, 130, 0, OUTCOME_OK},
           {100, 240, 240, 240, 250, 250, 1, OUTCOME_OK},
           {200, 360, 360, 360, 370, 370, 0, OUTCOME_OK},
           {300, 480, 480, 480, 490, 490, 1, OUTCOME_OK},
           {400, 600, 600, 600, 610, 610, 0, OUTCOME_OK});
    SCRIPT((five, "none", PODS(1) "balancers: [{policy: random, count: 2, spread: round_robin, "
                                  "decision_cost: {fixed: {pick: 120us, serial: true}}}]\n"),
           {0, 120, 120, 120, 130, 130, 0, OUTCOME_OK},
           {100, 220, 220, 220, 230, 230, 0, OUTCOME_OK},
           {200, 320, 320, 320, 330, 330, 0, OUTCOME_OK},
           {300, 420, 420, 420, 430, 430, 0, OUTCOME_OK},
           {400, 520, 520, 520, 530, 530, 0, OUTCOME_OK});
}

/* From 150 the balancer is busy until 270: the request of 200 begins then. */
static void test_rebuild_keeps_busy(void **state)
{
    (void)state;
    SCRIPT((five, "none", PODS(2) COST("{fixed: {pick: 5us, rebuild: 120us}}")
                          "membership: [{at: 150us, down: pod-1}]\n"),
           {0, 5, 5, 5, 15, 15, 0, OUTCOME_OK}, {100, 105, 105, 105, 115, 115, 1, OUTCOME_OK},
           {200, 275, 275, 275, 285, 285, 0, OUTCOME_OK},
           {300, 305, 305, 305, 315, 315, 0, OUTCOME_OK},
           {400, 405, 405, 405, 415, 415, 0, OUTCOME_OK});
}

/* Two changes, at 150 and 160, are taken note of one after the other, until 390; a request
   whose pick costs nothing and that arrives in an idle time goes on at once. */
static void test_rebuilds_queue_up(void **state)
{
    (void)state;
    SCRIPT((five, "none", PODS(3) COST("{fixed: {rebuild: 120us}}")
                          "membership: [{at: 150us, down: pod-1}, {at: 160us, down: pod-2}]\n"),
           {0, 0, 0, 0, 10, 10, 0, OUTCOME_OK}, {100, 100, 100, 100, 110, 110, 1, OUTCOME_OK},
           {200, 390, 390, 390, 400, 400, 0, OUTCOME_OK},
           {300, 390, 390, 400, 410, 410, 0, OUTCOME_OK},
           {400, 400, 400, 410, 420, 420, 0, OUTCOME_OK});
}

/* Each instance is rebuilt, at the same time. */
static void test_instances_rebuild_side_by_side(void **state)
{
    (void)state;
    SCRIPT((five, "none", PODS(1) "balancers: [{policy: random, count: 2, spread: round_robin, "
                                  "decision_cost: {fixed: {rebuild: 180us}}}]\n"
                                  "membership: [{at: 150us, weight: {pods: pod, weight: 2}}]\n"),
           {0, 0, 0, 0, 10, 10, 0, OUTCOME_OK}, {100, 100, 100, 100, 110, 110, 0, OUTCOME_OK},
           {200, 330, 330, 330, 340, 340, 0, OUTCOME_OK},
           {300, 330, 330, 340, 350, 350, 0, OUTCOME_OK},
           {400, 400, 400, 400, 410, 410, 0, OUTCOME_OK});
}

/* The pod is free at 200, but the held request waits until the rebuild is done at 450. */
static void test_held_requests_wait_too(void **state)
{
    (void)state;
    SCRIPT(("0,200,0,0\n100,10,0,0\n", "none",
            PODS(1) "balancers: [{policy: random, max_in_flight: 1, "
                    "decision_cost: {fixed: {rebuild: 300us}}}]\n"
                    "membership: [{at: 150us, weight: {pods: pod, weight: 2}}]\n"),
           {0, 0, 0, 0, 200, 200, 0, OUTCOME_OK}, {100, 450, 450, 450, 460, 460, 0, OUTCOME_OK});
}

/* Measured at one and two pods.  With three, as with two, a pick costs 30 us.  After 150 two
   are left: busy for 90 us, until 240.  After 250 one is: 50 us, until 300, and 10 us a pick. */
static void test_measured_follows_the_number_of_pods(void **state)
{
    (void)state;
    static const char text[] = "policy,pods,ns_per_pick,us_per_rebuild\n"
                               "round_robin,1,10000,50\nround_robin,2,30000,90\n";
    struct costs costs;
    costs_open(&costs);
    costs_write(&costs, text, sizeof text - 1);
    char rest[512];
    snprintf(rest, sizeof rest,
             PODS(3) COST("{measured: {file: %s}}")
             "membership: [{at: 150us, down: pod-2}, {at: 250us, remove: {pods: pod-1}}]\n",
             costs.file);
    SCRIPT((five, "none", rest), {0, 30, 30, 30, 40, 40, 0, OUTCOME_OK},
           {100, 130, 130, 130, 140, 140, 1, OUTCOME_OK},
           {200, 270, 270, 270, 280, 280, 0, OUTCOME_OK},
           {300, 310, 310, 310, 320, 320, 0, OUTCOME_OK},
           {400, 410, 410, 410, 420, 420, 0, OUTCOME_OK});
    costs_close(&costs);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_fixed_in_all_its_forms),
    cmocka_unit_test(test_measured_between_sizes),
    cmocka_unit_test(test_one_after_the_other),
    cmocka_unit_test(test_rebuild_keeps_busy),
    cmocka_unit_test(test_rebuilds_queue_up),
    cmocka_unit_test(test_instances_rebuild_side_by_side),
    cmocka_unit_test(test_held_requests_wait_too),
    cmocka_unit_test(test_measured_follows_the_number_of_pods),
};

TEST_MAIN(tests)
