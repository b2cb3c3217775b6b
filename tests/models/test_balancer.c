/* SPDX-License-Identifier: GPL-3.0-or-later
   Balancers at work: what they hold, for how long, in which order, and what they count, on
   runs worked out by hand.  Microseconds; columns: received, dispatched, arrived, started,
   served, ended. */
#include "tests/models/script.h"

#define ONE_POD "pods: [{count: 1}]\n"
#define HOLDS "balancers: [{policy: round_robin, max_in_flight: 1, "

static const char four[] = "0,1000,0,0\n100,200,0,0\n200,300,0,0\n300,400,0,0\n";

static void test_holds_in_order(void **state)
{
    (void)state;
    SCRIPT((four, "none", ONE_POD HOLDS "queue: {order: fifo}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 1000, 1000, 1000, 1200, 1200, 0, OUTCOME_OK},
           {200, 1200, 1200, 1200, 1500, 1500, 0, OUTCOME_OK},
           {300, 1500, 1500, 1500, 1900, 1900, 0, OUTCOME_OK});
    SCRIPT((four, "none", ONE_POD HOLDS "queue: {order: lifo}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 1700, 1700, 1700, 1900, 1900, 0, OUTCOME_OK},
           {200, 1400, 1400, 1400, 1700, 1700, 0, OUTCOME_OK},
           {300, 1000, 1000, 1000, 1400, 1400, 0, OUTCOME_OK});
}

static void test_overflow(void **state)
{
    (void)state;
    SCRIPT((four, "none", ONE_POD HOLDS "queue: {limit: 1}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 1000, 1000, 1000, 1200, 1200, 0, OUTCOME_OK},
           {200, 200, 200, 200, 200, 200, -1, OUTCOME_OVERFLOW},
           {300, 300, 300, 300, 300, 300, -1, OUTCOME_OVERFLOW});
    SCRIPT((four, "none", ONE_POD HOLDS "queue: {limit: 0}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 100, 100, 100, 100, 100, -1, OUTCOME_OVERFLOW},
           {200, 200, 200, 200, 200, 200, -1, OUTCOME_OVERFLOW},
           {300, 300, 300, 300, 300, 300, -1, OUTCOME_OVERFLOW});
}

/* The second is sent on at 1000, in time; the third waits from 200 to 1150, in vain; the
   fourth until 1200, just in time. */
static void test_queue_timeout(void **state)
{
    (void)state;
    SCRIPT((four, "none", ONE_POD HOLDS "queue: {timeout: 950us}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 1000, 1000, 1000, 1200, 1200, 0, OUTCOME_OK},
           {200, 1150, 1150, 1150, 1150, 1150, -1, OUTCOME_QUEUE_TIMEOUT},
           {300, 1200, 1200, 1200, 1600, 1600, 0, OUTCOME_OK});
}

/* Two pods, one request at each; whoever is free gets the first that waits. */
static void test_limit_is_per_pod(void **state)
{
    (void)state;
    SCRIPT((four, "none", "pods: [{count: 2}]\n" HOLDS "queue: {}}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK}, {100, 100, 100, 100, 300, 300, 1, OUTCOME_OK},
           {200, 300, 300, 300, 600, 600, 1, OUTCOME_OK},
           {300, 600, 600, 600, 1000, 1000, 1, OUTCOME_OK});
}

/* Two instances of one request each: the second queues at the pod, not at its balancer. */
static void test_limit_is_per_instance(void **state)
{
    (void)state;
    SCRIPT((four, "none", ONE_POD "balancers: [{count: 2, spread: round_robin, policy: "
                                  "round_robin, max_in_flight: 1}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK},
           {100, 100, 100, 1000, 1200, 1200, 0, OUTCOME_OK},
           {200, 1000, 1000, 1200, 1500, 1500, 0, OUTCOME_OK},
           {300, 1200, 1200, 1500, 1900, 1900, 0, OUTCOME_OK});
}

/* A balancer forgets whom the client has given up, at 1000, 1100 and so on; the pod works
   them off one after the other. */
static void test_counts_off_the_abandoned(void **state)
{
    (void)state;
    SCRIPT(("0,5000,0,0\n500,100,0,0\n800,100,0,0\n", "1ms", ONE_POD HOLDS "queue: {}}]\n"),
           {0, 0, 0, 0, 5000, 1000, 0, OUTCOME_TIMEOUT},
           {500, 1000, 1000, 5000, 5100, 1500, 0, OUTCOME_TIMEOUT},
           {800, 1500, 1500, 5100, 5200, 1800, 0, OUTCOME_TIMEOUT});
}

/* Given up while held: never sent to a pod. */
static void test_given_up_while_held(void **state)
{
    (void)state;
    SCRIPT(("0,900,0,0\n100,900,0,0\n200,900,0,0\n", "1ms",
            ONE_POD HOLDS "queue: {order: lifo}}]\n"),
           {0, 0, 0, 0, 900, 900, 0, OUTCOME_OK},
           {100, 1100, 1100, 1100, 1100, 1100, -1, OUTCOME_TIMEOUT},
           {200, 900, 900, 900, 1800, 1200, 0, OUTCOME_TIMEOUT});
}

/* A full pod refuses at once what was held; the next one that is held follows. */
static void test_release_past_a_full_pod(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n0,2000,0,1\n0,100,0,2\n0,100,0,0\n0,100,0,0\n", "none",
            "pods: [{count: 1, queue: 0}]\n"
            "balancers: [{count: 3, spread: by_user, policy: round_robin, "
            "max_in_flight: 1}]\n"),
           {0, 0, 0, 0, 1000, 1000, 0, OUTCOME_OK}, {0, 0, 0, 0, 0, 0, 0, OUTCOME_REJECTED},
           {0, 0, 0, 0, 0, 0, 0, OUTCOME_REJECTED},
           {0, 1000, 1000, 1000, 1100, 1100, 0, OUTCOME_OK},
           {0, 1100, 1100, 1100, 1200, 1200, 0, OUTCOME_OK});
}

/* A pod of weight 0 is there, but nobody's choice, while the other is full: IPVS refuses, as its
   server's limit would; Traefik knows no limit, so that its request waits. */
static void test_weight_zero_beside_full(void **state)
{
    (void)state;
#define TWO_WEIGHTS(policy) "pods: [{name: a}, {name: b, weight: 0}]\n" \
                            "balancers: [{policy: " policy ", max_in_flight: 1}]\n"
    SCRIPT(("0,500,0,0\n100,200,0,0\n", "none", TWO_WEIGHTS("ipvs.wlc")),
           {0, 0, 0, 0, 500, 500, 0, OUTCOME_OK},
           {100, 100, 100, 100, 100, 100, -1, OUTCOME_NO_BACKEND});
    SCRIPT(("0,500,0,0\n100,200,0,0\n", "none", TWO_WEIGHTS("traefik.wrr")),
           {0, 0, 0, 0, 500, 500, 0, OUTCOME_OK},
           {100, 500, 500, 500, 700, 700, 0, OUTCOME_OK});
    SCRIPT(("0,500,0,0\n100,200,0,0\n", "none", TWO_WEIGHTS("traefik.leasttime")),
           {0, 0, 0, 0, 500, 500, 0, OUTCOME_OK},
           {100, 500, 500, 500, 700, 700, 0, OUTCOME_OK});
}

/* A central queue holds for all instances together and fills the fastest pod first. */
static void test_central_queue(void **state)
{
    (void)state;
    SCRIPT(("0,1000,0,0\n100,1000,0,1\n200,1000,0,2\n300,1000,0,3\n", "none",
            "pods: [{name: slow}, {name: fast, speed: 2}]\n"
            "balancers: [{count: 4, spread: by_user, policy: central_queue}]\n"),
           {0, 0, 0, 0, 500, 500, 1, OUTCOME_OK}, {100, 100, 100, 100, 1100, 1100, 0, OUTCOME_OK},
           {200, 500, 500, 500, 1000, 1000, 1, OUTCOME_OK},
           {300, 1000, 1000, 1000, 1500, 1500, 1, OUTCOME_OK});
}

static void assert_spread(const char *spread, const uint16_t *expected)
{
    struct scene scene;
    char rest[512];
    snprintf(rest, sizeof rest, "pods: [{count: 9}]\nbalancers: [{count: 3, spread: %s, "
             "policy: round_robin}]\n", spread);
    scene_open_script(&scene, "0,1,0,5\n1,1,0,5\n2,1,0,7\n3,1,0,6\n", "none", rest);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    assert_int_equal(rows.count, 4);
    for (size_t i = 0; i < rows.count; i++)
        assert_int_equal(rows.rows[i].balancer, expected[i]);
    free(rows.rows);
    scene_close(&scene);
}

static void test_spread(void **state)
{
    (void)state;
    assert_spread("round_robin", (const uint16_t[]){0, 1, 2, 0});
    assert_spread("by_user", (const uint16_t[]){2, 2, 1, 0});
}

/* Requests that ask for nothing in particular: Envoy and gRPC send each anywhere, nginx hashes the
   empty key. */
static void test_requests_without_a_key(void **state)
{
    (void)state;
    static const bool is_spread[] = {true, true, true, false};
    struct scene scene;
    scene_open(&scene, "run: {duration: 1s, warmup: 0s, replications: 1}\n"
                       "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 1us}]\n"
                       "pods: [{count: 4}]\nbalancers: [{policy: [envoy.ring_hash, "
                       "envoy.maglev, grpc.ring_hash, nginx.hash]}]\n");
    for (size_t policy = 0; policy < 4; policy++) {
        struct scene_rows rows = scene_run(&scene, policy, 1);
        size_t counts[4] = {0}, used = 0;
        for (size_t i = 0; i < rows.count; i++)
            counts[rows.rows[i].pod]++;
        for (size_t pod = 0; pod < 4; pod++)
            used += counts[pod] > rows.count / 8;
        if (used != (is_spread[policy] ? 4 : 1))
            fail_msg("policy %zu: %zu, %zu, %zu, %zu", policy, counts[0], counts[1], counts[2],
                     counts[3]);
        free(rows.rows);
    }
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_holds_in_order),
    cmocka_unit_test(test_overflow),
    cmocka_unit_test(test_queue_timeout),
    cmocka_unit_test(test_limit_is_per_pod),
    cmocka_unit_test(test_limit_is_per_instance),
    cmocka_unit_test(test_counts_off_the_abandoned),
    cmocka_unit_test(test_given_up_while_held),
    cmocka_unit_test(test_release_past_a_full_pod),
    cmocka_unit_test(test_weight_zero_beside_full),
    cmocka_unit_test(test_central_queue),
    cmocka_unit_test(test_spread),
    cmocka_unit_test(test_requests_without_a_key),
};

TEST_MAIN(tests)
