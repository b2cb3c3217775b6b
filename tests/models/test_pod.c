/* SPDX-License-Identifier: GPL-3.0-or-later
   Pods at work: disciplines, workers, speeds, full queues, on runs worked out by hand.
   Microseconds; columns: received, dispatched, arrived, started, served, ended. */
#include "tests/models/script.h"

#define ONE_BALANCER "balancers: [{policy: round_robin}]\n"

static const char three[] = "0,1000,0,0\n100,200,0,0\n200,300,0,0\n";

static void test_first_come_first_served(void **state)
{
    (void)state;
    SCRIPT((three, "none", "pods: [{count: 1}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 100, 100, 1000, 1200, 1200, 0, OUTCOME_OK},
           {200, 200, 200, 1200, 1500, 1500, 0, OUTCOME_OK});
}

static void test_last_come_first_served(void **state)
{
    (void)state;
    SCRIPT((three, "none", "pods: [{count: 1, discipline: lifo}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 100, 100, 1300, 1500, 1500, 0, OUTCOME_OK},
           {200, 200, 200, 1000, 1300, 1300, 0, OUTCOME_OK});
}

static void test_workers(void **state)
{
    (void)state;
    SCRIPT((three, "none", "pods: [{count: 1, workers: 2}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 100, 100, 100, 300, 300, 0, OUTCOME_OK},
           {200, 200, 200, 300, 600, 600, 0, OUTCOME_OK});
}

static void test_speed(void **state)
{
    (void)state;
    SCRIPT((three, "none", "pods: [{count: 1, speed: 0.5}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 2000, 2000, 0, OUTCOME_OK},
           {100, 100, 100, 2000, 2400, 2400, 0, OUTCOME_OK},
           {200, 200, 200, 2400, 3000, 3000, 0, OUTCOME_OK});
}

/* The third finds one in service and one waiting; the fourth comes when there is room. */
static void test_full_queue(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n100,200,0,0\n200,300,0,0\n1100,50,0,0\n", "none",
            "pods: [{count: 1, queue: 1}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 100, 100, 1000, 1200, 1200, 0, OUTCOME_OK},
           {200, 200, 200, 200, 200, 200, 0, OUTCOME_REJECTED},
           {1100, 1100, 1100, 1200, 1250, 1250, 0, OUTCOME_OK});
    SCRIPT((three, "none", "pods: [{count: 1, queue: 0}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 100, 100, 100, 100, 100, 0, OUTCOME_REJECTED},
           {200, 200, 200, 200, 200, 200, 0, OUTCOME_REJECTED});
}

/* Alone until 500, then at half speed until the second has had its 250 (at 1000); the first
   has 250 left.  Of the time at the pod, the work counts as service, the rest, which others
   cost, as waiting before it. */
static void test_sharing(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n500,250,0,0\n", "none",
            "pods: [{count: 1, discipline: ps}]\n" ONE_BALANCER),
           {0, 0, 0, 250, 1250, 1250, 0, OUTCOME_OK},
           {500, 500, 500, 750, 1000, 1000, 0, OUTCOME_OK});
}

/* Three share two workers at a pace of 2/3; those that are alike leave at the same time. */
static void test_sharing_of_workers(void **state)
{
    (void)state;
    SCRIPT(("0,600,0,0\n0,600,0,0\n0,600,0,0\n2000,100,0,0\n", "none",
            "pods: [{count: 1, workers: 2, discipline: ps}]\n" ONE_BALANCER),
           {0, 0, 0, 300, 900, 900, 0, OUTCOME_OK}, {0, 0, 0, 300, 900, 900, 0, OUTCOME_OK},
           {0, 0, 0, 300, 900, 900, 0, OUTCOME_OK},
           {2000, 2000, 2000, 2000, 2100, 2100, 0, OUTCOME_OK});
}

/* A speed of 2: alone for 100 (200 done), two for 400 (400 each), then the first has 400
   left. */
static void test_sharing_with_speed(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n100,400,0,0\n", "none",
            "pods: [{count: 1, speed: 2, discipline: ps}]\n" ONE_BALANCER),
           {0, 0, 0, 200, 700, 700, 0, OUTCOME_OK},
           {100, 100, 100, 300, 500, 500, 0, OUTCOME_OK});
}

/* Room for one in service and one more: the third is turned away and slows nobody down. */
static void test_sharing_is_limited(void **state)
{
    (void)state;
    SCRIPT(("0,400,0,0\n0,400,0,0\n100,400,0,0\n900,100,0,0\n", "none",
            "pods: [{count: 1, queue: 1, discipline: ps}]\n" ONE_BALANCER),
           {0, 0, 0, 400, 800, 800, 0, OUTCOME_OK}, {0, 0, 0, 400, 800, 800, 0, OUTCOME_OK},
           {100, 100, 100, 100, 100, 100, 0, OUTCOME_REJECTED},
           {900, 900, 900, 900, 1000, 1000, 0, OUTCOME_OK});
}

/* Pods of several groups are numbered on. */
static void test_groups(void **state)
{
    (void)state;
    SCRIPT(("0,100,0,0\n0,100,0,0\n0,100,0,0\n", "none",
            "pods: [{name: a, count: 2}, {name: b, speed: 2}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK}, {0, 0, 0, 0, 100, 100, 1, OUTCOME_OK},
           {0, 0, 0, 0, 50, 50, 2, OUTCOME_OK});
}

/* No work at all takes no time, in any discipline. */
static void test_no_demand(void **state)
{
    (void)state;
    SCRIPT(("0,0,0,0\n0,0,0,0\n", "none", "pods: [{count: 1}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 0, 0, 0, OUTCOME_OK}, {0, 0, 0, 0, 0, 0, 0, OUTCOME_OK});
    SCRIPT(("0,0,0,0\n0,0,0,0\n", "none", "pods: [{count: 1, discipline: ps}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 0, 0, 0, OUTCOME_OK}, {0, 0, 0, 0, 0, 0, 0, OUTCOME_OK});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_first_come_first_served),
    cmocka_unit_test(test_last_come_first_served),
    cmocka_unit_test(test_workers),
    cmocka_unit_test(test_speed),
    cmocka_unit_test(test_full_queue),
    cmocka_unit_test(test_sharing),
    cmocka_unit_test(test_sharing_of_workers),
    cmocka_unit_test(test_sharing_with_speed),
    cmocka_unit_test(test_sharing_is_limited),
    cmocka_unit_test(test_groups),
    cmocka_unit_test(test_no_demand),
};

TEST_MAIN(tests)
