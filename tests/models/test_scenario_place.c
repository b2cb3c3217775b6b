/* SPDX-License-Identifier: GPL-3.0-or-later
   Where the instances of a tier are; what is refused is in tests/bad (zone-*). */
#include "models/scenario_place.h"

#include "models/scenario_tiers.h"
#include "tests/theory/scene.h"

#define HEAD "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\n"
/* Zone a has 3 nodes, as its larger group says, b has 1, and 2 are in no zone. */
#define PODS \
    "pods:\n  - {name: x, zone: a, nodes: 2}\n  - {name: y, zone: b, nodes: 1}\n" \
    "  - {name: z, zone: a, nodes: 3}\n  - {name: w, nodes: 2}\n  - {name: v, zone: c}\n"

struct expected {
    const char *zone, *node;
    uint32_t number;
};

static void assert_places(const char *balancer, const struct expected *expected, size_t count)
{
    struct scene scene;
    scene_open(&scene, HEAD PODS "balancers: [{policy: random, %s}]\n", balancer);
    const struct scenario_balancer *tier = scenario_tier(scene.scenario, 0);
    assert_int_equal(tier->count, count);
    const struct place *places = scenario_place_instances(scene.scenario, 0, &scene.arena);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(places[i].zone, expected[i].zone);
        assert_string_equal(places[i].node, expected[i].node);
        assert_int_equal(places[i].node_number, expected[i].number);
    }
    scene_close(&scene);
}

static void test_zones_come_in_turn(void **state)
{
    (void)state;
    assert_places("count: 3, zones: [b, q]",
                  (struct expected[]){{"b", "", 0}, {"q", "", 0}, {"b", "", 0}}, 3);
    assert_places("count: 2, zones: b", (struct expected[]){{"b", "", 0}, {"b", "", 0}}, 2);
    assert_places("count: 1", (struct expected[]){{"", "", 0}}, 1);
}

static void test_nodes_say_zones(void **state)
{
    (void)state;
    assert_places("count: 4, nodes: [a-node-2, node-1, b-node-0], zones: [d, e]",
                  (struct expected[]){{"a", "a-node-2", 3},
                                      {"e", "node-1", 2},
                                      {"b", "b-node-0", 1},
                                      {"a", "a-node-2", 3}}, 4);
}

static void test_one_on_each_node(void **state)
{
    (void)state;
    static const struct expected each[] = {
        {"a", "a-node-0", 1}, {"a", "a-node-1", 2}, {"a", "a-node-2", 3},
        {"b", "b-node-0", 1}, {"", "node-0", 1},    {"", "node-1", 2},
    };
    assert_places("nodes: each", each, 6);
    assert_places("nodes: each, count: 6", each, 6);
}

static void test_is_used(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool used;
    } cases[] = {
        {PODS "balancers: [{policy: random, count: 2}]\n", false},
        {PODS "balancers: [{policy: random, zones: a}]\n", true},
        {PODS "balancers: [{policy: random, nodes: node-0}]\n", true},
        {PODS "balancers: [{policy: random}]\nnetwork: {cross_zone: 1ms}\n", true},
        {PODS "balancers: [{policy: random}]\n"
              "network: {zones: [{between: [a, b], delay: 1ms}]}\n", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene;
        scene_open(&scene, HEAD "%s", cases[i].text);
        assert_int_equal(scenario_place_is_used(scene.scenario), cases[i].used);
        assert_int_equal(scenario_place_node_count(scene.scenario), 6);
        scene_close(&scene);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_zones_come_in_turn),
    cmocka_unit_test(test_nodes_say_zones),
    cmocka_unit_test(test_one_on_each_node),
    cmocka_unit_test(test_is_used),
};

TEST_MAIN(tests)
