/* SPDX-License-Identifier: GPL-3.0-or-later
   gRPC's balancers but for its ring, pick by pick, held to the sequences and shares of
   grpc-go's own tests (balancer/). */
#include "tests/models/policies/bare.h"

static const sim_time second = 1000000000;

static void set_member(struct bare *bare, backend_id backend, bool member)
{
    backends_set_member(&bare->backends, backend, member);
    backends_update(&bare->backends);
}

static backend_id pick_at(struct bare *bare, sim_time now)
{
    return backends_pick(&bare->backends, now, &(struct request){0});
}

static void expect_at(struct bare *bare, sim_time now, const char *expected)
{
    char found[128] = "";
    for (size_t i = 0; expected[i] != '\0'; i++)
        found[i] = bare->list[pick_at(bare, now)].name[0];
    assert_string_equal(found, expected);
}

static void expect_shares(struct bare *bare, sim_time now, int picks, const double *shares,
                          double slack)
{
    double found[BARE_MOST] = {0};
    for (int i = 0; i < picks; i++)
        found[pick_at(bare, now)]++;
    for (uint32_t i = 0; i < bare->backends.view.count; i++)
        ASSERT_NEAR(found[i], picks * shares[i], slack);
}

/* -- pick first -- */

static void test_pick_first(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.pick_first", 3);
    bare_expect(&bare, "aaa");
    bare_set_up(&bare, 0, false);
    bare_expect(&bare, "bb");
    bare_set_up(&bare, 0, true);
    bare_expect(&bare, "bb");
    set_member(&bare, 1, false);
    bare_expect(&bare, "a");
    /* Lost and back before anybody needs it. */
    bare_set_up(&bare, 0, false);
    bare_set_up(&bare, 0, true);
    bare_expect(&bare, "a");
    bare_set_up(&bare, 0, false);
    bare_set_up(&bare, 2, false);
    bare_expect(&bare, "-");
    bare_close(&bare);
}

/* Who leads a shuffled list of 1:2:3:4 does so by weight. */
static void test_pick_first_shuffled(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.pick_first: {shuffle_address_list: true}", 5);
    double found[5] = {0};
    for (uint32_t i = 0; i < 4; i++)
        bare.list[i].weight = i + 1;
    for (int i = 0; i < 10000; i++) {
        bare_set_up(&bare, 4, true);
        for (backend_id k = 0; k < 4; k++)
            backends_set_member(&bare.backends, k, false);
        backends_update(&bare.backends);
        backends_set_up(&bare.backends, 4, false);
        for (backend_id k = 0; k < 4; k++)
            backends_set_member(&bare.backends, k, true);
        backends_update(&bare.backends);
        found[pick_at(&bare, 0)]++;
    }
    for (uint32_t i = 0; i < 4; i++)
        ASSERT_NEAR(found[i], 1000 * (i + 1), 150);
    bare_close(&bare);
}

/* -- round robin -- */

static void test_round_robin(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.round_robin: {start: first, skip: 1}", 4);
    bare_expect(&bare, "bcdab");
    bare_set_up(&bare, 1, false);
    bare_expect(&bare, "cdac");
    bare_set_up(&bare, 1, true);
    bare_expect(&bare, "bcd");
    bare_close(&bare);
}

/* From a random place, anew after every update, in the order of the list. */
static void test_round_robin_at_random(void **state)
{
    (void)state;
    struct bare bare;
    double first[4] = {0};
    bare_open(&bare, "grpc.round_robin", 4);
    for (int i = 0; i < 4000; i++) {
        backends_update(&bare.backends);
        backend_id pick = pick_at(&bare, 0);
        first[pick]++;
        for (uint32_t k = 1; k < 9; k++)
            assert_int_equal(pick_at(&bare, 0), (pick + k) % 4);
    }
    for (uint32_t i = 0; i < 4; i++)
        ASSERT_NEAR(first[i], 1000, 120);
    bare_close(&bare);
}

/* Go: some order, the same round after round, until the next update. */
static void test_round_robin_shuffled(void **state)
{
    (void)state;
    struct bare bare;
    bool differs = false;
    bare_open(&bare, "grpc.round_robin: {order: shuffled}", 4);
    for (int i = 0; i < 50; i++) {
        backend_id order[12];
        backends_update(&bare.backends);
        for (int k = 0; k < 12; k++)
            order[k] = pick_at(&bare, 0);
        for (int k = 0; k < 4; k++)
            for (int other = 0; other < k; other++)
                assert_int_not_equal(order[k], order[other]);
        for (int k = 4; k < 12; k++)
            assert_int_equal(order[k], order[k - 4]);
        differs |= order[1] != (order[0] + 1) % 4;
    }
    assert_true(differs);
    bare_close(&bare);
}

/* -- weighted round robin -- */

static void report_at(struct bare *bare, sim_time now, backend_id backend, double utilisation,
                      bool success)
{
    struct load_report report = {.backend = backend, .rate = 10, .utilisation = utilisation};
    struct outcome_report outcome = {
        .backend = backend, .success = success, .load = success ? &report : NULL};
    struct backends *backends = &bare->backends;
    backends->view.now = now;
    backends->ops->learn(backends->state, &backends->view, &outcome);
}

static const double one_to_ten[] = {1 / 11.0, 10 / 11.0}, halves[] = {0.5, 0.5};

/* 10/1 against 10/0.1, once the blackout is over and weights are read. */
static void test_reported_weights(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.weighted_round_robin", 2);
    report_at(&bare, 0, 0, 1, true);
    report_at(&bare, 0, 1, 0.1, true);
    expect_shares(&bare, 10 * second - 1, 100, halves, 0);
    expect_shares(&bare, 10 * second, 110, one_to_ten, 2);
    expect_shares(&bare, 180 * second - 1, 110, one_to_ten, 2);
    expect_shares(&bare, 180 * second, 100, halves, 0);
    bare_close(&bare);
}

/* Half a penalty of 1.8 for errors is 0.9, which makes both weights 10. */
static void test_error_penalty(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare,
              "grpc.weighted_round_robin: {blackout_period: 0s, error_utilization_penalty: 1.8}",
              2);
    report_at(&bare, 0, 0, 1, true);
    report_at(&bare, 0, 1, 0.1, true);
    expect_shares(&bare, second, 110, one_to_ten, 2);
    report_at(&bare, second, 1, 0, false);
    report_at(&bare, second, 1, 0.1, false);
    report_at(&bare, second, 1, 0.1, true);
    expect_shares(&bare, 2 * second - 1, 110, one_to_ten, 2);
    expect_shares(&bare, 2 * second, 100, halves, 0);
    bare_close(&bare);
}

/* Weights 5:1:1, in the order of tests/models/blocks/test_stride.c; an update begins anew, and
   an endpoint connected to anew gets the mean of the others, 3. */
static void test_order(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.weighted_round_robin: {start: first, blackout_period: 0s}", 3);
    expect_at(&bare, 0, "abca");
    for (backend_id i = 0; i < 3; i++)
        report_at(&bare, 1, i, i == 0 ? 0.2 : 1, true);
    /* The counter stands at 4, in round 1: b's rounds are 2 and 7, c's 5. */
    expect_at(&bare, second, "abaaacaabaa");
    backends_update(&bare.backends);
    expect_at(&bare, second, "acaabaa");
    bare_set_up(&bare, 2, false);
    bare_set_up(&bare, 2, true);
    expect_shares(&bare, second, 90, (const double[]){5 / 9.0, 1 / 9.0, 3 / 9.0}, 1);
    bare_close(&bare);
}

/* A million to one: in Go the light ones round to nothing, in C++ they keep 1 % of the mean. */
static void test_clamp(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.weighted_round_robin: {start: first, clamp: true}", 12);
    for (backend_id i = 0; i < 12; i++)
        report_at(&bare, 0, i, i == 0 ? 1e-6 : 1, true);
    double found = 0;
    for (int i = 0; i < 1000; i++)
        found += pick_at(&bare, 11 * second) == 0;
    assert_true(found < 1000 && found > 900);
    bare_close(&bare);
    bare_open(&bare, "grpc.weighted_round_robin: {start: first}", 12);
    for (backend_id i = 0; i < 12; i++)
        report_at(&bare, 0, i, i == 0 ? 1e-6 : 1, true);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(pick_at(&bare, 11 * second), 0);
    bare_close(&bare);
}

/* -- least request -- */

/* The loaded one only when both draws fall on it; more than 10 draws count as 10. */
static void test_least_request(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.least_request", 2);
    backends_sent(&bare.backends, 0);
    expect_shares(&bare, 0, 10000, (const double[]){0.25, 0.75}, 200);
    bare_close(&bare);
    bare_open(&bare, "grpc.least_request: {choice_count: 1000}", 2);
    backends_sent(&bare.backends, 0);
    expect_shares(&bare, 0, 102400, (const double[]){1 / 1024.0, 1023 / 1024.0}, 40);
    bare_close(&bare);
}

/* -- random subsetting -- */

/* Five of ten with seed 0: the order is that of grpc-go's test. */
static void test_subset(void **state)
{
    (void)state;
    struct bare bare;
    char addresses[10][16];
    bare_open(&bare, "grpc.random_subsetting: {subset_size: 5, seed: 0, start: first}", 10);
    for (uint32_t i = 0; i < 10; i++) {
        snprintf(addresses[i], sizeof addresses[i], "endpoint-%u", i);
        bare.list[i].address = addresses[i];
    }
    backends_update(&bare.backends);
    bare_expect(&bare, "gabhdgabhd");
    /* Down ones keep their place in the subset; removed ones make room. */
    bare_set_up(&bare, 6, false);
    bare_expect(&bare, "abhdabhd");
    set_member(&bare, 6, false);
    backend_id next = 0;
    for (int i = 0; i < 5; i++)
        next = pick_at(&bare, 0);
    assert_true(next != 0 && next != 1 && next != 7 && next != 3 && next != 6);
    bare_close(&bare);
}

/* No more members than the subset takes: the list as it is.  All of a subset down: nobody. */
static void test_subset_edges(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "grpc.random_subsetting: {subset_size: 3, start: first}", 3);
    bare_expect(&bare, "abca");
    bare_close(&bare);
    bare_open(&bare, "grpc.random_subsetting: {subset_size: 1, start: first}", 8);
    backend_id chosen = bare_send(&bare);
    for (int i = 0; i < 20; i++)
        assert_int_equal(bare_send(&bare), chosen);
    bare_set_up(&bare, chosen, false);
    bare_expect(&bare, "--");
    bare_close(&bare);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pick_first),
    cmocka_unit_test(test_pick_first_shuffled),
    cmocka_unit_test(test_round_robin),
    cmocka_unit_test(test_round_robin_at_random),
    cmocka_unit_test(test_round_robin_shuffled),
    cmocka_unit_test(test_reported_weights),
    cmocka_unit_test(test_error_penalty),
    cmocka_unit_test(test_order),
    cmocka_unit_test(test_clamp),
    cmocka_unit_test(test_least_request),
    cmocka_unit_test(test_subset),
    cmocka_unit_test(test_subset_edges),
};

TEST_MAIN(tests)
