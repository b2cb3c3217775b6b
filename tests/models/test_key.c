/* SPDX-License-Identifier: GPL-3.0-or-later
   Key laws against their chances. */
#include "models/key.h"
#include "tests/law.h"
#include "tests/theory/scene.h"

enum { DRAWS = 400000, KEYS_MAX = 64 };

static void count_keys(const char *law, double *counts, size_t keys)
{
    struct scene scene;
    scene_open(&scene,
               "clients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms, key: {%s}}]\n"
               "pods: [{}]\nbalancers: [{policy: random}]\n", law);
    const struct param_kind *key =
        &PARAM_ITEM(scene.scenario->clients, struct scenario_client, 0)->key;
    struct rng rng;
    uint64_t drawn[64];
    rng_open(&rng, 1, "key", 0);
    memset(counts, 0, keys * sizeof *counts);
    for (size_t i = 0; i < DRAWS; i++) {
        if (i % 64 == 0)
            key_draw_many(key, &rng, drawn, 64);
        assert_true(drawn[i % 64] < keys);
        counts[drawn[i % 64]]++;
    }
    scene_close(&scene);
}

static void assert_zipf(size_t keys, double exponent)
{
    char law[64];
    double counts[KEYS_MAX], expected[KEYS_MAX], sum = 0;
    snprintf(law, sizeof law, "zipf: {count: %zu, exponent: %g}", keys, exponent);
    count_keys(law, counts, keys);
    for (size_t i = 0; i < keys; i++)
        sum += expected[i] = pow((double)i + 1, -exponent);
    for (size_t i = 0; i < keys; i++)
        expected[i] *= DRAWS / sum;
    law_assert_counts(counts, expected, keys);
}

static void test_zipf(void **state)
{
    (void)state;
    assert_zipf(1, 1);
    assert_zipf(2, 0.99);
    assert_zipf(64, 0.99);
    assert_zipf(64, 2);
    assert_zipf(10, 0);
}

static void test_uniform(void **state)
{
    (void)state;
    double counts[10], expected[10];
    count_keys("uniform: {count: 10}", counts, 10);
    for (int i = 0; i < 10; i++)
        expected[i] = DRAWS / 10.0;
    law_assert_counts(counts, expected, 10);
}

static void test_hot_set(void **state)
{
    (void)state;
    double counts[10], expected[10];
    count_keys("hot_set: {count: 10, hot: 2, share: 60%}", counts, 10);
    for (int i = 0; i < 10; i++)
        expected[i] = DRAWS * (i < 2 ? 0.3 : 0.05);
    law_assert_counts(counts, expected, 10);
    count_keys("hot_set: {count: 3, share: 100%}", counts, 3);
    ASSERT_NEAR(counts[0], DRAWS, 0);
}

static void test_absent(void **state)
{
    (void)state;
    uint64_t keys[3] = {7, 7, 7};
    struct rng rng = {{1, 2, 3, 4}};
    const struct rng before = rng;
    key_draw_many(&(struct param_kind){0}, &rng, keys, 3);
    assert_true(keys[0] == 0 && keys[1] == 0 && keys[2] == 0);
    assert_memory_equal(&rng, &before, sizeof rng);
}

static void test_refused(void **state)
{
    (void)state;
    struct scene scene;
    struct problems problems = {0};
    scene_try(&scene,
              "version: 1\nname: key\nclients: [{arrivals: {poisson: {rate: 1/s}}, demand: 1ms, "
              "key: {hot_set: {count: 5, hot: 5, share: 10%}}}]\npods: [{}]\n"
              "balancers: [{policy: random}]\n", &problems);
    assert_null(scene.scenario);
    assert_non_null(strstr(problems.items[0].message, "hot (5) must be below count (5)"));
    problems_free(&problems);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_zipf),
    cmocka_unit_test(test_uniform),
    cmocka_unit_test(test_hot_set),
    cmocka_unit_test(test_absent),
    cmocka_unit_test(test_refused),
};

TEST_MAIN(tests)
