/* SPDX-License-Identifier: GPL-3.0-or-later
   externalTrafficPolicy: shares by hand, with turns in place of chance, and nodes without a pod,
   which get nothing. */
#include "models/reach.h"

#include "tests/models/script.h"

enum { RATE = 1000, PODS_MAX = 8 };

/* A request every millisecond on a connection of its own, for a second. */
static struct scene_rows rows_of(const char *pods, const char *reach, const char *rest)
{
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 1s, warmup: 0s, replications: 1}\n"
               "clients: {arrivals: {deterministic: {rate: %d/s}}, demand: 1us, "
               "connections: {requests: 1, setup: 0}}\npods: %s\nbalancers:\n"
               "  - {preset: cloud_lb, count: 1, policy: round_robin}\n"
               "  - {preset: node_port, reach: %s, policy: round_robin, decision_cost: 0s}\n%s",
               RATE, pods, reach, rest);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    scene_close(&scene);
    return rows;
}

/* How many of the rows due in these milliseconds each pod has; the last: refused. */
static void count_pods(const struct scene_rows *rows, int from, int to, int counts[PODS_MAX + 1])
{
    memset(counts, 0, (PODS_MAX + 1) * sizeof *counts);
    for (size_t i = 0; i < rows->count; i++) {
        const struct trace_row *row = &rows->rows[i];
        if (row->due < from * SIM_MILLISECOND || row->due >= to * SIM_MILLISECOND)
            continue;
        assert_true(row->outcome == OUTCOME_OK || row->outcome == OUTCOME_NO_BACKEND);
        counts[row->outcome == OUTCOME_OK ? row->pod : PODS_MAX]++;
    }
}

static void assert_counts(const struct scene_rows *rows, int from, int to,
                          const int expected[PODS_MAX + 1])
{
    int counts[PODS_MAX + 1];
    count_pods(rows, from, to, counts);
    for (size_t i = 0; i <= PODS_MAX; i++)
        if (counts[i] < expected[i] - 3 || counts[i] > expected[i] + 3)
            fail_msg("from %d to %d ms, pod %zu: expected %d, found %d", from, to, i,
                     expected[i], counts[i]);
}

/* Pods 0 and 2 are on node-0, pod 1 on node-1: half of the traffic is each node's. */
static void test_shares(void **state)
{
    (void)state;
    struct scene_rows local = rows_of("{count: 3, nodes: 2}", "node", "");
    assert_counts(&local, 0, 1000, (const int[PODS_MAX + 1]){250, 500, 250});
    free(local.rows);
    struct scene_rows cluster = rows_of("{count: 3, nodes: 2}", "all", "");
    assert_counts(&cluster, 0, 1000, (const int[PODS_MAX + 1]){333, 333, 333});
    free(cluster.rows);
}

/* node-3 has no pod from the beginning, node-2 from 300 ms to 600 ms. */
static void test_vacant_nodes_get_nothing(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "membership: [{at: 300ms, down: pod-2}, {at: 600ms, up: pod-2}]\n",
        "membership: [{at: 300ms, remove: {pods: pod-2}}, {at: 600ms, add: {pods: pod, count: 4}}]"
        "\n"};
    struct scene_rows rows =
        rows_of("[{count: 3, nodes: 3}, {name: far, zone: z, nodes: 1}]", "node", changes[0]);
    assert_counts(&rows, 0, 300, (const int[PODS_MAX + 1]){75, 75, 75, 75});
    assert_counts(&rows, 300, 600, (const int[PODS_MAX + 1]){100, 100, 0, 100});
    assert_counts(&rows, 600, 1000, (const int[PODS_MAX + 1]){100, 100, 100, 100});
    free(rows.rows);
    rows = rows_of("{count: 3, nodes: 4}", "node", changes[1]);
    assert_counts(&rows, 0, 300, (const int[PODS_MAX + 1]){100, 100, 100});
    assert_counts(&rows, 300, 600, (const int[PODS_MAX + 1]){150, 150});
    /* pod-3 to pod-6 are on node-3, node-0, node-1 and node-2. */
    assert_counts(&rows, 600, 1000, (const int[PODS_MAX + 1]){50, 50, 0, 100, 50, 50, 100});
    free(rows.rows);
}

/* Nobody is left at all: that is said. */
static void test_nobody_anywhere(void **state)
{
    (void)state;
    struct scene_rows rows = rows_of("{count: 2, nodes: 2}", "node",
                                     "membership: [{at: 500ms, down: pod}]\n");
    assert_counts(&rows, 0, 500, (const int[PODS_MAX + 1]){250, 250});
    assert_counts(&rows, 500, 1000, (const int[PODS_MAX + 1]){[PODS_MAX] = 500});
    free(rows.rows);
}

#define OK_AT(time, pod) {time, time, time, time, time + 10, time + 10, pod, OUTCOME_OK}
#define NOT_AT(time) {time, time, time, time, time, time, -1, OUTCOME_NO_BACKEND}

/* Straight to the nodes, in turn.  At 50 two of three lose their pods: the connection to node-0 is
   gone, the next one, to node-1, is none, so that the request after it opens another. */
static void test_connections_to_vacant_nodes_are_none(void **state)
{
    (void)state;
    SCRIPT(("0,10,0,7\n100,10,0,7\n200,10,0,7\n300,10,0,7\n400,10,0,7\n500,10,0,7\n",
            "none, connections: {setup: 0}",
            "pods: {count: 3, nodes: 3}\n"
            "balancers: [{preset: node_port_local, spread: round_robin, policy: round_robin, "
            "decision_cost: 0s}]\n"
            "membership: [{at: 50us, remove: {pods: pod-0}}, {at: 50us, remove: {pods: pod-1}}, "
            "{at: 350us, add: {pods: pod}}, {at: 350us, remove: {pods: pod-2}}]\n"),
           OK_AT(0, 0), NOT_AT(100), OK_AT(200, 2), OK_AT(300, 2), OK_AT(400, 3), OK_AT(500, 3));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shares),
    cmocka_unit_test(test_vacant_nodes_get_nothing),
    cmocka_unit_test(test_nobody_anywhere),
    cmocka_unit_test(test_connections_to_vacant_nodes_are_none),
};

TEST_MAIN(tests)
