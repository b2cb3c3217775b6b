/* SPDX-License-Identifier: GPL-3.0-or-later
   Delays: each leg of each request draws its own, the same whoever serves it. */
#include "tests/law.h"
#include "tests/theory/scene.h"

static struct scene_rows run(struct scene *scene, size_t policy)
{
    struct scene_rows rows = scene_run(scene, policy, 1);
    scene_sort(&rows);
    return rows;
}

static void open_random_network(struct scene *scene)
{
    scene_open(scene,
               "run: {duration: 20s, warmup: 0s, replications: 1, seed: 1}\n"
               "clients: [{arrivals: {poisson: {rate: 2/ms}}, demand: 10us}]\n"
               "pods: [{count: 4, workers: 1000}]\n"
               "network: {to_balancer: {exponential: {mean: 1ms}}, "
               "to_pod: {uniform: {min: 1ms, max: 3ms}}}\n"
               "balancers: [{policy: [random, least_connections]}]\n");
}

static void test_a_delay_is_its_request_s(void **state)
{
    (void)state;
    struct scene scene;
    open_random_network(&scene);
    struct scene_rows one = run(&scene, 0), two = run(&scene, 1);
    size_t count = one.count < two.count ? one.count : two.count, elsewhere = 0;
    assert_true(count > 30000);
    for (size_t i = 0; i < count; i++) {
        const struct trace_row *a = &one.rows[i], *b = &two.rows[i];
        if (a->phase != PHASE_MEASURE)
            continue;
        elsewhere += a->pod != b->pod;
        assert_int_equal(a->received - a->sent, b->received - b->sent);
        assert_int_equal(a->arrived - a->dispatched, b->arrived - b->dispatched);
        assert_int_equal(a->ended - a->served, b->ended - b->served);
    }
    assert_true(elsewhere > count / 2);
    free(one.rows);
    free(two.rows);
    scene_close(&scene);
}

/* Moments of each leg, and no correlation between those of a request. */
static void test_laws_of_the_legs(void **state)
{
    (void)state;
    struct scene scene;
    open_random_network(&scene);
    struct scene_rows rows = run(&scene, 0);
    double *there = calloc(rows.count, sizeof *there), *on = calloc(rows.count, sizeof *on);
    double product = 0;
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        if (row->phase != PHASE_MEASURE)
            continue;
        there[count] = (double)(row->received - row->sent);
        on[count] = (double)(row->arrived - row->dispatched);
        product += (there[count] - 1e6) * (on[count] - 2e6);
        count++;
    }
    law_assert_moments(there, count, 1e6, 1e12);
    law_assert_moments(on, count, 2e6, 4e12 / 12);
    double n = (double)count;
    ASSERT_NEAR(product / n / sqrt(1e12 * 4e12 / 12), 0, 5 / sqrt(n));
    free(there);
    free(on);
    free(rows.rows);
    scene_close(&scene);
}

/* Constant delays: to the nanosecond. */
static void test_constant(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene,
               "run: {duration: 200ms, warmup: 0s, replications: 1, seed: 1}\n"
               "clients: [{arrivals: {poisson: {rate: 2/ms}}, demand: 10us}]\n"
               "pods: [{count: 4}]\n"
               "network: {to_balancer: 123456ns, to_pod: 7ns}\n"
               "balancers: [{policy: p2c}]\n");
    struct scene_rows rows = run(&scene, 0);
    for (size_t i = 0; i < rows.count; i++) {
        const struct trace_row *row = &rows.rows[i];
        if (row->outcome != OUTCOME_OK)
            continue;
        assert_int_equal(row->received - row->sent, 123456);
        assert_int_equal(row->arrived - row->dispatched, 7);
        assert_int_equal(row->ended - row->served, 123463);
    }
    assert_true(rows.count > 300);
    free(rows.rows);
    scene_close(&scene);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_delay_is_its_request_s),
    cmocka_unit_test(test_laws_of_the_legs),
    cmocka_unit_test(test_constant),
};

TEST_MAIN(tests)
