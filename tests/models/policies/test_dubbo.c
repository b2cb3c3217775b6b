/* SPDX-License-Identifier: GPL-3.0-or-later
   Dubbo's two latency-aware strategies, worked out by hand. */
#include "tests/models/policies/timed.h"

/* Means 10 and 15 ms: 10|15, 20|15, 20|30; then 30|30, at random. */
static void test_shortest_response(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "dubbo.shortest_response", "11");
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 5);
    timed_teach(&timed, 'a', 16); /* 21 / 2 is 10 */
    timed_teach(&timed, 'b', 15);
    timed_expect(&timed, "aba");
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.5, 0.012);
    timed_close(&timed);
}

/* Milliseconds are read off the clock: from 0.9 to 1.1 is one. */
static void test_shortest_response_clock(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "dubbo.shortest_response", "11");
    timed_at(&timed, 1.1);
    timed_teach(&timed, 'a', 0.2);
    timed_at(&timed, 2.9);
    timed_teach(&timed, 'b', 0.8);
    assert_true(timed_share(&timed, 'b') == 1);
    timed_close(&timed);
}

/* Nobody has data: at random by weight; c, without a success, goes before those that
   have. */
static void test_shortest_response_ties(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "dubbo.shortest_response", "1234");
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.1, 0.012);
    ASSERT_NEAR(timed_share(&timed, 'd'), 0.4, 0.012);
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 10);
    backends_sent(&timed.backends, 2);
    timed_end(&timed, 'c', timed_error(50, 503));
    timed_set_up(&timed, 'd', false);
    assert_true(timed_share(&timed, 'c') == 1);
    timed_set_up(&timed, 'c', false);
    ASSERT_NEAR(timed_share(&timed, 'b'), 2. / 3, 0.012);
    timed_close(&timed);
}

/* A weight that grows from a part of 1 is 1, as in AbstractLoadBalance. */
static void test_warm_up(void **state)
{
    (void)state;
    static const char *const policies[] = {"dubbo.shortest_response", "dubbo.adaptive"};
    for (int i = 0; i < 2; i++) {
        struct timed timed;
        timed_open(&timed, policies[i], "12");
        timed.list[0].weight = 0.3;
        backends_update(&timed.backends);
        ASSERT_NEAR(timed_share(&timed, 'a'), 1. / 3, 0.012);
        timed_close(&timed);
    }
}

/* More than 30 s after the last reset a look still uses the old window, then it is gone.
   */
static void test_shortest_response_window(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "dubbo.shortest_response", "11");
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 15);
    timed_at(&timed, 30000);
    timed_expect_idle(&timed, "a");
    timed_at(&timed, 30001);
    assert_int_equal(timed_ask(&timed), 'a');
    timed_teach(&timed, 'a', 50);
    assert_true(timed_share(&timed, 'b') == 1);
    timed_close(&timed);
}

/* Sends one request to each of a and b, which answer after 16 and 100 ms at 1 s and 1.1
   s, both with half their CPU busy. */
static void test_adaptive_open(struct timed *timed)
{
    timed_open(timed, "dubbo.adaptive", "10");
    timed_at(timed, 984);
    timed_expect(timed, "a");
    timed_weigh(timed, "01");
    timed_at(timed, 1000);
    timed_expect(timed, "b");
    timed_weigh(timed, "11");
    struct load_report load = {.backend = 0, .utilisation = 0.5, .measured_at = SIM_SECOND};
    struct outcome_report outcome = timed_reply(16);
    outcome.load = &load;
    timed_end(timed, 'a', outcome);
    timed_at(timed, 1100);
    load.backend = 1;
    load.measured_at = 1100 * SIM_MILLISECOND;
    outcome = timed_reply(100);
    outcome.load = &load;
    timed_end(timed, 'b', outcome);
}

/* Means 8 and 50 ms; the first look after a report takes 2 s for the latency: 1004, 1025;
   both have one success of one request: 50 (sqrt + 1) / 1.5 = 1089.6 and 1100.5, so a.
   Next look: latency 1000, means 1002, 1012.5; a has 2 in flight and 1 success of 2: 50 ·
   32.65 · 2 / 1.333 against 50 · 32.82 / 1.5, so b.  Then latency 500, means 751, 756.25:
   a 50 · 28.40 · 2 / 1.333, b 50 · 28.5 · 2 / 1.333, so a, and after 250, means 500.5,
   503.1, b with 2 against 3. */
static void test_adaptive(void **state)
{
    (void)state;
    struct timed timed;
    test_adaptive_open(&timed);
    for (int i = 0; i < 4; i++) {
        timed_at(&timed, 1110 + i);
        assert_int_equal(timed_send(&timed), "abab"[i]);
    }
    timed_close(&timed);
}

/* Who was not picked for more than twice the timeout is taken for idle. */
static void test_adaptive_forced(void **state)
{
    (void)state;
    struct timed timed;
    test_adaptive_open(&timed);
    for (int i = 0; i < 3; i++)
        backends_sent(&timed.backends, 1);
    timed_at(&timed, 2984);
    assert_int_equal(timed_send(&timed), 'a');
    timed_at(&timed, 3001);
    assert_int_equal(timed_send(&timed), 'b');
    timed_close(&timed);
}

/* Before anybody has told its load all loads are 0: at random by weight, of two distinct.
   */
static void test_adaptive_untold(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "dubbo.adaptive", "31");
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.75, 0.012);
    timed_close(&timed);
    timed_open(&timed, "dubbo.adaptive", "111");
    ASSERT_NEAR(timed_share(&timed, 'b'), 1. / 3, 0.012);
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_warm_up),
    cmocka_unit_test(test_shortest_response),
    cmocka_unit_test(test_shortest_response_clock),
    cmocka_unit_test(test_shortest_response_ties),
    cmocka_unit_test(test_shortest_response_window),
    cmocka_unit_test(test_adaptive),
    cmocka_unit_test(test_adaptive_forced),
    cmocka_unit_test(test_adaptive_untold),
};

TEST_MAIN(tests)
