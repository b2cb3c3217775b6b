/* SPDX-License-Identifier: GPL-3.0-or-later
   Tiers on runs worked out by hand.  It takes 10 us to the edge, 20 us from there to the inner
   tier, 5 us to the pod, and the same back; so a request of 100 us comes to the edge at 10, to
   the inner tier at 30, to the pod at 35, is served at 135 and answered at 170.  What it waits
   for a balancer counts as the balancer's, so `received` is later than the way only by the
   way. */
#include "tests/models/script.h"

#define WAYS "pods: [{count: 2}]\nnetwork: {to_balancer: 10us, to_pod: 5us}\nbalancers:\n"
#define EDGE(more) "  - {name: edge, policy: round_robin, to_backend: 20us" more "}\n"
#define INNER(more) "  - {name: inner, policy: round_robin" more "}\n"

static void test_there_and_back(void **state)
{
    (void)state;
    SCRIPT(("0,100,0,0\n", "none", WAYS EDGE("") INNER("")),
           {30, 30, 35, 35, 135, 170, 0, OUTCOME_OK});
    SCRIPT(("0,100,0,0\n", "none", WAYS EDGE("") "  - {name: middle, policy: random, "
            "to_backend: 100us}\n" INNER("")),
           {130, 130, 135, 135, 235, 370, 0, OUTCOME_OK});
}

/* Decided at the edge at 13, at the inner tier at 33 + 2. */
static void test_decisions(void **state)
{
    (void)state;
    SCRIPT(("0,100,0,0\n", "none",
            WAYS EDGE(", decision_cost: 3us") INNER(", decision_cost: 2us")),
           {30, 35, 40, 40, 140, 175, 0, OUTCOME_OK});
}

/* Decided at the edge at 13, the second there at 16, and at the inner tier at once. */
static void test_decisions_one_after_the_other(void **state)
{
    (void)state;
    SCRIPT(("0,100,0,0\n1,100,0,0\n", "none",
            WAYS EDGE(", decision_cost: {fixed: {pick: 3us, serial: true}}") INNER("")),
           {30, 33, 38, 38, 138, 173, 0, OUTCOME_OK},
           {31, 36, 41, 41, 141, 176, 1, OUTCOME_OK});
}

/* The second comes to the edge at 11 and waits until the first passes it at 160: 149 us. */
static void test_held_at_the_edge(void **state)
{
    (void)state;
    SCRIPT(("0,100,0,0\n1,100,0,0\n", "none", WAYS EDGE(", max_in_flight: 1") INNER("")),
           {30, 30, 35, 35, 135, 170, 0, OUTCOME_OK},
           {31, 180, 185, 185, 285, 320, 1, OUTCOME_OK});
}

/* It is refused at 11 + 50, or at once. */
static void test_refused_at_the_edge(void **state)
{
    (void)state;
    SCRIPT(("0,100,0,0\n1,100,0,0\n", "none",
            WAYS EDGE(", max_in_flight: 1, queue: {timeout: 50us}") INNER("")),
           {30, 30, 35, 35, 135, 170, 0, OUTCOME_OK},
           {11, 61, 61, 61, 61, 71, -1, OUTCOME_QUEUE_TIMEOUT});
    SCRIPT(("0,100,0,0\n1,100,0,0\n", "none",
            WAYS EDGE(", max_in_flight: 1, queue: {limit: 0}") INNER("")),
           {30, 30, 35, 35, 135, 170, 0, OUTCOME_OK},
           {11, 11, 11, 11, 11, 21, -1, OUTCOME_OVERFLOW});
}

/* The first is given up at 200, so the edge sends on what it has held since 160. */
static void test_client_gives_up(void **state)
{
    (void)state;
    SCRIPT(("0,500,0,0\n150,10,0,0\n", "200us", WAYS EDGE(", max_in_flight: 1") INNER("")),
           {30, 30, 35, 35, 535, 200, 0, OUTCOME_TIMEOUT},
           {180, 220, 225, 225, 235, 270, 1, OUTCOME_OK});
}

/* Given up while it is held at the edge, or on its way there: it goes no further. */
static void test_given_up_on_the_way(void **state)
{
    (void)state;
    SCRIPT(("0,500,0,0\n100,10,0,0\n", "190us",
            WAYS EDGE(", max_in_flight: 1, queue: {order: lifo}") INNER("")),
           {30, 30, 35, 35, 535, 190, 0, OUTCOME_TIMEOUT},
           {130, 210, 215, 215, 225, 260, 1, OUTCOME_OK});
    SCRIPT(("0,500,0,0\n1,10,0,0\n", "189us",
            "pods: [{count: 2}]\nnetwork: {to_balancer: 10us, to_pod: 5us}\nbalancers:\n"
            EDGE(", max_in_flight: 1, decision_cost: 1ms") INNER("")),
           {1010, 1010, 1010, 1010, 1010, 189, -1, OUTCOME_TIMEOUT},
           {1011, 1011, 1011, 1011, 1011, 190, -1, OUTCOME_TIMEOUT});
}

/* What a pod with no room refuses at 35 is known at the inner tier at 40, and to the client at
   70; with a retry there it goes to the other pod, and the edge sees one request. */
static void test_retry_in_the_last_tier(void **state)
{
    (void)state;
    SCRIPT(("0,500,0,0\n10,100,0,0\n", "none",
            "pods: [{count: 1, queue: 0}]\nnetwork: {to_balancer: 10us, to_pod: 5us}\n"
            "balancers:\n" EDGE("") INNER("")),
           {30, 30, 35, 35, 535, 570, 0, OUTCOME_OK},
           {40, 40, 45, 45, 45, 80, 0, OUTCOME_REJECTED});
    struct scene scene;
    scene_open_script(&scene, "0,500,0,0\n10,100,0,0\n", "none",
                      "run: {duration: 1s, warmup: 0s, replications: 1, seed: 1}\n"
                      "pods: [{count: 2, queue: 0}]\n"
                      "network: {to_balancer: 10us, to_pod: 5us}\nbalancers:\n"
                      EDGE(", max_in_flight: 2")
                      "  - {name: inner, policy: envoy.ring_hash, retry: {custom: "
                      "{attempts: 1, place: untried, base: 0s}}}\n");
    struct scene_rows rows = scene_run(&scene, 0, 1);
    assert_int_equal(rows.count, 3);
    assert_int_equal(rows.rows[0].outcome, OUTCOME_REJECTED);
    assert_int_equal(rows.rows[1].request, 1);
    assert_int_equal(rows.rows[1].dispatched, 50 * SIM_MICROSECOND);
    assert_int_equal(rows.rows[1].ended, 190 * SIM_MICROSECOND);
    free(rows.rows);
    scene_close(&scene);
}

/* Turns at the edge over three instances, whoever has room; by address all go to one. */
static void test_instances_in_turn(void **state)
{
    (void)state;
    static const char *const stickies[] = {"", ", sticky: client_ip"};
    for (size_t sticky = 0; sticky < 2; sticky++) {
        struct scene scene;
        scene_open(&scene,
                   "run: {duration: 10ms, warmup: 0s, replications: 1, seed: 1}\n"
                   "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 1us}]\n"
                   "pods: [{}]\nbalancers:\n"
                   "  - {name: edge, policy: round_robin%s}\n"
                   "  - {name: inner, count: 3, policy: random}\n", stickies[sticky]);
        struct scene_rows rows = scene_run(&scene, 0, 1);
        scene_sort(&rows);
        assert_true(rows.count >= 9);
        for (size_t i = 0; i < rows.count; i++)
            assert_int_equal(rows.rows[i].balancer, sticky ? 0 : i % 3);
        free(rows.rows);
        scene_close(&scene);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_there_and_back),         cmocka_unit_test(test_decisions),
    cmocka_unit_test(test_decisions_one_after_the_other),
    cmocka_unit_test(test_held_at_the_edge),       cmocka_unit_test(test_refused_at_the_edge),
    cmocka_unit_test(test_client_gives_up),        cmocka_unit_test(test_given_up_on_the_way),
    cmocka_unit_test(test_retry_in_the_last_tier), cmocka_unit_test(test_instances_in_turn),
};

TEST_MAIN(tests)
