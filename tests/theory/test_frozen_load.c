/* SPDX-License-Identifier: GPL-3.0-or-later
   Which pod a policy picks when the loads do not change: exact chances over 400 000 bare
   decisions, held by chi-square (a false alarm in 10^7). */
#include "models/backends.h"
#include "tests/law.h"
#include "tests/theory/scene.h"

enum { PODS = 4, PICKS = 400000 };

/* Pod i has i requests outstanding; counts whom the policy picks. */
static void count_picks(const char *policy, double *counts)
{
    static const struct backend list[PODS] = {
        {.name = "a", .address = "a", .zone = "", .identity = 1, .weight = 1},
        {.name = "b", .address = "b", .zone = "", .identity = 2, .weight = 1},
        {.name = "c", .address = "c", .zone = "", .identity = 3, .weight = 1},
        {.name = "d", .address = "d", .zone = "", .identity = 4, .weight = 1},
    };
    struct scene scene;
    scene_open(&scene, "clients: [{arrivals: {poisson: {rate: 1/s}}, "
                       "demand: {exponential: {mean: 1ms}}}]\n"
                       "pods: [{count: 4}]\nbalancers: [{policy: [%s]}]\n", policy);
    struct backends backends;
    backends_open(&backends, scene_policy(&scene, 0), list, PODS,
                  (struct backends_place){.limit = UINT32_MAX, .peers = 1, .key = 77},
                  &scene.arena);
    for (backend_id pod = 0; pod < PODS; pod++)
        for (backend_id i = 0; i < pod; i++)
            backends_sent(&backends, pod);
    memset(counts, 0, PODS * sizeof *counts);
    for (uint64_t i = 0; i < PICKS; i++) {
        struct request request = {.key = i};
        backend_id pick = backends_pick(&backends, 0, &request);
        assert_true(pick < PODS);
        counts[pick]++;
    }
    scene_close(&scene);
}

static void assert_chances(const char *policy, const double *chances)
{
    double counts[PODS], expected[PODS];
    count_picks(policy, counts);
    print_message("    %s:", policy);
    for (int i = 0; i < PODS; i++) {
        expected[i] = chances[i] * PICKS;
        print_message(" %.4f (%.4f)", counts[i] / PICKS, chances[i]);
    }
    print_message("\n");
    law_assert_counts(counts, expected, PODS);
}

#define CHANCES(...) ((const double[PODS]){__VA_ARGS__})

/* Of d draws the least: P(at least i) = C(n - i, d) / C(n, d), or ((n - i) / n)^d when a pod
   may be drawn again. */
static void test_draws(void **state)
{
    (void)state;
    assert_chances("p2c", CHANCES(1 / 2.0, 1 / 3.0, 1 / 6.0, 0));
    assert_chances("p2c: {replacement: true}", CHANCES(7 / 16., 5 / 16., 3 / 16., 1 / 16.));
    assert_chances("p2c: {tie: random}", CHANCES(1 / 2.0, 1 / 3.0, 1 / 6.0, 0));
    assert_chances("p2c: {tie: last}", CHANCES(1 / 2.0, 1 / 3.0, 1 / 6.0, 0));
    assert_chances("p2c: {choices: 3}", CHANCES(3 / 4.0, 1 / 4.0, 0, 0));
    assert_chances("p2c: {choices: 3, replacement: true}",
                   CHANCES(37 / 64.0, 19 / 64.0, 7 / 64.0, 1 / 64.0));
    assert_chances("p2c: {choices: 4}", CHANCES(1, 0, 0, 0));
    assert_chances("p2c: {choices: 9}", CHANCES(1, 0, 0, 0));
    assert_chances("p2c: {choices: 1}", CHANCES(.25, .25, .25, .25));
}

static void test_blind(void **state)
{
    (void)state;
    assert_chances("random", CHANCES(.25, .25, .25, .25));
    assert_chances("round_robin", CHANCES(.25, .25, .25, .25));
}

static void test_least(void **state)
{
    (void)state;
    assert_chances("least_connections", CHANCES(1, 0, 0, 0));
    assert_chances("least_connections: {tie: first}", CHANCES(1, 0, 0, 0));
    assert_chances("least_connections: {tie: rotate}", CHANCES(1, 0, 0, 0));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_draws),
    cmocka_unit_test(test_blind),
    cmocka_unit_test(test_least),
};

TEST_MAIN(tests)
