/* SPDX-License-Identifier: GPL-3.0-or-later
   Zones by weight: weight * min(1, 1.4 * healthy / hosts), worked out by hand; and that both
   kinds bind and refuse. */
#include "models/locality.h"
#include "tests/models/kind_bind.h"

enum { ZONES = 3, TURNS = 10000 };

static const char *const zones[ZONES] = {"a", "b", "c"};
static const uint32_t callers[ZONES] = {1, 1, 0};

struct fixture {
    struct kind_bound bound;
    struct arena arena;
    struct rng rng;
    struct locality locality;
};

static void fixture_open(struct fixture *fixture, const char *text)
{
    *fixture = (struct fixture){.bound = kind_bind(&locality_kinds, text)};
    rng_open(&fixture->rng, 1, "test", 0);
    locality_open(&fixture->locality, &fixture->bound.kind,
                  (struct locality_place){zones, callers, ZONES, 0, 140}, &fixture->rng,
                  &fixture->arena);
}

static void fixture_close(struct fixture *fixture)
{
    arena_free(&fixture->arena);
    arena_free(&fixture->bound.arena);
}

struct numbers {
    uint32_t hosts, healthy;
};

/* Shares of the zones over many turns: they are turns, not draws, so all but exact. */
static void assert_shares(struct fixture *fixture, const struct numbers now[ZONES],
                          const double expected[ZONES + 1], int line)
{
    uint32_t found[ZONES + 1] = {0};
    for (uint32_t i = 0; i < ZONES; i++) {
        fixture->locality.zones[i].hosts = now[i].hosts;
        fixture->locality.zones[i].healthy = now[i].healthy;
    }
    locality_update(&fixture->locality);
    for (int i = 0; i < TURNS; i++) {
        uint32_t zone = locality_choose(&fixture->locality, &fixture->rng);
        found[zone == LOCALITY_ANY ? ZONES : zone]++;
    }
    for (uint32_t i = 0; i <= ZONES; i++)
        if (fabs(found[i] - TURNS * expected[i]) > 2)
            fail_msg("line %d: zone %u has %u turns, expected %.2f", line, i, found[i],
                     TURNS * expected[i]);
}

#define NUMBERS(...) (const struct numbers[ZONES]){__VA_ARGS__}
#define SHARES(...) (const double[ZONES + 1]){__VA_ARGS__}
#define ASSERT_SHARES(numbers, shares) assert_shares(&fixture, numbers, shares, __LINE__)

static void test_weighted(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "{locality_weighted: {weights: {a: 70, b: 30, c: 0}}}");
    ASSERT_SHARES(NUMBERS({10, 10}, {10, 10}, {5, 5}), SHARES(0.7, 0.3));
    /* 8 of 11 are enough; as many pods as there may be in b, its weight is all it gets. */
    ASSERT_SHARES(NUMBERS({11, 8}, {100, 100}), SHARES(0.7, 0.3));
    /* 5 of 10: 70 * 0.7 = 49 of 79. */
    ASSERT_SHARES(NUMBERS({10, 5}, {10, 10}), SHARES(49 / 79.0, 30 / 79.0));
    /* Both at 0.7: as at first. */
    ASSERT_SHARES(NUMBERS({10, 5}, {10, 5}), SHARES(0.7, 0.3));
    ASSERT_SHARES(NUMBERS({10, 0}, {10, 1}), SHARES(0, 1));
    ASSERT_SHARES(NUMBERS({0, 0}, {10, 1}, {10, 10}), SHARES(0, 1));
    /* Nobody whose zone has a weight. */
    ASSERT_SHARES(NUMBERS({10, 0}, {10, 0}, {10, 10}), SHARES(0, 0, 0, 1));
    assert_true(locality_is_weighted(&fixture.bound.kind));
    assert_true(locality_is_everywhere(&fixture.bound.kind));
    ASSERT_NEAR(locality_weight(&fixture.bound.kind, "a"), 70, 0);
    ASSERT_NEAR(locality_weight(&fixture.bound.kind, "c"), 0, 0);
    ASSERT_NEAR(locality_weight(&fixture.bound.kind, "elsewhere"), -1, 0);
    fixture_close(&fixture);
}

/* A list says the same as a map. */
static void test_spelling(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture,
                 "{locality_weighted: {weights: [{zone: b, weight: 3}, {zone: a, weight: 1}]}}");
    ASSERT_SHARES(NUMBERS({2, 2}, {2, 2}), SHARES(0.25, 0.75));
    fixture_close(&fixture);
    kind_bind_refused(&locality_kinds, "{locality_weighted: {weights: {a: 0, b: 0}}}",
                      "all weights are 0");
    kind_bind_refused(&locality_kinds,
                      "{locality_weighted: {weights: [{zone: a, weight: 1}, {zone: a, weight: "
                      "2}]}}", "zone 'a' has two weights");
    kind_bind_refused(&locality_kinds, "{locality_weighted: {weights: {a: heavy}}}", "heavy");
    kind_bind_refused(&locality_kinds, "locality_weighted", "weights");
    kind_bind_refused(&locality_kinds, "{envoy_zone_aware: {routing_enabled: 120%}}",
                      "routing_enabled");
}

/* Half of the callers are in a, a third of the pods: 3333 * 10000 / 5000 = 6666 stay, b has
   nothing left for them and c all of its own. */
static void test_zone_aware(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "envoy_zone_aware");
    struct locality *locality = &fixture.locality;
    for (uint32_t i = 0; i < ZONES; i++)
        locality->zones[i].hosts = locality->zones[i].healthy = 2;
    locality_update(locality);
    assert_true(locality->routes.is_on);
    assert_int_equal(locality->routes.local, 6666);
    assert_int_equal(locality->routes.residual[1], 0);
    assert_int_equal(locality->routes.residual[2], 3333);
    for (int i = 0; i < 1000; i++) {
        uint32_t zone = locality_choose(locality, &fixture.rng);
        assert_true(zone == 0 || zone == 2);
    }
    locality->zones[0].healthy = 1; /* five are fewer than six */
    locality_update(locality);
    assert_int_equal(locality_choose(locality, &fixture.rng), LOCALITY_ANY);
    assert_false(locality_is_weighted(&fixture.bound.kind));
    assert_false(locality_is_everywhere(&fixture.bound.kind));
    ASSERT_NEAR(locality_weight(&fixture.bound.kind, "a"), -1, 0);
    fixture_close(&fixture);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_weighted),
    cmocka_unit_test(test_spelling),
    cmocka_unit_test(test_zone_aware),
};

TEST_MAIN(tests)
