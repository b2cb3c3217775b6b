/* SPDX-License-Identifier: GPL-3.0-or-later
   When engines come and go: the rule by itself, and on a load without chance. */
#include "models/engines.h"

#include "tests/theory/scene.h"

static const struct engines_config test_config = {
    .min = 2, .out_above = 0.8, .in_below = 0.3, .interval = 10, .cooldown = 100, .step = 2};

static uint32_t wanted(uint32_t active, uint32_t starting, sim_time changed, double busy)
{
    struct engines engines = {.active = active, .starting = starting, .changed = changed};
    return engines_wanted(&test_config, &engines, busy, 1000, 5);
}

static void the_rule_has_bounds(void **state)
{
    (void)state;
    assert_int_equal(wanted(3, 0, SIM_NEVER, 0.8), 3);
    assert_int_equal(wanted(3, 0, SIM_NEVER, 0.81), 5);
    assert_int_equal(wanted(4, 0, SIM_NEVER, 0.81), 5); /* no more than there can be */
    assert_int_equal(wanted(5, 0, SIM_NEVER, 1.5), 5);
    assert_int_equal(wanted(3, 0, SIM_NEVER, 0.3), 3);
    assert_int_equal(wanted(3, 0, SIM_NEVER, 0.29), 2);
    assert_int_equal(wanted(2, 0, SIM_NEVER, 0), 2);
    assert_int_equal(wanted(3, 1, SIM_NEVER, 0.9), 3); /* some are starting */
    assert_int_equal(wanted(3, 0, 901, 0.9), 3);       /* not cool */
    assert_int_equal(wanted(3, 0, 900, 0.9), 5);
}

/* A request each ms of which an engine takes 0.9 ms: 90 % of one, so at 100 ms another is
   started that is there at 150, and both are 45 % busy.  From 500 ms on a fifth comes: at 600 it
   is 9 % of two, one goes. */
#define TEXT(router) \
    "run: {duration: 1s, warmup: 0s, replications: 1, seed: 1}\n" \
    "clients: [{arrivals: {deterministic: {rate: 1/ms}}, demand: 1us, users: 100, " \
    "rate: {steps: {points: [{at: 500ms, factor: 0.2}]}}, connections: {setup: 0}}]\n" \
    "pods: [{count: 3}]\nbalancers:\n" \
    "  - {name: router, policy: round_robin, per: " router "}\n" \
    "  - {name: engine, count: 3, policy: random, " \
    "decision_cost: {fixed: {pick: 900us, serial: true}}, " \
    "scale: {service_engines: {interval: 100ms, start: 50ms}}}\n"

static void assert_engines(const char *text)
{
    static const struct roster_tier_size sizes[] = {
        {0, 1}, {150 * SIM_MILLISECOND, 2}, {600 * SIM_MILLISECOND, 1}};
    struct scene scene;
    scene_open(&scene, "%s", text);
    struct scene_rows kept = {0};
    struct world_order order = {.scenario = scene.scenario,
                                .policy = scene_policy(&scene, 0),
                                .replication = 1,
                                .sink = {scene_keep, &kept}};
    struct world *world = world_build(&order);
    world_run(world);
    const struct roster_tier *tier = &world_roster(world)->tiers[1];
    assert_int_equal(tier->size_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(tier->sizes[i].at, sizes[i].at);
        assert_int_equal(tier->sizes[i].count, sizes[i].count);
    }
    size_t second = 0;
    for (size_t i = 0; i < kept.count; i++) {
        const struct trace_row *row = &kept.rows[i];
        second += row->balancer == 1;
        if (row->balancer != 0 && (row->sent < sizes[1].at || row->sent >= sizes[2].at))
            fail_msg("a request of %lld ms is at engine %d", (long long)row->sent / 1000000,
                     row->balancer);
    }
    assert_in_range(second, 20, 250);
    world_free(world);
    free(kept.rows);
    scene_close(&scene);
}

/* On connections too: a new engine gets only those of users who come later, and those to an engine
   that has gone are opened anew. */
static void engines_come_and_go(void **state)
{
    (void)state;
    assert_engines(TEXT("request"));
    assert_engines(TEXT("connection"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_rule_has_bounds),
    cmocka_unit_test(engines_come_and_go),
};

TEST_MAIN(tests)
