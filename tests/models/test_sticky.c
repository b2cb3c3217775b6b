/* SPDX-License-Identifier: GPL-3.0-or-later
   Stickiness and the cost of deciding, on runs worked out by hand: round robin below it, one
   request every 100 us; the last column of a line is the user. */
#include "tests/models/script.h"

#define AT(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
#define THREE "pods: [{count: 3}]\nbalancers: [{policy: round_robin, sticky: "

static const char users[] = "0,10,0,7\n100,10,0,8\n200,10,0,7\n300,10,0,9\n400,10,0,8\n"
                            "600,10,0,7\n";

/* Users 7, 8 and 9 take pods 0, 1 and 2 and stay there. */
static void test_cookie(void **state)
{
    (void)state;
    SCRIPT((users, "none", THREE "cookie}]\n"), AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 2),
           AT(400, 1), AT(600, 0));
}

/* Seen last at 200, user 7 is forgotten at 600 and gets the next turn. */
static void test_address_is_forgotten(void **state)
{
    (void)state;
    SCRIPT((users, "none", THREE "{client_ip: {timeout: 350us}}}]\n"), AT(0, 0), AT(100, 1),
           AT(200, 0), AT(300, 2), AT(400, 1), AT(600, 0));
    SCRIPT((users, "none", THREE "{client_ip: {timeout: 150us}}}]\n"), AT(0, 0), AT(100, 1),
           AT(200, 2), AT(300, 0), AT(400, 1), AT(600, 2));
}

/* 10.0.0.7, .8 and .9: with 29 bits 8 and 9 are one client, with 28 all are. */
static void test_address_prefix(void **state)
{
    (void)state;
    SCRIPT((users, "none", THREE "{client_ip: {prefix: 29}}}]\n"), AT(0, 0), AT(100, 1),
           AT(200, 0), AT(300, 1), AT(400, 1), AT(600, 0));
    SCRIPT((users, "none", THREE "{client_ip: {prefix: 28}}}]\n"), AT(0, 0), AT(100, 0),
           AT(200, 0), AT(300, 0), AT(400, 0), AT(600, 0));
}

/* pod-0 goes at 150: user 7's session is lost and begins anew at the next turn. */
static void test_pod_leaves(void **state)
{
    (void)state;
    SCRIPT((users, "none",
            THREE "cookie}]\nmembership: [{at: 150us, remove: {pods: pod-0}}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 2), AT(300, 1), AT(400, 1), AT(600, 2));
}

static void test_decision_cost(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n20,10,0,0\n", "none",
            "pods: [{count: 1}]\nbalancers: [{policy: random, decision_cost: 50us}]\n"),
           {0, 50, 50, 50, 60, 60, 0, OUTCOME_OK}, {20, 70, 70, 70, 80, 80, 0, OUTCOME_OK});
    SCRIPT(("0,10,0,0\n20,10,0,0\n", "30us",
            "pods: [{count: 1}]\nbalancers: [{policy: random, decision_cost: 50us}]\n"),
           {0, 50, 50, 50, 50, 30, -1, OUTCOME_TIMEOUT},
           {20, 70, 70, 70, 70, 50, -1, OUTCOME_TIMEOUT});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_cookie),         cmocka_unit_test(test_address_is_forgotten),
    cmocka_unit_test(test_address_prefix), cmocka_unit_test(test_pod_leaves),
    cmocka_unit_test(test_decision_cost),
};

TEST_MAIN(tests)
