/* SPDX-License-Identifier: GPL-3.0-or-later
   The order that theory demands of policies on the same requests, and that every product's
   least connections is the shortest queue where one balancer sees all. */
#include "tests/theory/policies.h"

enum { POLICIES_MOST = 24 };

/* Runs all policies of a text: equal pods, Poisson arrivals, exponential service.  Weights
   are equal and great, because ipvs.twos draws from 0 to their sum inclusive and so has a
   favourite, by one unit of weight. */
static size_t run_all(struct policies_means *means, const char *policies, int pods, double load,
                      int requests)
{
    struct scene scene;
    double rate = load * pods;
    scene_open(&scene,
               "run: {duration: %.0fus, warmup: %.0fus, replications: 12, seed: 51}\n"
               "clients: [{arrivals: {poisson: {rate: %.0f/s}}, "
               "demand: {exponential: {mean: 1ms}}}]\n"
               "pods: [{count: %d, weight: 256}]\nbalancers: [{policy: [%s]}]\n",
               1e3 * requests / rate, 1e2 * requests / rate, 1e3 * rate, pods, policies);
    size_t count = scene_policies(&scene);
    assert_true(count <= POLICIES_MOST);
    for (size_t i = 0; i < count; i++)
        means[i] = policies_run(&scene, i);
    scene_close(&scene);
    for (size_t i = 0; i < count; i++) /* labels went with the scene */
        means[i].label = NULL;
    return count;
}

/* Each is better than the one before by more than chance. */
static void assert_falling(const char *policies, int pods, double load)
{
    struct policies_means means[POLICIES_MOST];
    size_t count = run_all(means, policies, pods, load, 40000);
    for (size_t i = 0; i + 1 < count; i++) {
        struct policies_gap gap = policies_compare(&means[i], &means[i + 1]);
        if (gap.mean <= gap.half)
            fail_msg("%d pods, load %g, [%s]: number %zu is worse than the next by %.3g ± %.2g "
                     "ms only", pods, load, policies, i, gap.mean, gap.half);
    }
}

static void test_order(void **state)
{
    (void)state;
    static const char policies[] = "random, round_robin, p2c, jsq, central_queue";
    assert_falling(policies, 10, 0.7);
    assert_falling(policies, 10, 0.9);
    assert_falling(policies, 100, 0.9);
}

static void test_more_choices(void **state)
{
    (void)state;
    static const char policies[] = "random, p2c, {p2c: {choices: 3}, as: three}, "
                                   "{p2c: {choices: 5}, as: five}, "
                                   "{p2c: {choices: 10}, as: ten}, jsq";
    assert_falling(policies, 100, 0.9);
}

static void test_idle_queue(void **state)
{
    (void)state;
    assert_falling("p2c, jiq, jsq", 100, 0.9);
    assert_falling("p2c, jiq", 100, 0.7);
}

/* No more than chance between the first and any other, and chance is kept small. */
static void assert_equal_means(const char *policies, int pods, double load)
{
    struct policies_means means[POLICIES_MOST];
    size_t count = run_all(means, policies, pods, load, 32000);
    for (size_t i = 1; i < count; i++) {
        struct policies_gap gap = policies_compare(&means[i], &means[0]);
        if (fabs(gap.mean) > gap.half + 1e-9 || gap.half > 0.02 * means[0].of[0])
            fail_msg("%d pods, load %g, [%s]: number %zu differs from the first by %.3g ± %.2g "
                     "ms", pods, load, policies, i, gap.mean, gap.half);
    }
}

static void test_least_connections_is_the_shortest_queue(void **state)
{
    (void)state;
    static const char policies[] =
        "jsq, least_connections, weighted_least_connections, nginx.least_conn, "
        "haproxy.leastconn, ipvs.wlc, ipvs.lc, ipvs.sed, ipvs.nq, avi.least_connections, "
        "finagle.heap_least_loaded, "
        "{envoy.least_request: {selection_method: FULL_SCAN}, as: envoy}";
    assert_equal_means(policies, 10, 0.7);
    assert_equal_means(policies, 10, 0.9);
    assert_equal_means(policies, 3, 0.9);
}

/* Two drawn without and with replacement. */
static void test_two_choices_of_products(void **state)
{
    (void)state;
    assert_equal_means("p2c, finagle.p2c_least_loaded, traefik.p2c, nginx.random_two", 10, 0.9);
    assert_equal_means("{p2c: {replacement: true}, as: again}, envoy.least_request, "
                       "grpc.least_request, ipvs.twos", 10, 0.9);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_order),
    cmocka_unit_test(test_more_choices),
    cmocka_unit_test(test_idle_queue),
    cmocka_unit_test(test_least_connections_is_the_shortest_queue),
    cmocka_unit_test(test_two_choices_of_products),
};

TEST_MAIN(tests)
