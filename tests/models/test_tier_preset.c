/* SPDX-License-Identifier: GPL-3.0-or-later
   Presets of tiers: each makes an entry of its own, and the keys of the user win. */
#include "models/tier_preset.h"

#include "models/policy.h"
#include "models/decision.h"
#include "models/scenario_tiers.h"
#include "tests/theory/scene.h"

#include <stdio.h>

#define USERS(count) \
    "run: {duration: 200ms, warmup: 0s, replications: 1}\n" \
    "clients: [{arrivals: {poisson: {rate: 2/ms}}, demand: 1ms, users: " count ", " \
    "connections: {requests: 5}}]\npods: [{count: 4, nodes: 3}]\n"

/* Nothing but the preset: it binds, says its policy and where it decides, and runs. */
static void test_each_stands_alone(void **state)
{
    (void)state;
    for (size_t i = 0; tier_presets.at(i) != NULL; i++) {
        struct scene scene;
        const struct kind *kind = tier_presets.at(i);
        scene_open(&scene, USERS("30") "balancers: [{preset: %s}]\n", kind->name);
        const struct scenario_balancer *tier = scenario_tier(scene.scenario, 0);
        assert_string_not_equal(tier->name, "balancer");
        assert_string_equal(tier->preset.kind->name, kind->name);
        assert_int_equal(tier->policy.count, 1);
        assert_true(kind->summary[0] != '\0');
        struct scene_rows rows = scene_run(&scene, 0, 1);
        assert_true(rows.count > 300);
        free(rows.rows);
        scene_close(&scene);
    }
}

struct expected {
    const char *preset, *name, *policy;
    uint64_t count;
    enum balancer_per per;
};

static void test_what_they_stand_for(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"kube_proxy_userspace", "kube-proxy", "kube_proxy.userspace", 1, PER_CONNECTION},
        {"kube_proxy_iptables", "kube-proxy", "kube_proxy.iptables", 1, PER_CONNECTION},
        {"kube_proxy_ipvs", "kube-proxy", "ipvs.rr", 1, PER_CONNECTION},
        {"kube_proxy_nftables", "kube-proxy", "kube_proxy.nftables", 1, PER_CONNECTION},
        {"node_port", "node", "kube_proxy.iptables", 3, PER_CONNECTION},
        {"node_port_local", "node", "kube_proxy.iptables", 3, PER_CONNECTION},
        {"cloud_lb", "cloud", "random", 3, PER_CONNECTION},
        {"ingress", "ingress", "round_robin", 2, PER_REQUEST},
        {"gateway", "gateway", "envoy.least_request", 2, PER_REQUEST},
        {"sidecar", "sidecar", "envoy.least_request", 30, PER_REQUEST},
        {"client_side", "client", "grpc.round_robin", 30, PER_REQUEST},
        {"service_engines", "service-engine", "avi.least_connections", 8, PER_REQUEST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        scene_open(&scene, USERS("30") "balancers: [{preset: %s}]\n", rows[i].preset);
        const struct scenario_balancer *tier = scenario_tier(scene.scenario, 0);
        assert_string_equal(tier->name, rows[i].name);
        assert_string_equal(scene_policy(&scene, 0)->label, rows[i].policy);
        assert_int_equal(tier->count, rows[i].count);
        assert_int_equal(tier->per, rows[i].per);
        scene_close(&scene);
    }
}

static void test_what_is_given_wins(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, USERS("30") "balancers:\n  - {preset: cloud_lb, count: 5}\n"
               "  - {preset: kube_proxy_iptables, name: here, policy: [random, p2c], count: 7,\n"
               "     decision_cost: {iptables: {services: 40}}}\n");
    const struct scenario_balancer *cloud = scenario_tier(scene.scenario, 0);
    const struct scenario_balancer *tier = scenario_tier(scene.scenario, 1);
    assert_int_equal(cloud->count, 5);
    assert_int_equal(scene_policies(&scene), 2);
    assert_string_equal(tier->name, "here");
    assert_int_equal(tier->count, 7);
    assert_int_equal(tier->per, PER_CONNECTION);
    assert_int_equal(decision_syncs(&tier->decision_cost)->services, 40);
    scene_close(&scene);
}

static void test_as_many_as_users(void **state)
{
    (void)state;
    struct scene scene;
    struct problems problems = {0};
    scene_open(&scene, USERS("12, name: a") "balancers: [{count: users, policy: random}]\n");
    assert_int_equal(scenario_tier(scene.scenario, 0)->count, 12);
    scene_close(&scene);
    scene_open(&scene, "clients: [{arrivals: {closed: {users: 17}}, demand: 1ms},\n"
                       "  {name: b, arrivals: {poisson: {rate: 1/s}}, demand: 1ms, users: 9}]\n"
                       "pods: [{}]\nbalancers: [{count: users, policy: random}]\n");
    assert_int_equal(scenario_tier(scene.scenario, 0)->count, 17);
    scene_close(&scene);
    scene_try(&scene, "version: 1\nname: large\n" USERS("70000")
              "balancers: [{preset: sidecar}]\n", &problems);
    assert_int_equal(problems.errors, 1);
    assert_string_equal(problems.items[0].message, "70000 users are too many for an instance each");
    problems_free(&problems);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_each_stands_alone),
    cmocka_unit_test(test_what_they_stand_for),
    cmocka_unit_test(test_what_is_given_wins),
    cmocka_unit_test(test_as_many_as_users),
};

TEST_MAIN(tests)
