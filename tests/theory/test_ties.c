/* SPDX-License-Identifier: GPL-3.0-or-later
   Ties on purpose: several things at the same nanosecond, in the order in which they were
   foreseen.  A timeout is foreseen when a request is sent, before its service begins, so an
   answer at the very instant of the timeout comes too late.  Microseconds; columns:
   received, dispatched, arrived, started, served, ended. */
#include "tests/models/script.h"

#define ONE_BALANCER "balancers: [{policy: round_robin}]\n"
#define NO_ROOM "pods: [{count: 1, queue: 0}]\n" ONE_BALANCER
#define HOLDS "pods: [{count: 1}]\nbalancers: [{policy: round_robin, max_in_flight: 1, "

/* The end of service at 1000 was foreseen at 0, before the second request: it finds the
   worker free. */
static void test_arrival_at_completion(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n1000,1000,0,0\n2000,5,0,0\n", "none", NO_ROOM),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {1000, 1000, 1000, 1000, 2000, 2000, 0, OUTCOME_OK},
           {2000, 2000, 2000, 2000, 2005, 2005, 0, OUTCOME_OK});
}

/* Several at once: in the order of the list. */
static void test_arrivals_together(void **state)
{
    (void)state;
    SCRIPT(("0,300,0,0\n0,200,0,0\n0,100,0,0\n", "none",
            "pods: [{count: 1, queue: 1}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 300, 300, 0, OUTCOME_OK}, {0, 0, 0, 300, 500, 500, 0, OUTCOME_OK},
           {0, 0, 0, 0, 0, 0, 0, OUTCOME_REJECTED});
}

/* Too late by nothing; in time by 1 us. */
static void test_timeout_at_completion(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n", "1ms", NO_ROOM), {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_TIMEOUT});
    SCRIPT(("0,999,0,0\n", "1ms", NO_ROOM), {0, 0, 0, 0, 999, 999, 0, OUTCOME_OK});
    SCRIPT(("0,1000,0,0\n", "1ms", "pods: [{count: 1, discipline: ps}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_TIMEOUT});
    SCRIPT(("0,700,0,0\n", "1ms", "network: {to_balancer: 100us, to_pod: 50us}\n" NO_ROOM),
           {100, 100, 150, 150, 850, 1000, 0, OUTCOME_TIMEOUT});
}

/* At 1000: the first is given up, its service ends, the second arrives and is served. */
static void test_timeout_completion_and_arrival(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n1000,999,0,0\n", "1ms", NO_ROOM),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_TIMEOUT},
           {1000, 1000, 1000, 1000, 1999, 1999, 0, OUTCOME_OK});
}

/* Waiting at the pod: the second's service begins when it is given up (at 1000), and is done
   in full; the third's ends when it is (at 1500). */
static void test_timeout_of_the_waiting(void **state)
{
    (void)state;
    SCRIPT(("0,900,0,0\n0,600,0,0\n500,0,0,0\n", "1ms", "pods: [{count: 1}]\n" ONE_BALANCER),
           {0, 0, 0, 0, 900, 900, 0, OUTCOME_OK},
           {0, 0, 0, 900, 1500, 1000, 0, OUTCOME_TIMEOUT},
           {500, 500, 500, 1500, 1500, 1500, 0, OUTCOME_TIMEOUT});
}

/* The end of the first (at 1000) was foreseen at 0, the end of the second's patience (also
   1000) at 100: it is sent on in time. */
static void test_queue_timeout_after_completion(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n100,1000,0,0\n", "none", HOLDS "queue: {timeout: 900us}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 1000, 1000, 1000, 2000, 2000, 0, OUTCOME_OK});
}

/* The third's patience ends at 2000, as foreseen at 900; the second's service ends at 2000
   too, but that is known since 1000 only.  The fourth gets the worker. */
static void test_queue_timeout_before_completion(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n100,1000,0,0\n900,1000,0,0\n1990,10,0,0\n", "none",
            HOLDS "queue: {timeout: 1100us}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 1000, 1000, 1000, 2000, 2000, 0, OUTCOME_OK},
           {900, 2000, 2000, 2000, 2000, 2000, -1, OUTCOME_QUEUE_TIMEOUT},
           {1990, 2000, 2000, 2000, 2010, 2010, 0, OUTCOME_OK});
}

/* Both patiences end at 1000, the client's foreseen first (when it sent). */
static void test_timeout_and_queue_timeout(void **state)
{
    (void)state;
    SCRIPT(("0,5000,0,0\n0,1,0,0\n", "1ms", HOLDS "queue: {timeout: 1ms}}]\n"),
           {0, 0, 0, 0, 5000, 1000, 0, OUTCOME_TIMEOUT},
           {0, 1000, 1000, 5000, 5001, 1000, 0, OUTCOME_TIMEOUT});
}

/* The first is given up at 1000: its place is free, and the second, which waits for it, goes
   to the pod in the same instant, where the first still works until 1000. */
static void test_place_freed_at_completion(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n500,300,0,0\n1000,10,0,0\n", "1ms", HOLDS "queue: {}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_TIMEOUT},
           {500, 1000, 1000, 1000, 1300, 1300, 0, OUTCOME_OK},
           {1000, 1300, 1300, 1300, 1310, 1310, 0, OUTCOME_OK});
}

/* Shares that end together leave in order of arrival, and who comes then finds the pod
   empty. */
static void test_shares_end_together(void **state)
{
    (void)state;
    SCRIPT(("0,500,0,0\n0,500,0,0\n1000,100,0,0\n", "none",
            "pods: [{count: 1, queue: 1, discipline: ps}]\n" ONE_BALANCER),
           {0, 0, 0, 500, 1000, 1000, 0, OUTCOME_OK}, {0, 0, 0, 500, 1000, 1000, 0, OUTCOME_OK},
           {1000, 1000, 1000, 1000, 1100, 1100, 0, OUTCOME_OK});
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_arrival_at_completion),
    cmocka_unit_test(test_arrivals_together),
    cmocka_unit_test(test_timeout_at_completion),
    cmocka_unit_test(test_timeout_completion_and_arrival),
    cmocka_unit_test(test_timeout_of_the_waiting),
    cmocka_unit_test(test_queue_timeout_after_completion),
    cmocka_unit_test(test_queue_timeout_before_completion),
    cmocka_unit_test(test_timeout_and_queue_timeout),
    cmocka_unit_test(test_place_freed_at_completion),
    cmocka_unit_test(test_shares_end_together),
};

TEST_MAIN(tests)
