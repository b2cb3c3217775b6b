/* SPDX-License-Identifier: GPL-3.0-or-later
   nginx's methods that count, pick by pick: the sequence for 5:1:1 is the one that nginx's own
   history gives for smooth round robin, the others follow by hand from the rules. */
#include "tests/models/policies/timed.h"

/* Each turn all gain their weight, the most wins and pays the sum.  1 2 3 4 is d, -6; then
   2 4 6 -2 is c, and so on; after ten turns all are 0 again. */
static void test_smooth(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.round_robin", "511");
    timed_expect(&timed, "aabacaaaabacaa");
    timed_close(&timed);
    timed_open(&timed, "nginx.round_robin", "1234");
    timed_expect_idle(&timed, "dcbdacdbcddcbdacdbcd");
    timed_close(&timed);
    timed_open(&timed, "nginx.round_robin", "111");
    timed_expect(&timed, "abcabc");
    timed_close(&timed);
}

/* Who is down is passed over and keeps its place: behind a a b a the weights stand at -1, 3,
   -2, and b alone turns on the spot.  Another list of servers begins anew. */
static void test_members(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.round_robin", "511");
    timed_expect(&timed, "aaba");
    timed_set_up(&timed, 'a', false);
    timed_set_up(&timed, 'c', false);
    timed_expect(&timed, "bbb");
    timed_set_up(&timed, 'a', true);
    timed_set_up(&timed, 'c', true);
    timed_expect(&timed, "caaaabacaa");
    timed_weigh(&timed, "115");
    timed_expect(&timed, "ccacb");
    backends_set_member(&timed.backends, 2, false);
    backends_update(&timed.backends);
    timed_expect(&timed, "abab");
    timed_close(&timed);
}

/* A failure at second 1 bars a up to second 11, both included, and takes its weight.  Then
   0 and 1 are gained, 1 and 1, 1 and 1: b b a.  That is the trial: a second request finds a
   barred again until the trial succeeds. */
static void test_trial(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.round_robin", "11");
    timed_expect(&timed, "a");
    timed_at(&timed, 1000);
    timed_end(&timed, 'a', timed_error(1000, 0));
    timed_expect_idle(&timed, "bbb");
    timed_at(&timed, 11999);
    timed_expect_idle(&timed, "bbb");
    timed_at(&timed, 12000);
    timed_expect(&timed, "bba" "bbb");
    timed_end(&timed, 'a', timed_reply(1));
    timed_expect(&timed, "ba");
    timed_close(&timed);
}

/* 1 of 5 is lost with each failure: 1 1 gained, 2 1, 3 1, 4 1, then 5 1. */
static void test_effective_weight(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.round_robin: {max_fails: 5}", "51");
    for (int i = 0; i < 4; i++) {
        backends_sent(&timed.backends, 0);
        timed_end(&timed, 'a', timed_error(1, 0));
    }
    timed_expect(&timed, "abaaaab");
    timed_close(&timed);
}

/* A success without a trial clears nothing; a reply of 503 is no failure. */
static void test_failures_add_up(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.round_robin: {max_fails: 2}", "11");
    timed_expect(&timed, "ab");
    timed_end(&timed, 'b', timed_error(1, 503));
    timed_end(&timed, 'a', timed_error(1, 0));
    timed_expect(&timed, "ab");
    timed_end(&timed, 'b', timed_error(1, 503));
    timed_end(&timed, 'a', timed_reply(1));
    timed_expect(&timed, "ab");
    timed_end(&timed, 'a', timed_error(1, 0));
    timed_expect(&timed, "bbb");
    timed_end(&timed, 'b', timed_error(1, 0));
    timed_end(&timed, 'b', timed_error(1, 0));
    timed_expect(&timed, "--"); /* no live upstreams */
    timed_close(&timed);
}

static void test_never_twice(void **state)
{
    (void)state;
    static const char *const names[] = {"nginx.round_robin", "nginx.least_conn",
                                        "nginx.random",      "nginx.random_two",
                                        "nginx.least_time",  NULL};
    for (int i = 0; names[i] != NULL; i++) {
        struct timed timed;
        timed_open(&timed, names[i], "511");
        const backend_id tried[] = {0, 2};
        timed.request = (struct request){.attempt = 2, .tried = tried, .tried_count = 2};
        for (int k = 0; k < 20; k++)
            assert_int_equal(timed_ask(&timed), 'b');
        timed_close(&timed);
    }
}

/* Idle servers tie: the turn over 1 2 3 4 is d's; then over a b c, c's; then over a b, b's; a
   is alone.  1/1 1/2 1/3 1/4: d, alone.  Then c; b and d tie at 1/2, the turn is b's; d, c, d
   alone; 1/1 2/2 3/3 4/4 tie, and 4 1 3 2 is a's. */
static void test_least_conn(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.least_conn", "1234");
    timed_expect(&timed, "dcbadcbdcda");
    timed_close(&timed);
    timed_open(&timed, "nginx.least_conn", "511");
    timed_expect_idle(&timed, "aabacaaaabacaa");
    timed_close(&timed);
}

static void test_random(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.random", "1234");
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.1, 0.01);
    ASSERT_NEAR(timed_share(&timed, 'd'), 0.4, 0.015);
    timed_set_up(&timed, 'd', false);
    assert_true(timed_share(&timed, 'd') == 0);
    ASSERT_NEAR(timed_share(&timed, 'c'), 0.5, 0.015);
    timed_close(&timed);
}

/* Of two servers both are drawn; 3 connections for weight 4 are fewer than 1 for 1. */
static void test_random_two(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.random_two", "41");
    backends_sent(&timed.backends, 1);
    timed_expect(&timed, "aaaa");
    assert_true(timed_share(&timed, 'a') > 0); /* 4/4 and 1/1: the second drawn */
    assert_true(timed_share(&timed, 'b') > 0);
    timed_close(&timed);
    timed_open(&timed, "nginx.random_two: {method: least_time=last_byte}", "11");
    for (int i = 0; i < 30; i++) /* both are in use now, or their times would be halved away */
        timed_ask(&timed);
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 100);
    timed_teach(&timed, 'b', 30);
    timed_expect(&timed, "bb"); /* 40 and 80 against 120, then 120 ties */
    backends_sent(&timed.backends, 1);
    timed_expect(&timed, "a");
    timed_close(&timed);
}

/* 20 each: a turn, a's; then b alone.  Now 100 ms and 30 ms, so 120 (n + 1) and 40 (n + 1):
   b, b, tie at 120 with b leading the turn, a, b, b, tie at 240, a's, b. */
static void test_least_time(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.least_time: {mode: last_byte}", "11");
    timed_expect(&timed, "ab");
    timed_at(&timed, 100);
    timed_end(&timed, 'a', timed_reply(100));
    timed_end(&timed, 'b', timed_reply(30));
    timed_expect(&timed, "bbbabbab");
    timed_close(&timed);
}

/* Failing fast earns nothing: b stays where it is. */
static void test_least_time_failures(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.least_time: {max_fails: 0}", "11");
    timed_expect(&timed, "ab");
    timed_at(&timed, 100);
    timed_end(&timed, 'a', timed_reply(50));
    timed_end(&timed, 'b', timed_reply(90));
    for (int i = 0; i < 50; i++) {
        backends_sent(&timed.backends, 1);
        timed_end(&timed, 'b', timed_error(1, 0));
    }
    timed_expect(&timed, "a");
    timed_close(&timed);
}

/* The request that a has had for two seconds is older than its average of 30 ms says; the
   mean age goes in with 5 % at each look after the first. */
static void test_least_time_inflight(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.least_time: {inflight: true}", "11");
    timed_expect(&timed, "ab");
    timed_at(&timed, 100);
    timed_end(&timed, 'a', timed_reply(30));
    timed_end(&timed, 'b', timed_reply(90));
    timed_expect(&timed, "a"); /* 40 and 100 */
    timed_at(&timed, 2100);
    timed_expect(&timed, "bbbbbbbbbb"); /* a: 2020 and one more */
    timed_close(&timed);
}

/* With all failed nginx answers 502 without asking anybody, until fail_timeout is over; so it does
   when a request has tried all.  An upstream of one server is never without. */
static void test_no_live_upstreams(void **state)
{
    (void)state;
    static const char *const names[] = {
        "nginx.round_robin", "nginx.least_conn", "nginx.random", "nginx.random_two",
        "nginx.least_time",  "nginx.hash",       "nginx.hash_consistent", "nginx.ip_hash"};
    const backend_id tried[] = {0, 1};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct timed timed;
        timed_open(&timed, names[i], "11");
        assert_true((timed.backends.ops->traits & POLICY_REFUSES) != 0);
        timed.request = (struct request){.attempt = 2, .tried = tried, .tried_count = 2};
        timed_expect(&timed, "-");
        timed.request = (struct request){0};
        for (char pod = 'a'; pod <= 'b'; pod++) {
            backends_sent(&timed.backends, (backend_id)(pod - 'a'));
            timed_end(&timed, pod, timed_error(1, 0));
        }
        timed_expect(&timed, "--");
        timed_at(&timed, 10999);
        timed_expect(&timed, "-");
        timed_at(&timed, 11000);
        assert_true(timed_ask(&timed) != '-');
        timed_close(&timed);
        timed_open(&timed, names[i], "1");
        timed.request = (struct request){.attempt = 1, .tried = tried, .tried_count = 1};
        timed_expect(&timed, "a");
        timed_end(&timed, 'a', timed_error(1, 0));
        timed_expect(&timed, "a");
        timed_close(&timed);
    }
}

/* Every draw is a try, also the one that found the first of the two: with nobody for a second,
   round robin decides after 21. */
static void test_random_tries(void **state)
{
    (void)state;
    static const char *const names[] = {"nginx.random", "nginx.random_two"};
    for (size_t i = 0; i < 2; i++) {
        struct timed timed;
        timed_open(&timed, names[i], "999");
        const backend_id tried[] = {0, 1, 2};
        timed.request = (struct request){.tried = tried, .tried_count = i == 0 ? 3 : 2};
        struct rng rng = timed.backends.rng;
        timed_ask(&timed);
        for (int k = 0; k < 21; k++)
            rng_below(&rng, 27);
        assert_true(rng_next(&rng) == rng_next(&timed.backends.rng));
        timed_close(&timed);
    }
}

/* Four failures of five take 4 of a's weight; a turn is made over the server that a key leads
   to, so four of its requests bring it back, and without a key a and b take turns. */
static void test_hash_restores_weight(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "nginx.hash_consistent: {max_fails: 5}", "55");
    for (int i = 0; i < 4; i++) {
        backends_sent(&timed.backends, 0);
        timed_end(&timed, 'a', timed_error(1, 0));
    }
    for (int met = 0; met < 4;)
        met += timed_ask(&timed) == 'a';
    timed.request = (struct request){.key_text = "", .key_size = 0};
    timed_expect_idle(&timed, "abab");
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_smooth),
    cmocka_unit_test(test_members),
    cmocka_unit_test(test_trial),
    cmocka_unit_test(test_effective_weight),
    cmocka_unit_test(test_failures_add_up),
    cmocka_unit_test(test_never_twice),
    cmocka_unit_test(test_least_conn),
    cmocka_unit_test(test_random),
    cmocka_unit_test(test_random_two),
    cmocka_unit_test(test_no_live_upstreams),
    cmocka_unit_test(test_random_tries),
    cmocka_unit_test(test_hash_restores_weight),
    cmocka_unit_test(test_least_time),
    cmocka_unit_test(test_least_time_failures),
    cmocka_unit_test(test_least_time_inflight),
};

TEST_MAIN(tests)
