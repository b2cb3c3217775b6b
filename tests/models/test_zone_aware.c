/* SPDX-License-Identifier: GPL-3.0-or-later
   Envoy's zone-aware routing, in 10,000ths, worked out by hand: a zone's share of the pods,
   and of the callers, rounded down each. */
#include "models/zone_aware.h"
#include "tests/test.h"

enum { ZONES = 3, DRAWS = 100000 };

static const struct zone_aware_config usual = {.min_cluster_size = 6, .routing_enabled = 1};
static const struct zone_aware_config forced = {.min_cluster_size = 6, .routing_enabled = 1,
                                               .force_locality_direct_routing = true};

struct table {
    const struct zone_aware_config *config;
    struct zone_aware_zone zones[ZONES]; /* hosts, healthy, callers */
    uint32_t own;
    bool is_on;
    uint32_t local, residual[ZONES];
};

static void assert_table(const struct table *expected, int line)
{
    uint32_t residual[ZONES] = {7, 7, 7};
    struct zone_aware_routes found = {.residual = residual, .local = 7};
    zone_aware_find(expected->config, expected->zones, ZONES, expected->own, &found);
    if (found.is_on != expected->is_on)
        fail_msg("line %d: routing is %s", line, found.is_on ? "on" : "off");
    if (!found.is_on)
        return;
    if (found.local == ZONE_AWARE_WHOLE && expected->local == ZONE_AWARE_WHOLE)
        return; /* nobody asks for the residual */
    if (found.local != expected->local || residual[0] != expected->residual[0] ||
        residual[1] != expected->residual[1] || residual[2] != expected->residual[2])
        fail_msg("line %d: local %u of %u, residual %u %u %u of %u %u %u", line, found.local,
                 expected->local, residual[0], residual[1], residual[2], expected->residual[0],
                 expected->residual[1], expected->residual[2]);
}

#define TABLE(...) assert_table(&(struct table){__VA_ARGS__}, __LINE__)
#define ON true
#define OFF false

/* Pods 4, 3, 3: 4000 3000 3000.  Callers 1, 1, 1: 3333 each.  a is above its callers' share,
   so all of a stays; b keeps 3000 * 10000 / 3333 = 9000, and only a has more than its own:
   667. */
static void test_shares(void **state)
{
    (void)state;
    TABLE(&usual, {{4, 4, 1}, {3, 3, 1}, {3, 3, 1}}, 0, ON, 10000, {0});
    TABLE(&usual, {{4, 4, 1}, {3, 3, 1}, {3, 3, 1}}, 1, ON, 9000, {667, 667, 667});
    /* Callers 2, 2, 1 are 4000 4000 2000; pods 5, 10, 5 are 2500 5000 2500.  Of a's stay
       2500 * 10000 / 4000; b has 1000 and c 500 left. */
    TABLE(&usual, {{5, 5, 2}, {10, 10, 2}, {5, 5, 1}}, 0, ON, 6250, {0, 1000, 1500});
    /* Just equal is enough. */
    TABLE(&usual, {{2, 2, 1}, {2, 2, 1}, {4, 4, 2}}, 0, ON, 10000, {0});
}

/* Only healthy pods count: 2 of 8 are 2500, against 3333. */
static void test_health(void **state)
{
    (void)state;
    TABLE(&usual, {{4, 2, 1}, {3, 3, 1}, {3, 3, 1}}, 0, ON, 7500, {0, 417, 834});
    /* Nobody healthy in a: nothing stays.  3333 + 3333 are the others' callers, 5000 + 5000
       their pods. */
    TABLE(&usual, {{4, 0, 1}, {3, 3, 1}, {3, 3, 1}}, 0, ON, 0, {0, 1667, 3334});
    /* No pod in a at all: the same. */
    TABLE(&usual, {{0, 0, 1}, {3, 3, 1}, {3, 3, 1}}, 0, ON, 0, {0, 1667, 3334});
    /* Callers where no pods are still count: 2500 and 5000 of 4, pods 5000 each. */
    TABLE(&usual, {{3, 3, 1}, {3, 3, 2}, {0, 0, 1}}, 1, ON, 10000, {0});
    TABLE(&usual, {{3, 3, 1}, {3, 3, 2}, {0, 0, 1}}, 2, ON, 0, {2500, 2500, 2500});
}

static void test_off(void **state)
{
    (void)state;
    TABLE(&usual, {{2, 2, 1}, {2, 2, 1}, {1, 1, 1}}, 0, OFF, 0, {0});       /* 5 of 6 */
    TABLE(&usual, {{2, 2, 1}, {2, 2, 1}, {4, 1, 1}}, 0, OFF, 0, {0});       /* 5 healthy */
    TABLE(&usual, {{2, 2, 1}, {2, 2, 1}, {4, 2, 1}}, 0, ON, 10000, {0});
    TABLE(&usual, {{9, 9, 1}, {0, 0, 1}, {0, 0, 1}}, 0, OFF, 0, {0});       /* pods in one zone */
    TABLE(&usual, {{3, 3, 4}, {3, 3, 0}, {3, 3, 0}}, 0, OFF, 0, {0});       /* callers in one */
    TABLE(&usual, {{3, 3, 1}, {3, 3, 1}, {3, 3, 1}}, ZONE_AWARE_ANY, OFF, 0, {0});
}

/* All stays in the own zone, but not where nobody is healthy; one zone of callers will do. */
static void test_forced(void **state)
{
    (void)state;
    TABLE(&forced, {{1, 1, 1}, {9, 9, 1}, {9, 9, 1}}, 0, ON, 10000, {0});
    TABLE(&forced, {{1, 1, 4}, {9, 9, 0}, {9, 9, 0}}, 0, ON, 10000, {0});
    TABLE(&forced, {{1, 0, 1}, {9, 9, 1}, {9, 9, 1}}, 0, ON, 0, {0, 1667, 3334});
    TABLE(&forced, {{1, 1, 1}, {2, 2, 1}, {2, 2, 1}}, 0, OFF, 0, {0}); /* too few */
}

static void assert_draws(const struct zone_aware_routes *routes, double a, double b, double c,
                         double any)
{
    uint32_t found[ZONES + 1] = {0};
    struct rng rng;
    rng_open(&rng, 3, "draws", 0);
    for (int i = 0; i < DRAWS; i++) {
        uint32_t zone = zone_aware_choose(routes, &rng);
        found[zone == ZONE_AWARE_ANY ? ZONES : zone]++;
    }
    /* Five deviations: a false alarm in about a million. */
    ASSERT_NEAR(found[0], a * DRAWS, 5 * sqrt(DRAWS * a * (1 - a)));
    ASSERT_NEAR(found[1], b * DRAWS, 5 * sqrt(DRAWS * b * (1 - b)));
    ASSERT_NEAR(found[2], c * DRAWS, 5 * sqrt(DRAWS * c * (1 - c)));
    ASSERT_NEAR(found[ZONES], any * DRAWS, 5 * sqrt(DRAWS * any * (1 - any)));
}

static void test_draws(void **state)
{
    (void)state;
    uint32_t residual[ZONES] = {0, 1000, 1500}, none[ZONES] = {0, 0, 0};
    struct zone_aware_routes routes = {true, 100, 0, 6250, ZONES, residual};
    assert_draws(&routes, 0.625, 0.25, 0.125, 0);
    routes.enabled = 30;
    assert_draws(&routes, 0.3 * 0.625, 0.3 * 0.25, 0.3 * 0.125, 0.7);
    routes.enabled = 0;
    assert_draws(&routes, 0, 0, 0, 1);
    routes = (struct zone_aware_routes){true, 100, 0, 10000, ZONES, none};
    assert_draws(&routes, 1, 0, 0, 0);
    /* All that is left was lost in rounding: any zone. */
    routes.local = 4000;
    assert_draws(&routes, 0.6, 0.2, 0.2, 0);
    routes.is_on = false;
    assert_draws(&routes, 0, 0, 0, 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shares), cmocka_unit_test(test_health), cmocka_unit_test(test_off),
    cmocka_unit_test(test_forced), cmocka_unit_test(test_draws),
};

TEST_MAIN(tests)
