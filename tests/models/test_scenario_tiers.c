/* SPDX-License-Identifier: GPL-3.0-or-later
   Which tier is compared; what is refused is in tests/bad (tier-*, connection-*). */
#include "models/scenario_tiers.h"

#include "tests/theory/scene.h"

#define CLIENTS "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\npods: [{}]\n"

static void assert_compared(const char *balancers, size_t tier, size_t policies)
{
    struct scene scene;
    scene_open(&scene, CLIENTS "balancers:\n%s", balancers);
    assert_int_equal(scene.scenario->compared, tier);
    assert_int_equal(scenario_tiers_compared(scene.scenario), tier);
    assert_int_equal(scene_policies(&scene), policies);
    assert_string_equal(scenario_tier(scene.scenario, tier)->name, "here");
    scene_close(&scene);
}

static void test_compared(void **state)
{
    (void)state;
    assert_compared("  - {name: here, policy: random}\n", 0, 1);
    assert_compared("  - {name: a, policy: random}\n  - {name: here, policy: random}\n", 1, 1);
    assert_compared("  - {name: a, policy: random}\n  - {name: here, policy: [random, p2c]}\n",
                    1, 2);
    assert_compared("  - {name: here, policy: [random, p2c, round_robin]}\n"
                    "  - {name: b, policy: p2c}\n  - {name: c, policy: p2c}\n", 0, 3);
}

/* A view takes the square of what one tier has. */
static void test_sizes(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, CLIENTS "balancers:\n  - {name: a, count: 1000, policy: random}\n"
                               "  - {name: b, count: 1000, policy: random}\n");
    scene_close(&scene);
    struct problems problems = {0};
    scene_try(&scene, "version: 1\nname: large\n" CLIENTS
              "balancers:\n  - {name: a, count: 60000, policy: random}\n"
              "  - {name: b, count: 60000, policy: random}\n", &problems);
    assert_int_equal(problems.errors, 1);
    assert_int_equal(problems.items[0].mark.line, 6);
    problems_free(&problems);
    scene_close(&scene);
}

/* Per connection a policy that learns, or waits, is warned of; one that counts is not. */
static void test_blind_policies(void **state)
{
    (void)state;
    struct scene scene;
    struct problems problems = {0};
    scene_try(&scene, "version: 1\nname: blind\n"
              "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms, connections: {}}]\n"
              "pods: [{}]\nbalancers: [{per: connection, policy: [random, "
              "least_connections, finagle.peak_ewma, prequal, central_queue]}]\n", &problems);
    assert_int_equal(problems.errors, 0);
    assert_int_equal(problems.count, 3);
    for (size_t i = 0; i < problems.count; i++)
        assert_true(problems.items[i].warning);
    problems_free(&problems);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_blind_policies),
    cmocka_unit_test(test_compared),
    cmocka_unit_test(test_sizes),
};

TEST_MAIN(tests)
