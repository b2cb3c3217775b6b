/* SPDX-License-Identifier: GPL-3.0-or-later
   Connections of a balancer to its pods, on runs worked out by hand: 10 us from the client to the
   balancer, 5 us to a pod. */
#include "models/upstream.h"

#include "tests/models/script.h"

#define FAR "network: {to_balancer: 10us, to_pod: 5us}\n"
#define POOL(pods, settings) \
    FAR "pods: [" pods "]\nbalancers: [{policy: round_robin, pool: {" settings "}}]\n"
/* On a connection that is there, and on one that takes a round trip of 10 us first. */
#define OLD(time, pod) \
    {time + 10, time + 10, time + 15, time + 15, time + 25, time + 40, pod, OUTCOME_OK}
#define NEW(time, pod) \
    {time + 10, time + 10, time + 25, time + 25, time + 35, time + 50, pod, OUTCOME_OK}

static const char four[] = "0,10,0,0\n100,10,0,0\n105,10,0,0\n300,10,0,0\n";

/* The second finds the connection of the first idle, the third, 5 us later, opens another. */
static void test_idle_or_opened(void **state)
{
    (void)state;
    SCRIPT((four, "none", POOL("{workers: 2}", "")), NEW(0, 0), OLD(100, 0), NEW(105, 0),
           OLD(300, 0));
    SCRIPT((four, "none", POOL("{count: 2, workers: 2}", "")), NEW(0, 0), NEW(100, 1),
           OLD(105, 0), OLD(300, 1));
    SCRIPT(("0,10,0,0\n", "none", POOL("{}", "setup: 3")),
           {10, 10, 45, 45, 55, 70, 0, OUTCOME_OK});
}

/* Idle from 40 until 110, and from 145 until 310. */
static void test_idle_timeout(void **state)
{
    (void)state;
    SCRIPT((four, "none", POOL("{workers: 2}", "idle_timeout: 71us")), NEW(0, 0), OLD(100, 0),
           NEW(105, 0), NEW(300, 0));
    SCRIPT((four, "none", POOL("{workers: 2}", "idle_timeout: 70us")), NEW(0, 0), NEW(100, 0),
           NEW(105, 0), NEW(300, 0));
}

/* Crashed from 50 to 60: the connection is gone.  The client gives up at 30: it is broken off. */
static void test_broken_off(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n100,10,0,0\n200,10,0,0\n", "none",
            POOL("{}", "") "faults: [{kind: crash, from: 50us, to: 60us}]\n"),
           NEW(0, 0), NEW(100, 0), OLD(200, 0));
    SCRIPT(("0,30,0,0\n100,1,0,0\n", "45us", POOL("{}", "")),
           {10, 10, 25, 25, 55, 45, 0, OUTCOME_TIMEOUT},
           {110, 110, 125, 125, 126, 141, 0, OUTCOME_OK});
}

/* Four requests at once over at most two connections to one pod: the first two open them. */
static void test_as_many_as_may_be_under_way(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n0,10,0,0\n0,10,0,0\n0,10,0,0\n", "none",
            FAR "pods: [{workers: 9}]\n"
                "balancers: [{policy: round_robin, max_in_flight: 2, pool: {}}]\n"),
           NEW(0, 0), NEW(0, 0), {10, 40, 45, 45, 55, 70, 0, OUTCOME_OK},
           {10, 40, 45, 45, 55, 70, 0, OUTCOME_OK});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_idle_or_opened),
    cmocka_unit_test(test_idle_timeout),
    cmocka_unit_test(test_broken_off),
    cmocka_unit_test(test_as_many_as_may_be_under_way),
};

TEST_MAIN(tests)
