/* SPDX-License-Identifier: GPL-3.0-or-later
   Prequal: what it picks from a pool of given answers, and what stays in the pool. */
#include "tests/models/policies/timed.h"

static void test_hear(struct timed *timed, char pod, uint32_t in_flight, double milliseconds)
{
    const struct load_report report = {.backend = (backend_id)(pod - 'a'),
                                       .in_flight = in_flight,
                                       .latency = (sim_time)(milliseconds * 1e6)};
    timed->backends.ops->hear(timed->backends.state, &timed->backends.view, &report);
}

/* Fewer than two answers: any. */
static void test_too_few(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "prequal: {r_remove: 0}", "1111");
    test_hear(&timed, 'c', 0, 1);
    ASSERT_NEAR(timed_share(&timed, 'b'), 0.25, 0.012);
    timed_close(&timed);
}

/* Counts 1 1 9: the 0.84 quantile is 9, so nobody is hot and c is fastest; that makes it
   10 and hot.  b takes nine until it is at 10, a nine; then all are hot with 10 and the
   oldest wins. */
static void test_hot_and_cold(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "prequal: {r_remove: 0}", "111");
    test_hear(&timed, 'a', 1, 10);
    test_hear(&timed, 'b', 1, 5);
    test_hear(&timed, 'c', 9, 1);
    timed_expect(&timed, "cbbbbbbbbbaaaaaaaaaabca");
    timed_close(&timed);
}

/* Quantile 0 is control by requests in flight alone: a b c at 1 2 4, 2 2 4 (the oldest of
   equals), 3 2 4, 3 3 4, 4 3 4, 4 4 4, 5 4 4, 5 5 4; 1 is control by latency alone. */
static void test_quantile_ends(void **state)
{
    (void)state;
    for (int one = 0; one <= 1; one++) {
        struct timed timed;
        timed_open(&timed, one ? "prequal: {r_remove: 0, q_rif: 100%}"
                               : "prequal: {r_remove: 0, q_rif: 0%}", "111");
        test_hear(&timed, 'a', 1, 10);
        test_hear(&timed, 'b', 2, 1);
        test_hear(&timed, 'c', 4, 5);
        timed_expect(&timed, one ? "bbbbbbbb" : "aabababc");
        timed_close(&timed);
    }
}

/* One leaves after each pick: the oldest (a), the worst (d, slowest), the oldest (b);
   then one answer is not enough. */
static void test_removal(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "prequal: {q_rif: 100%}", "1111");
    test_hear(&timed, 'a', 1, 2);
    test_hear(&timed, 'b', 1, 5);
    test_hear(&timed, 'c', 1, 1);
    test_hear(&timed, 'd', 1, 20);
    timed_expect(&timed, "cc");
    timed_set_up(&timed, 'c', false); /* its answer goes with it, and b alone is left */
    test_hear(&timed, 'd', 1, 20);
    timed_expect(&timed, "b"); /* and goes, being the oldest */
    ASSERT_NEAR(timed_share(&timed, 'a'), 1. / 3, 0.012);
    timed_close(&timed);
}

/* (1 + delta) / ((1 - 2 / 4) 4 - 0): 1 for delta 1, 2 for delta 3. */
static void test_reuse(void **state)
{
    (void)state;
    for (int uses = 1; uses <= 2; uses++) {
        struct timed timed;
        timed_open(&timed, uses == 1 ? "prequal: {pool: 2, r_probe: 4, r_remove: 0}"
                                     : "prequal: {pool: 2, r_probe: 4, r_remove: 0, delta: 3}",
                   "1111");
        test_hear(&timed, 'a', 9, 1);
        test_hear(&timed, 'a', 0, 10);
        test_hear(&timed, 'b', 0, 5);
        timed_expect(&timed, uses == 1 ? "b" : "bb");
        ASSERT_NEAR(timed_share(&timed, 'd'), 0.25, 0.012);
        timed_close(&timed);
    }
}

static void test_age(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "prequal: {r_remove: 0}", "111");
    test_hear(&timed, 'a', 1, 1);
    timed_at(&timed, 500);
    test_hear(&timed, 'b', 1, 5);
    test_hear(&timed, 'c', 1, 3);
    timed_at(&timed, 1000);
    assert_int_equal(timed_ask(&timed), 'a');
    timed_at(&timed, 1001);
    assert_int_equal(timed_ask(&timed), 'c');
    timed_at(&timed, 1501);
    ASSERT_NEAR(timed_share(&timed, 'b'), 1. / 3, 0.012);
    timed_close(&timed);
}

/* a answers fastest because it fails: more than 20 % of the time. */
static void test_failing(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "prequal: {r_remove: 0, q_rif: 100%}", "11");
    timed_at(&timed, 10);
    test_hear(&timed, 'a', 0, 0.1);
    test_hear(&timed, 'b', 0, 5);
    for (int i = 0; i < 4; i++)
        timed_teach(&timed, 'a', 1);
    timed_expect(&timed, "a");
    timed_end(&timed, 'a', timed_error(1, 503)); /* 1 of 5 is not more */
    timed_expect(&timed, "a");
    timed_end(&timed, 'a', timed_error(1, 503));
    timed_expect(&timed, "bb");
    timed_set_up(&timed, 'b', false);
    timed_expect(&timed, "a");
    timed_close(&timed);
}

/* 2.5 per request: 2, 3, 2, 3, all of them distinct. */
static void test_probes(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "prequal: {r_probe: 2.5}", "1111");
    struct backends *backends = &timed.backends;
    int asked[4] = {0};
    for (int i = 0; i < 4000; i++) {
        backend_id targets[POLICY_PROBES_MAX];
        uint32_t count =
            backends->ops->probe(backends->state, &backends->view, targets, &backends->rng);
        assert_int_equal(count, 2 + i % 2);
        for (uint32_t k = 0; k < count; k++) {
            asked[targets[k]]++;
            for (uint32_t j = 0; j < k; j++)
                assert_int_not_equal(targets[j], targets[k]);
        }
    }
    for (int i = 0; i < 4; i++)
        ASSERT_NEAR(asked[i], 2500, 150);
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_too_few),       cmocka_unit_test(test_hot_and_cold),
    cmocka_unit_test(test_quantile_ends), cmocka_unit_test(test_removal),
    cmocka_unit_test(test_reuse),         cmocka_unit_test(test_age),
    cmocka_unit_test(test_failing),       cmocka_unit_test(test_probes),
};

TEST_MAIN(tests)
