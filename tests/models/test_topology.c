/* SPDX-License-Identifier: GPL-3.0-or-later
   Whom a proxy sends to by where endpoints are, as they come and go. */
#include "models/topology.h"

#include "models/hints.h"
#include "tests/theory/scene.h"

#define RUN \
    "run: {duration: 400ms, warmup: 0s, replications: 1, seed: 1}\n" \
    "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 100us}]\n"

/* Which pods, as bits by slot, each of three instances sends to between two times. */
struct picked {
    int from, to; /* ms */
    unsigned pods[3];
};

static void assert_picked(const char *text, const struct picked *expected, size_t count)
{
    struct scene scene;
    scene_open(&scene, RUN "%s", text);
    struct scene_rows rows = scene_run(&scene, 0, 1);
    for (size_t k = 0; k < count; k++) {
        unsigned pods[3] = {0};
        for (size_t i = 0; i < rows.count; i++) {
            const struct trace_row *row = &rows.rows[i];
            if (row->due < expected[k].from * SIM_MILLISECOND ||
                row->due >= expected[k].to * SIM_MILLISECOND)
                continue;
            assert_int_equal(row->outcome, OUTCOME_OK);
            pods[row->balancer] |= 1u << row->pod;
        }
        for (int i = 0; i < 3; i++)
            if (pods[i] != expected[k].pods[i])
                fail_msg("%s\nfrom %d ms instance %d: expected pods %x, found %x", text,
                         expected[k].from, i, expected[k].pods[i], pods[i]);
    }
    free(rows.rows);
    scene_close(&scene);
}

#define PICKED(text, ...) \
    assert_picked(text, (const struct picked[]){__VA_ARGS__}, \
                  sizeof((const struct picked[]){__VA_ARGS__}) / sizeof(struct picked))

/* Slots: a-0 a-1 b-0.  Instance 2 is in zone c, without pods.  b-0 leaves at 100 ms, and b-1 comes
   at 200, in slot 3; at 300 one comes that is in no zone. */
static void test_prefer_close(void **state)
{
    (void)state;
    PICKED("pods: [{name: a, zone: a, count: 2}, {name: b, zone: b}]\n"
           "membership: [{at: 100ms, remove: {pods: b}}, {at: 200ms, add: {pods: b}}]\n"
           "balancers: [{count: 3, zones: [a, b, c], topology: prefer_close, "
           "policy: round_robin}]\n",
           {0, 100, {3, 4, 7}}, {101, 200, {3, 3, 3}}, {201, 400, {3, 8, 11}});
    PICKED("pods: [{name: a, zone: a, count: 2}, {name: n}, {name: b, zone: b}]\n"
           "membership: [{at: 200ms, remove: {pods: n}}]\n"
           "balancers: [{count: 3, zones: [a, b, c], topology: prefer_close, "
           "policy: round_robin}]\n",
           {0, 200, {15, 15, 15}}, {201, 400, {3, 8, 11}});
}

/* A pod that is down is not ready: the other zone's are taken. */
static void test_down_is_not_ready(void **state)
{
    (void)state;
    PICKED("pods: [{name: a, zone: a, count: 2}, {name: b, zone: b}]\n"
           "membership: [{at: 100ms, down: b}, {at: 200ms, up: b}]\n"
           "balancers: [{count: 3, zones: [a, b, c], topology: prefer_close, "
           "policy: round_robin}]\n",
           {0, 100, {3, 4, 7}}, {101, 200, {3, 3, 3}}, {201, 400, {3, 4, 7}});
}

/* Pods 0 to 3 are on a-node-0, -1, -0, -1, pod 4 on b-node-0.  Instances on a-node-0, b-node-0,
   a-node-2, where no pod is.  From 100 ms on pods 0 and 2 are gone. */
static void test_prefer_same_node(void **state)
{
    (void)state;
    PICKED("pods: [{name: a, zone: a, count: 4, nodes: 2}, {name: b, zone: b, nodes: 1}, "
           "{name: far, zone: a, nodes: 3}]\n"
           "membership: [{at: 0s, remove: {pods: far}}, {at: 100ms, remove: {pods: a-0}}, "
           "{at: 100ms, remove: {pods: a-2}}]\n"
           "balancers: [{count: 3, nodes: [a-node-0, b-node-0, a-node-2], "
           "topology: prefer_same_node, policy: round_robin}]\n",
           {1, 100, {5, 16, 15}}, {101, 400, {10, 16, 10}});
}

#define THREE \
    "pods: [{name: a, zone: a, count: 4, nodes: 2}, {name: b, zone: b, count: 4, nodes: 2}, " \
    "{name: c, zone: c, count: 4, nodes: 2}]\n" \
    "balancers: [{count: 3, zones: [a, b, c], topology: hints, policy: round_robin}]\n"

/* 4 4 3 is what a zone cannot have enough of; 4 4 4 and 5 4 3 are shared out. */
static void test_hints_follow_the_pods(void **state)
{
    (void)state;
    PICKED(THREE "membership: [{at: 100ms, remove: {pods: c-3}}, {at: 200ms, add: {pods: a}}]\n",
           {0, 100, {0xf, 0xf0, 0xf00}}, {101, 200, {0x7ff, 0x7ff, 0x7ff}},
           {201, 400, {0x100e, 0xf0, 0x701}});
    PICKED(THREE "membership: [{at: 100ms, down: c-3}, {at: 200ms, up: c-3}]\n",
           {0, 100, {0xf, 0xf0, 0xf00}}, {101, 200, {0x7ff, 0x7ff, 0x7ff}},
           {201, 400, {0xf, 0xf0, 0xf00}});
}

/* What an instance does not know yet changes nothing there. */
static void test_hints_come_with_endpoints(void **state)
{
    (void)state;
    PICKED(THREE "membership: [{at: 100ms, remove: {pods: c-3}}]\nendpoints: {delay: 100ms}\n",
           {0, 200, {0xf, 0xf0, 0xf00}}, {201, 400, {0x7ff, 0x7ff, 0x7ff}});
}

/* Health checks go on for pods that are not taken now; a zone that is ill is not left. */
static void test_guards_watch_all(void **state)
{
    (void)state;
    PICKED("pods: [{name: a, zone: a, count: 2}, {name: b, zone: b}]\n"
           "membership: [{at: 100ms, remove: {pods: b}}, {at: 200ms, add: {pods: b}},\n"
           "  {at: 300ms, remove: {pods: b}}]\n"
           "balancers: [{count: 3, zones: [a, b, c], topology: prefer_close, health_check: "
           "{interval: 10ms, rise: 1}, outlier_detection: envoy, "
           "slow_start: {envoy: {slow_start_window: 20ms}}, policy: round_robin}]\n",
           {0, 100, {3, 4, 7}}, {101, 200, {3, 3, 3}}, {240, 300, {3, 8, 11}},
           {301, 400, {3, 3, 3}});
}

/* Edges a b d before inner a b b: from d all are taken. */
static void test_before_another_tier(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 100ms, warmup: 0s, replications: 1, seed: 1}\n"
               "clients: [{name: a, zone: a, arrivals: {deterministic: {rate: 1/ms}}, "
               "demand: 1us}, {name: b, zone: b, arrivals: {deterministic: {rate: 1/ms}}, "
               "demand: 1us}, {name: d, zone: d, arrivals: {deterministic: {rate: 1/ms}}, "
               "demand: 1us}]\npods: [{}]\nbalancers:\n"
               "  - {name: edge, count: 3, zones: [a, b, d], topology: prefer_close, "
               "policy: round_robin}\n  - {count: 3, zones: [a, b, b], policy: random}\n");
    struct scene_rows rows = scene_run(&scene, 0, 1);
    unsigned seen[3] = {0};
    for (size_t i = 0; i < rows.count; i++)
        seen[rows.rows[i].client] |= 1u << rows.rows[i].balancer;
    assert_int_equal(seen[0], 1);
    assert_int_equal(seen[1], 6);
    assert_int_equal(seen[2], 7);
    free(rows.rows);
    scene_close(&scene);
}

static void assert_start(const char *pods, unsigned hints, size_t warnings)
{
    struct scene scene;
    struct problems problems = {0};
    char text[1024];
    snprintf(text, sizeof text, "version: 1\nname: scene\n" RUN "pods: [%s]\n"
             "balancers: [{zones: a, topology: hints, policy: random}]\n", pods);
    scene_try(&scene, text, &problems);
    assert_non_null(scene.scenario);
    assert_int_equal(topology_hints_at_start(scene.scenario), hints);
    assert_int_equal(problems.count, warnings);
    problems_free(&problems);
    scene_close(&scene);
}

static void test_a_warning_where_they_are_off(void **state)
{
    (void)state;
    assert_start("{name: p, zone: a, count: 4, nodes: 1}, {name: q, zone: b, count: 4, nodes: 1}, "
                 "{name: r, zone: c, count: 3, nodes: 1}", HINTS_OVERLOAD, 1);
    assert_start("{name: p, zone: a, count: 4, nodes: 1}, {name: q, zone: b, count: 3, nodes: 1}, "
                 "{name: r, zone: b, count: 1, nodes: 1}", HINTS_ON, 0);
    assert_start("{name: p, zone: a, count: 4}, {name: q, zone: b, count: 4}",
                 HINTS_NO_NODES, 1);
    assert_start("{name: p, zone: a, count: 4, nodes: 4}, {name: q, count: 4, nodes: 4}",
                 HINTS_ONE_ZONE, 1);
    assert_start("{name: p, zone: a, count: 3, nodes: 4}, {name: q, zone: b, count: 3, nodes: 4}, "
                 "{name: r, nodes: 1}", HINTS_NO_ZONE, 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_prefer_close),
    cmocka_unit_test(test_down_is_not_ready),
    cmocka_unit_test(test_prefer_same_node),
    cmocka_unit_test(test_hints_follow_the_pods),
    cmocka_unit_test(test_hints_come_with_endpoints),
    cmocka_unit_test(test_guards_watch_all),
    cmocka_unit_test(test_before_another_tier),
    cmocka_unit_test(test_a_warning_where_they_are_off),
};

TEST_MAIN(tests)
