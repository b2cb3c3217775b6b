/* SPDX-License-Identifier: GPL-3.0-or-later
   Connections on runs worked out by hand, and against what is known of them: C connections
   over n pods at random are balls in bins, and a new pod gets none of the old ones. */
#include "tests/law.h"
#include "tests/models/script.h"

#define FAR "network: {to_balancer: 10us, to_pod: 5us}\n"
#define AT(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
#define AT5(time, pod) {time, time, time, time, time + 5, time + 5, pod, OUTCOME_OK}
#define LATE(time, pod) {time, time, time + 5, time + 5, time + 15, time + 30, pod, OUTCOME_OK}
#define L4(pods) "pods: [{count: " pods "}]\nbalancers: [{policy: round_robin, per: connection}]\n"
#define ON(settings) "none, connections: {" settings "}"

/* Two round trips of 20 us to a balancer that decides per request; who comes while the
   connection is being set up waits for it, who comes later does not. */
static void test_setup(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n1,10,0,0\n100,10,0,0\n", ON("setup: 2"),
            FAR "pods: [{count: 3}]\nbalancers: [{policy: round_robin}]\n"),
           LATE(50, 0), LATE(50, 1), LATE(110, 2));
}

/* Through a balancer that decides per connection one trip to the pod takes 30 us, and through
   a tier 20 us away 70. */
static void test_setup_to_the_pod(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n100,10,0,0\n", ON("setup: 1"), FAR L4("3")), LATE(40, 0), LATE(110, 0));
    SCRIPT(("0,10,0,0\n", ON("setup: 1"),
            FAR "pods: [{}]\nbalancers:\n"
            "  - {name: a, policy: random, per: connection, to_backend: 20us}\n"
            "  - {name: b, policy: random, per: connection}\n"),
           {100, 100, 105, 105, 115, 150, 0, OUTCOME_OK});
    SCRIPT(("0,10,0,0\n", ON("setup: 1"),
            FAR "pods: [{}]\nbalancers:\n"
            "  - {name: a, policy: random, per: connection, to_backend: 20us}\n"
            "  - {name: b, policy: random}\n"),
           {90, 90, 95, 95, 105, 140, 0, OUTCOME_OK});
}

static const char users[] = "0,10,0,7\n100,10,0,8\n200,10,0,7\n300,10,0,9\n400,10,0,8\n"
                            "600,10,0,7\n";

/* Users 7, 8 and 9 have pods 0, 1 and 2; with two requests a connection, 7 needs another at
   600, which has the next turn; with two connections each, 7 has used 0, 2 and 0 again. */
static void test_pinned(void **state)
{
    (void)state;
    SCRIPT((users, ON("setup: 0"), L4("4")), AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 2),
           AT(400, 1), AT(600, 0));
    SCRIPT((users, ON("setup: 0, requests: 2"), L4("4")), AT(0, 0), AT(100, 1), AT(200, 0),
           AT(300, 2), AT(400, 1), AT(600, 3));
    SCRIPT((users, ON("setup: 0, count: 2"), L4("9")), AT(0, 0), AT(100, 1), AT(200, 2),
           AT(300, 3), AT(400, 4), AT(600, 0));
}

/* 7 was idle for 400 us before 600, 8 for 300 before 400. */
static void test_idle(void **state)
{
    (void)state;
    SCRIPT((users, ON("setup: 0, idle_timeout: 350us"), L4("4")), AT(0, 0), AT(100, 1),
           AT(200, 0), AT(300, 2), AT(400, 1), AT(600, 3));
    SCRIPT((users, ON("setup: 0, idle_timeout: 300us"), L4("4")), AT(0, 0), AT(100, 1),
           AT(200, 0), AT(300, 2), AT(400, 3), AT(600, 0));
}

/* 7's of 0 is too old at 600, 8's of 100 is not at 400. */
static void test_age(void **state)
{
    (void)state;
    SCRIPT((users, ON("setup: 0, max_age: 400us, jitter: 0%"), L4("4")), AT(0, 0), AT(100, 1),
           AT(200, 0), AT(300, 2), AT(400, 1), AT(600, 3));
}

/* pod-0 goes at 150, so 7 opens anew at 200, which takes a round trip of 30 us again. */
static void test_pod_leaves(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,7\n100,10,0,8\n200,10,0,7\n300,10,0,7\n", ON("setup: 1"),
            FAR L4("3") "membership: [{at: 150us, remove: {pods: pod-0}}]\n"),
           LATE(40, 0), LATE(140, 1), LATE(240, 2), LATE(310, 2));
}

/* Crashed from 120 to 170: the connection of 7 is gone though the pod is back. */
static void test_pod_crashes(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,7\n100,10,0,8\n200,10,0,7\n", ON("setup: 0"),
            L4("3") "faults: [{kind: crash, on: pod-0, from: 120us, to: 170us}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 2));
}

/* Least connections counts connections: 7 and 8 keep pods 0 and 1, so 9 gets pod 2 though all
   are idle; without connections each request finds all three free. */
static void test_counts_connections(void **state)
{
    (void)state;
    SCRIPT((users, ON("setup: 0"), "pods: [{count: 3}]\nbalancers: [{policy: "
            "haproxy.leastconn, per: connection}]\n"),
           AT(0, 0), AT(100, 1), AT(200, 0), AT(300, 2), AT(400, 1), AT(600, 0));
}

/* What a decision costs is paid by the first request on a connection. */
static void test_decides_once(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n100,10,0,0\n", ON("setup: 0"),
            "pods: [{}]\nbalancers:\n"
            "  - {name: a, policy: random, per: connection, decision_cost: 7us}\n"
            "  - {name: b, policy: random, per: connection, decision_cost: 50us}\n"),
           {0, 57, 57, 57, 67, 67, 0, OUTCOME_OK}, AT(100, 0));
}

/* -- one request at a time -- */

#define POOL(settings) ON("protocol: http1, setup: 0" settings)

/* With one connection the second and the third wait for those before.  With two the second opens
   another, to the next pod; later ones take the first that is idle. */
static void test_one_at_a_time(void **state)
{
    (void)state;
    static const char lines[] = "0,100,0,7\n10,10,0,7\n25,10,0,7\n120,10,0,7\n";
    SCRIPT((lines, POOL(""), L4("3")), {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK}, AT(100, 0),
           AT(110, 0), AT(120, 0));
    SCRIPT((lines, POOL(", count: 2"), L4("3")), {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK},
           AT(10, 1), AT(25, 1), AT(120, 0));
    SCRIPT((lines, POOL(", count: 2, idle_timeout: 90us"), L4("3")),
           {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK}, AT(10, 1), AT(25, 1), AT(120, 0));
    SCRIPT((lines, POOL(", count: 2, idle_timeout: 15us"), L4("9")),
           {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK}, AT(10, 1), AT(25, 1), AT(120, 2));
    SCRIPT((lines, POOL(", count: 2, max_age: 110us, jitter: 0%"), L4("9")),
           {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK}, AT(10, 1), AT(25, 1), AT(120, 2));
    SCRIPT((lines, POOL(", count: 2, max_age: 90us, jitter: 0%"), L4("9")),
           {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK}, AT(10, 1), AT(25, 1), AT(120, 2));
    SCRIPT((lines, POOL(", requests: 2"), L4("9")), {0, 0, 0, 0, 100, 100, 0, OUTCOME_OK},
           AT(100, 0), AT(110, 1), AT(120, 1));
}

/* A round trip of 20 us opens it, for the first alone; the second waits for the answer, which
   is back at 60. */
static void test_a_pool_is_set_up(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,0\n1,10,0,0\n", ON("protocol: http1, setup: 1"),
            FAR "pods: [{count: 3}]\nbalancers: [{policy: round_robin}]\n"),
           LATE(30, 0), LATE(70, 1));
}

/* Who gives up, at 40, breaks off the connection, and the next opens another, to the next pod;
   the pod serves what it has.  At 90 three give up at once, one on the connection, two waiting. */
static void test_giving_up_breaks_off(void **state)
{
    (void)state;
    SCRIPT(("0,100,0,7\n10,5,0,7\n12,5,0,7\n",
            "40us, connections: {protocol: http1, setup: 0}", L4("3")),
           {0, 0, 0, 0, 100, 40, 0, OUTCOME_TIMEOUT}, {40, 40, 40, 40, 45, 45, 1, OUTCOME_OK},
           {45, 45, 45, 45, 50, 50, 1, OUTCOME_OK});
    SCRIPT(("0,5,0,7\n50,100,0,7\n50,5,0,7\n50,5,0,7\n95,5,0,7\n",
            "40us, connections: {protocol: http1, setup: 0}", L4("3")),
           {0, 0, 0, 0, 5, 5, 0, OUTCOME_OK}, {50, 50, 50, 50, 150, 90, 0, OUTCOME_TIMEOUT},
           {90, 90, 90, 90, 90, 90, -1, OUTCOME_TIMEOUT},
           {90, 90, 90, 90, 90, 90, -1, OUTCOME_TIMEOUT}, AT5(95, 1));
}

static struct scene_rows rows_of(const char *connections, const char *pods)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 2s, warmup: 0s, replications: 1, seed: 5}\n"
               "clients: [{arrivals: {poisson: {rate: 2/ms}}, demand: {exponential: {mean: 1ms}}"
               "%s}]\npods: [%s]\nbalancers: [{policy: round_robin}]\n", connections, pods);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_sort(&rows);
    scene_close(&scene);
    return rows;
}

/* Three connections of one user to pods that always have room are a server with three workers:
   each request ends at the same instant. */
static void test_a_pool_is_a_queue(void **state)
{
    (void)state;
    struct scene_rows pool =
        rows_of(", connections: {protocol: http1, count: 3, setup: 0}", "{count: 9, workers: 3}");
    struct scene_rows queue = rows_of("", "{workers: 3}");
    sim_time waited = 0;
    size_t count = queue.count < pool.count ? queue.count : pool.count;
    assert_true(count > 3900);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pool.rows[i].due, queue.rows[i].due);
        assert_int_equal(pool.rows[i].ended, queue.rows[i].ended);
        assert_int_equal(pool.rows[i].sent, queue.rows[i].started);
        waited += pool.rows[i].sent - pool.rows[i].due;
    }
    assert_true(waited > 0);
    free(pool.rows);
    free(queue.rows);
}

/* -- balls in bins -- */

enum { CONNECTIONS = 40, PODS = 10, RUNS = 400 };

/* Pods of the requests due from `from` on, by user: who has which. */
static size_t count_users(const struct scene_rows *rows, sim_time from, uint32_t pods[PODS])
{
    bool seen[CONNECTIONS] = {false};
    size_t users_seen = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct trace_row *row = &rows->rows[i];
        if (row->due < from || seen[row->user])
            continue;
        seen[row->user] = true;
        pods[row->pod]++;
        users_seen++;
    }
    return users_seen;
}

/* Each of C connections has each of n pods with chance 1/n, so that the connections of a pod
   have the variance C/n (1 - 1/n) = 3.6; their squares about C/n, over C/n, are chi-square with
   n - 1 degrees of freedom in each run. */
static void test_balls_in_bins(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 1s, warmup: 0s, replications: 1, seed: 5}\n"
               "clients: [{arrivals: {closed: {users: %d, think: 100ms}}, demand: 1us, "
               "connections: {setup: 0}}]\n"
               "pods: [{count: %d}]\nbalancers: [{policy: random, per: connection}]\n",
               CONNECTIONS, PODS);
    double squares = 0, mean = (double)CONNECTIONS / PODS;
    for (uint64_t run = 1; run <= RUNS; run++) {
        struct scene_rows rows = scene_run(&scene, 0, run);
        uint32_t pods[PODS] = {0}, later[PODS] = {0};
        assert_int_equal(count_users(&rows, 0, pods), CONNECTIONS);
        count_users(&rows, 500 * SIM_MILLISECOND, later);
        assert_memory_equal(pods, later, sizeof pods);
        for (size_t pod = 0; pod < PODS; pod++)
            squares += ((double)pods[pod] - mean) * ((double)pods[pod] - mean);
        free(rows.rows);
    }
    ASSERT_NEAR(squares / (RUNS * PODS), mean * (1 - 1.0 / PODS), 0.4);
    double p = gsl_cdf_chisq_Q(squares / mean, RUNS * (PODS - 1));
    if (p < 1e-7 || p > 1 - 1e-7)
        fail_msg("chi-square of the connections: %g with %d degrees of freedom", squares / mean,
                 RUNS * (PODS - 1));
    scene_close(&scene);
}

/* Requests that a new pod serves after a second, of those from `from` on. */
static double share_of_the_new(const char *connections, const char *per, sim_time from)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 6s, warmup: 0s, replications: 1, seed: 5}\n"
               "clients: [{arrivals: {poisson: {rate: 2/ms}}, demand: 1us, users: 200%s}]\n"
               "pods: [{count: 4}]\nbalancers: [{policy: random, per: %s}]\n"
               "membership: [{at: 1s, add: {pods: pod, count: 1}}]\n", connections, per);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    double all = 0, new = 0;
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.rows[i].due < from)
            continue;
        all++;
        new += rows.rows[i].pod == 4;
    }
    free(rows.rows);
    scene_close(&scene);
    return new / all;
}

/* A fifth by right.  Connections that are turned over every second give it as much from about
   two ages after it came: of 200 connections a fifth, 20 % with a deviation of 2.8 %, and five
   openings each make that 1.3 %.  Those that stay give it nothing, ever. */
static void test_new_pod(void **state)
{
    (void)state;
    ASSERT_NEAR(share_of_the_new("", "request", SIM_SECOND), 0.2, 0.02);
    ASSERT_NEAR(share_of_the_new(", connections: {}", "request", SIM_SECOND), 0.2, 0.02);
    ASSERT_NEAR(share_of_the_new(", connections: {}", "connection", SIM_SECOND), 0, 0);
    ASSERT_NEAR(share_of_the_new(", connections: {max_age: 800ms}", "connection",
                                 2 * SIM_SECOND), 0.2, 0.06);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_setup),         cmocka_unit_test(test_setup_to_the_pod),
    cmocka_unit_test(test_pinned),        cmocka_unit_test(test_idle),
    cmocka_unit_test(test_age),           cmocka_unit_test(test_pod_leaves),
    cmocka_unit_test(test_pod_crashes),   cmocka_unit_test(test_counts_connections),
    cmocka_unit_test(test_balls_in_bins), cmocka_unit_test(test_new_pod),
    cmocka_unit_test(test_decides_once),  cmocka_unit_test(test_one_at_a_time),
    cmocka_unit_test(test_a_pool_is_set_up),
    cmocka_unit_test(test_giving_up_breaks_off),
    cmocka_unit_test(test_a_pool_is_a_queue),
};

TEST_MAIN(tests)
