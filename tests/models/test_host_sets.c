/* SPDX-License-Identifier: GPL-3.0-or-later
   Host sets around real policies: who gets which share as pods fail, each set's own turns,
   limits and counts that they share.  Loads are worked out by hand from Envoy's formulas. */
#include "models/host_sets.h"

#include "tests/theory/scene.h"

enum { PODS = 40, PICKS = 20000, SPLIT = 20 };

struct fixture {
    struct scene scene;
    struct arena arena;
    struct param_kind locality;
    struct host_sets_plan plan;
    struct backends backends;
    struct backend list[PODS];
    uint8_t level_of[PODS];
    uint32_t zone_of[PODS], home, callers[2];
    char names[PODS][8];
    uint32_t got[PODS];
};

static const char *const zones[] = {"a", "b"};

/* `count` pods: the first SPLIT have priority 0, the others 1, or all 0 for `levels` 1; those
   with even numbers are in zone a, the others in b.  The balancer is in a. */
static void fixture_open(struct fixture *fixture, const char *balancer, uint32_t levels,
                         uint32_t count, uint32_t limit)
{
    *fixture = (struct fixture){.callers = {1, 1}};
    scene_open(&fixture->scene,
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms}]\n"
               "pods: [{name: a, zone: a}, {name: b, zone: b}]\nbalancers: [{%s}]\n", balancer);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(fixture->names[i], sizeof fixture->names[i], "p%u", i);
        fixture->list[i] =
            (struct backend){fixture->names[i], fixture->names[i], zones[i % 2], i, 1};
        fixture->level_of[i] = levels > 1 && i >= SPLIT;
        fixture->zone_of[i] = i % 2;
    }
    fixture->plan = (struct host_sets_plan){
        .policy = scene_policy(&fixture->scene, 0),
        .locality = &scene_tier(&fixture->scene)->locality,
        .level_of = fixture->level_of,
        .zone_of = fixture->zone_of,
        .zones = zones,
        .callers = fixture->callers,
        .home_of = &fixture->home,
        .level_count = levels,
        .zone_count = 2,
        .key = 11,
    };
    const struct backends_place place = {
        .limit = limit,
        .peers = 1,
        .key = 5,
        .overprovisioning =
            (uint32_t)(100 * scene_tier(&fixture->scene)->overprovisioning + 0.5),
        .panic = (uint32_t)(100 * scene_tier(&fixture->scene)->panic + 0.5),
        .level_of = fixture->level_of,
        .level_count = levels,
    };
    backends_open(&fixture->backends, host_sets_join(&fixture->plan), fixture->list, count,
                  place, &fixture->arena);
}

static void fixture_close(struct fixture *fixture)
{
    arena_free(&fixture->arena);
    scene_close(&fixture->scene);
}

static void fixture_down(struct fixture *fixture, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        backends_set_up(&fixture->backends, i, false);
    backends_update(&fixture->backends);
}

/* What each pod gets of many requests with keys of their own, each of which ends at once. */
static void fixture_run(struct fixture *fixture)
{
    memset(fixture->got, 0, sizeof fixture->got);
    for (uint32_t i = 0; i < PICKS; i++) {
        backend_id pick =
            backends_pick(&fixture->backends, i, &(struct request){.key = i, .user = i});
        assert_true(pick < PODS);
        assert_true(fixture->backends.is_up[pick]);
        backends_sent(&fixture->backends, pick);
        backends_done(&fixture->backends, pick);
        fixture->got[pick]++;
    }
}

/* The share of pods from, from + step, … below `to`; 5 deviations of independent draws. */
static void assert_share(const struct fixture *fixture, uint32_t from, uint32_t to,
                         uint32_t step, double share)
{
    uint32_t sum = 0;
    for (uint32_t i = from; i < to; i += step)
        sum += fixture->got[i];
    ASSERT_NEAR(sum, share * PICKS, 5 * sqrt(PICKS * share * (1 - share)) + 2);
}

static void assert_spill(const char *balancer, uint32_t down, double first)
{
    struct fixture fixture;
    fixture_open(&fixture, balancer, 2, PODS, UINT32_MAX);
    fixture_down(&fixture, 0, down);
    fixture_run(&fixture);
    assert_share(&fixture, 0, SPLIT, 1, first);
    fixture_close(&fixture);
}

/* 20 pods of each priority.  15 of 20: 105, all stays.  14: 98.  10: 70.  None: 0.  Whatever
   the policy: a table of keys chooses by the hash of the key. */
static void test_spill_over(void **state)
{
    (void)state;
    static const char *const policies[] = {"round_robin", "envoy.least_request",
                                           "envoy.maglev", "haproxy.leastconn", "random"};
    char text[64];
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        snprintf(text, sizeof text, "policy: %s", policies[i]);
        assert_spill(text, 0, 1);
        assert_spill(text, 5, 1);
        assert_spill(text, 6, 0.98);
        assert_spill(text, 10, 0.7);
        assert_spill(text, 20, 0);
    }
}

/* Half up: all stays with 200 %, half of it with 100 %; 8 of 10 are 80 with 100 %. */
static void test_overprovisioning(void **state)
{
    (void)state;
    assert_spill("policy: round_robin, overprovisioning: 200%", 10, 1);
    assert_spill("policy: round_robin, overprovisioning: 100%", 10, 0.5);
    assert_spill("policy: round_robin, overprovisioning: 100%", 4, 0.8);
}

/* Both low, no panic: 5 of 20 are 35 and 35, of 70: halves.  Only who is up gets any. */
static void test_both_low(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "policy: round_robin", 2, PODS, UINT32_MAX);
    fixture_down(&fixture, 5, SPLIT);
    fixture_down(&fixture, SPLIT + 5, PODS);
    fixture_run(&fixture);
    assert_share(&fixture, 0, 5, 1, 0.5);
    assert_share(&fixture, SPLIT, SPLIT + 5, 1, 0.5);
    fixture_close(&fixture);
}

/* 1 of 20 is 7, 11 of 20 are 77, together 84: 8 and 91, and 1 left for the first, which alone
   panics (5 % are fewer than half): all its pods get their part of the 9 %. */
static void test_panic_of_one(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "policy: round_robin, panic: 50%", 2, PODS, UINT32_MAX);
    fixture_down(&fixture, 1, SPLIT);
    fixture_down(&fixture, SPLIT + 11, PODS);
    assert_int_equal(fixture.backends.up_count, SPLIT + 11);
    fixture_run(&fixture);
    assert_share(&fixture, 0, SPLIT, 1, 0.09);
    assert_share(&fixture, 0, 1, 1, 0.09 / SPLIT);
    assert_share(&fixture, SPLIT, SPLIT + 11, 1, 0.91);
    fixture_close(&fixture);
}

/* With enough in the second there is no panic, however few are up in the first. */
static void test_no_panic(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "policy: round_robin, panic: 50%", 2, PODS, UINT32_MAX);
    fixture_down(&fixture, 1, SPLIT);
    assert_int_equal(fixture.backends.up_count, 1 + SPLIT);
    fixture_run(&fixture);
    assert_share(&fixture, 0, 1, 1, 0.07);
    assert_share(&fixture, SPLIT, PODS, 1, 0.93);
    fixture_close(&fixture);
}

/* All panic: by the number of pods, half each, up or not. */
static void test_panic_of_all(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "policy: random, panic: 50%", 2, PODS, UINT32_MAX);
    fixture_down(&fixture, 0, PODS);
    fixture_run(&fixture);
    assert_share(&fixture, 0, SPLIT, 1, 0.5);
    assert_share(&fixture, 0, 1, 1, 0.5 / SPLIT);
    fixture_close(&fixture);
}

/* 9 % of the requests are for a priority in panic, and refused, as they are all where all
   panic: by Envoy's choice of those who would rather fail. */
static void test_failing_in_panic(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "zones: [a, b], count: 2, policy: round_robin, panic: 50%, locality: "
                           "{envoy_zone_aware: {fail_traffic_on_panic: true}}", 2, PODS,
                 UINT32_MAX);
    assert_true((fixture.backends.ops->traits & POLICY_REFUSES) != 0);
    fixture_down(&fixture, 1, SPLIT);
    fixture_down(&fixture, SPLIT + 11, PODS);
    uint32_t refused = 0;
    for (uint32_t i = 0; i < PICKS; i++) {
        backend_id pick = backends_pick(&fixture.backends, i, &(struct request){.key = i});
        assert_true(pick == NO_BACKEND || (pick >= SPLIT && pick < SPLIT + 11));
        refused += pick == NO_BACKEND;
    }
    ASSERT_NEAR(refused, 0.09 * PICKS, 5 * sqrt(PICKS * 0.09 * 0.91));
    fixture_down(&fixture, SPLIT, PODS);
    assert_int_equal(backends_pick(&fixture.backends, 0, &(struct request){0}), NO_BACKEND);
    fixture_close(&fixture);
}

/* A change among the second's pods leaves the first's turns where they are, though this
   policy begins anew with each change. */
static void test_turns_of_their_own(void **state)
{
    (void)state;
    static const char text[] = "policy: {envoy.round_robin: {start: first}}";
    struct fixture one, other;
    fixture_open(&one, text, 2, PODS, UINT32_MAX);
    fixture_open(&other, text, 2, PODS, UINT32_MAX);
    one.list[0].weight = other.list[0].weight = 2;
    backends_update(&one.backends);
    backends_update(&other.backends);
    for (int i = 0; i < 50; i++) {
        if (i == 7)
            fixture_down(&other, SPLIT, SPLIT + 3);
        assert_int_equal(backends_pick(&one.backends, 0, &(struct request){0}),
                         backends_pick(&other.backends, 0, &(struct request){0}));
    }
    fixture_close(&one);
    fixture_close(&other);
}

/* a has 70, b 30; half of a's pods down: 70 * 0.7 = 49 of 79.  Tables of keys do not heed how
   many are up: 70 for whoever is left in a. */
static void test_weights(void **state)
{
    (void)state;
    static const char *const policies[] = {"envoy.round_robin", "envoy.ring_hash",
                                           "envoy.maglev"};
    char text[128];
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        bool turns = i == 0;
        double near = turns ? 0.001 : 0.03;
        struct fixture fixture;
        snprintf(text, sizeof text,
                 "policy: %s, locality: {locality_weighted: {weights: {a: 70, b: 30}}}",
                 policies[i]);
        fixture_open(&fixture, text, 1, SPLIT, UINT32_MAX);
        fixture_run(&fixture);
        uint32_t sum = 0, after = 0;
        for (uint32_t k = 0; k < SPLIT; k += 2)
            sum += fixture.got[k];
        for (uint32_t k = 0; k < SPLIT / 2; k += 2)
            backends_set_up(&fixture.backends, k, false);
        backends_update(&fixture.backends);
        fixture_run(&fixture);
        for (uint32_t k = 0; k < SPLIT; k += 2)
            after += fixture.got[k];
        ASSERT_NEAR(1.0 * sum / PICKS, 0.7, near);
        ASSERT_NEAR(1.0 * after / PICKS, turns ? 49 / 79.0 : 0.7, near);
        fixture_close(&fixture);
    }
}

/* b fails as a whole: a's hosts keep their quarter of a half each, as many points as before and
   with them their keys; only those of b's move. */
static void test_keys_of_other_zones(void **state)
{
    (void)state;
    static const char *const policies[] = {"{envoy.ring_hash: {minimum_ring_size: 64}}",
                                           "envoy.maglev"};
    char text[160];
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct fixture fixture;
        backend_id before[500];
        uint32_t moved = 0, stays = 0;
        snprintf(text, sizeof text,
                 "policy: %s, locality: {locality_weighted: {weights: {a: 1, b: 1}}}",
                 policies[i]);
        fixture_open(&fixture, text, 1, 8, UINT32_MAX);
        for (uint32_t k = 0; k < 500; k++)
            before[k] = backends_pick(&fixture.backends, 0, &(struct request){.key = k});
        for (uint32_t k = 1; k < 8; k += 2)
            backends_set_up(&fixture.backends, k, false);
        backends_update(&fixture.backends);
        for (uint32_t k = 0; k < 500; k++) {
            stays += before[k] % 2 == 0;
            backend_id now = backends_pick(&fixture.backends, 0, &(struct request){.key = k});
            moved += before[k] % 2 == 0 && now != before[k];
        }
        if (i == 0 ? moved > 0 : moved > stays / 2)
            fail_msg("%s: %u of %u keys of a moved", policies[i], moved, stays);
        fixture_close(&fixture);
    }
}

/* Two pods in each of two priorities, 60 requests at the second's: the bound of 100 % is
   (60 + 1) * 100 / 100 / 2 = 31 for each of the first's, not (0 + 1) / 2, so that all of one
   key stay where they are. */
static void test_bound_counts_all(void **state)
{
    (void)state;
    static const char *const policies[] = {"envoy.ring_hash", "envoy.maglev"};
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct fixture fixture;
        char text[96];
        snprintf(text, sizeof text, "policy: {%s: {hash_balance_factor: 100}}", policies[i]);
        fixture_open(&fixture, text, 2, SPLIT + 2, UINT32_MAX);
        for (uint32_t k = 2; k < SPLIT; k++)
            backends_set_member(&fixture.backends, k, false);
        backends_update(&fixture.backends);
        for (int k = 0; k < 60; k++)
            backends_sent(&fixture.backends, SPLIT + (backend_id)k % 2);
        const struct request request = {.key = 7};
        backend_id first = backends_pick(&fixture.backends, 0, &request);
        for (int k = 0; k < 20; k++) {
            backend_id pick = backends_pick(&fixture.backends, 0, &request);
            assert_int_equal(pick, first);
            backends_sent(&fixture.backends, pick);
        }
        fixture_close(&fixture);
    }
}

/* A zone of weight 0 gets nothing, unless nobody else is up. */
static void test_weight_zero(void **state)
{
    (void)state;
    static const char *const policies[] = {"round_robin", "envoy.ring_hash"};
    char text[128];
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct fixture fixture;
        snprintf(text, sizeof text,
                 "policy: %s, locality: {locality_weighted: {weights: {a: 0, b: 1}}}",
                 policies[i]);
        fixture_open(&fixture, text, 1, 4, UINT32_MAX);
        fixture_run(&fixture);
        assert_share(&fixture, 0, 4, 2, 0);
        backends_set_up(&fixture.backends, 1, false);
        backends_set_up(&fixture.backends, 3, false);
        backends_update(&fixture.backends);
        fixture_run(&fixture);
        assert_share(&fixture, 0, 4, 2, 1);
        fixture_close(&fixture);
    }
}

/* Callers half in a, where 4 of 20 pods are left: 6 down of a's 10 are 4 of 14, 2857; callers
   5000: 5714 stay. */
static void test_zone_aware(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "zones: [a, b], count: 2, policy: envoy.least_request, "
                           "locality: envoy_zone_aware", 1, SPLIT, UINT32_MAX);
    fixture_run(&fixture);
    assert_share(&fixture, 0, SPLIT, 2, 1);
    for (uint32_t i = 0; i < 12; i += 2)
        backends_set_up(&fixture.backends, i, false);
    backends_update(&fixture.backends);
    fixture_run(&fixture);
    assert_share(&fixture, 0, SPLIT, 2, 0.5714);
    for (uint32_t i = 1; i < SPLIT; i += 2)
        backends_set_up(&fixture.backends, i, i == 1);
    backends_update(&fixture.backends); /* 5 are too few: zones do not matter */
    fixture_run(&fixture);
    assert_share(&fixture, 1, 2, 1, 0.2);
    fixture_close(&fixture);
}

/* In a panic zones do not matter, weights or not: 4 of 20 are up, all get the same. */
static void test_zones_in_panic(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture, "policy: random, panic: 50%, locality: {locality_weighted: {weights: "
                           "{a: 70, b: 30}}}", 1, SPLIT, UINT32_MAX);
    fixture_run(&fixture);
    assert_share(&fixture, 0, SPLIT, 2, 0.7);
    fixture_down(&fixture, 4, SPLIT);
    fixture_run(&fixture);
    assert_share(&fixture, 0, SPLIT, 2, 0.5);
    assert_share(&fixture, 4, SPLIT, 1, 0.8);
    fixture_close(&fixture);
}

/* What is sent counts in every set that the pod is in, and a full pod is full in all. */
static void test_limit(void **state)
{
    (void)state;
    static const char *const policies[] = {"round_robin", "haproxy.leastconn",
                                           "envoy.least_request"};
    char text[128];
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct fixture fixture;
        snprintf(text, sizeof text,
                 "policy: %s, locality: {locality_weighted: {weights: {a: 1, b: 1}}}",
                 policies[i]);
        fixture_open(&fixture, text, 1, 4, 2);
        uint32_t sent = 0;
        for (int k = 0; k < 100; k++) {
            backend_id pick = backends_pick(&fixture.backends, k, &(struct request){0});
            if (pick == NO_BACKEND)
                continue;
            backends_sent(&fixture.backends, pick);
            sent++;
            assert_true(fixture.backends.outstanding[pick] <= 2);
        }
        assert_int_equal(sent, 8);
        assert_int_equal(fixture.backends.view.eligible_count, 0);
        backends_done(&fixture.backends, 3);
        backend_id pick = NO_BACKEND;
        for (int k = 0; k < 2 && pick == NO_BACKEND; k++) /* the other zone's turn is lost */
            pick = backends_pick(&fixture.backends, 200, &(struct request){0});
        assert_int_equal(pick, 3);
        fixture_close(&fixture);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_spill_over),   cmocka_unit_test(test_overprovisioning),
    cmocka_unit_test(test_both_low),
    cmocka_unit_test(test_panic_of_one), cmocka_unit_test(test_no_panic),
    cmocka_unit_test(test_panic_of_all), cmocka_unit_test(test_failing_in_panic),
    cmocka_unit_test(test_turns_of_their_own),
    cmocka_unit_test(test_weights),      cmocka_unit_test(test_weight_zero),
    cmocka_unit_test(test_keys_of_other_zones),
    cmocka_unit_test(test_bound_counts_all),
    cmocka_unit_test(test_zone_aware),   cmocka_unit_test(test_zones_in_panic),
    cmocka_unit_test(test_limit),
};

TEST_MAIN(tests)
