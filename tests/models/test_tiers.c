/* SPDX-License-Identifier: GPL-3.0-or-later
   What is built: names of instances, views that are opened when they are first needed, and
   whose policy a run has. */
#include "models/tiers.h"

#include "models/state.h"
#include "models/tier.h"
#include "tests/theory/scene.h"

static struct world *build(const struct scene *scene, const struct param_kind *policy)
{
    struct world_order order = {
        .scenario = scene->scenario, .policy = policy, .replication = 1};
    return world_build(&order);
}

static void test_instances(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\npods: [{}]\n"
                       "balancers:\n  - {name: edge, count: 3, policy: [random, p2c]}\n"
                       "  - {name: mesh, count: 2, policy: round_robin, to_backend: 7us}\n"
                       "  - {name: inner, count: 5, policy: least_connections}\n");
    struct world *world = build(&scene, scene_policy(&scene, 1));
    assert_int_equal(world->outer_count, 2);
    assert_int_equal(world->entry_count, 3);
    assert_int_equal(world->outer[0].backend_count, 2);
    assert_int_equal(world->outer[1].backend_count, 5);
    assert_string_equal(world->outer[0].backends[1].name, "mesh-1");
    assert_string_equal(world->outer[1].backends[4].name, "inner-4");
    assert_int_equal(world->outer[1].delay, 7000);
    assert_string_equal(world->outer[0].policy->kind->name, "p2c");
    assert_string_equal(world->outer[1].policy->kind->name, "round_robin");
    assert_string_equal(world->balancers[0].backends.ops->kind.name, "least_connections");
    assert_null(world->outer[0].instances[2].backends.ops);
    world_free(world);
    scene_close(&scene);
}

/* A million views of one another are not there before somebody asks: of 1000 instances ten
   requests open ten at most. */
static void test_views_are_opened_when_needed(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "run: {duration: 10ms, warmup: 0s, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 1us}]\n"
                       "pods: [{}]\nbalancers:\n  - {name: a, count: 1000, policy: random}\n"
                       "  - {name: b, count: 1000, policy: random}\n");
    struct scene_rows rows = {0};
    struct world_order order = {.scenario = scene.scenario, .policy = scene_policy(&scene, 0),
                                .replication = 1, .sink = {scene_keep, &rows}};
    struct world *world = world_build(&order);
    world_run(world);
    size_t open = 0;
    for (size_t i = 0; i < 1000; i++)
        open += world->outer[0].instances[i].backends.ops != NULL;
    assert_in_range(open, 5, 10);
    world_free(world);
    free(rows.rows);
    scene_close(&scene);
}

/* -- what a policy hears in its tier -- */

static sim_time heard_latency;
static uint32_t heard_count;
static uint16_t heard_status;

static backend_id hearing_pick(void *state, const struct view *view,
                               const struct request *request, struct rng *rng)
{
    (void)state, (void)request, (void)rng;
    return view_eligible(view, 0);
}

static void hearing_learn(void *state, const struct view *view,
                          const struct outcome_report *outcome)
{
    (void)state, (void)view;
    heard_latency = outcome->latency;
    heard_status = outcome->status;
    heard_count++;
}

static const struct policy_ops hearing = {
    .kind = {.name = "hearing", .summary = "Keeps what it hears"},
    .pick = hearing_pick,
    .learn = hearing_learn,
};

static void hear(const char *edge, const char *inner, const char *pods)
{
    static const struct param_kind policy = {.kind = &hearing.kind, .label = "hearing"};
    struct scene scene;
    scene_open(&scene, "run: {duration: 5ms, warmup: 0s, replications: 1, seed: 1}\n"
                       "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 100us, "
                       "timeout: 500us}]\npods: [{%s}]\n"
                       "network: {to_balancer: 10us, to_pod: 5us}\nbalancers:\n"
                       "  - {name: edge, policy: [%s], to_backend: 20us}\n"
                       "  - {name: middle, policy: random, to_backend: 3us}\n"
                       "  - {name: inner, policy: [%s]}\n", pods, edge, inner);
    struct scene_rows rows = {0};
    struct world_order order = {.scenario = scene.scenario, .policy = &policy,
                                .replication = 1, .sink = {scene_keep, &rows}};
    heard_count = 0;
    struct world *world = world_build(&order);
    world_run(world);
    world_free(world);
    free(rows.rows);
    scene_close(&scene);
}

/* Its own latency each: 5 + 100 + 5 us in the last tier, 20 + 3 + 110 + 3 + 20 in the first.
   A pod that takes a second: what the client does not wait for, is given up 490 us after the
   edge sent it on. */
static void test_hears_its_own_latency(void **state)
{
    (void)state;
    hear("random", "random, p2c", "workers: 9");
    assert_in_range(heard_count, 4, 5);
    assert_int_equal(heard_latency, 110 * SIM_MICROSECOND);
    assert_int_equal(heard_status, 200);
    hear("random, p2c", "random", "workers: 9");
    assert_in_range(heard_count, 4, 5);
    assert_int_equal(heard_latency, 156 * SIM_MICROSECOND);
    hear("random, p2c", "random", "workers: 9, speed: 0.0001");
    assert_int_equal(heard_latency, 490 * SIM_MICROSECOND);
    assert_int_equal(heard_status, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_hears_its_own_latency),
    cmocka_unit_test(test_instances),
    cmocka_unit_test(test_views_are_opened_when_needed),
};

TEST_MAIN(tests)
