/* SPDX-License-Identifier: GPL-3.0-or-later
   NSX ALB's algorithms as documented. */
#include "tests/models/policies/timed.h"

/* Idle, all tie and ratios decide in turn; held, in flight over ratio does.  1:2: at 0 |
   0 both gain their ratio, b with 2 pays 3; a at 0 | 1/2, b at 1 | 1/2; at 1 | 1 a has 1
   + 1 and b -1 + 2, so a; b at 2 | 1 and 2 | 3/2. */
static void test_least_connections(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.least_connections", "511");
    timed_expect_idle(&timed, "aabacaaaabacaa");
    timed_close(&timed);
    timed_open(&timed, "avi.least_connections", "12");
    timed_expect(&timed, "bababb");
    timed_close(&timed);
}

/* b comes up at 100 s with a ramp of 100 s: its share is 1/100 first, then grows. */
static void test_ramp(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.least_connections: {connection_ramp_duration: 100s}", "11");
    ASSERT_NEAR(timed_share(&timed, 'b'), 0.5, 1e-3);
    timed_set_up(&timed, 'b', false);
    timed_at(&timed, 100e3);
    timed_set_up(&timed, 'b', true);
    ASSERT_NEAR(timed_share(&timed, 'b'), 1. / 101, 1e-3);
    timed_at(&timed, 150e3);
    ASSERT_NEAR(timed_share(&timed, 'b'), 1. / 3, 1e-3);
    timed_at(&timed, 200e3);
    ASSERT_NEAR(timed_share(&timed, 'b'), 0.5, 1e-3);
    timed_close(&timed);
}

/* Half way up b may hold half of what a holds. */
static void test_ramp_held(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.least_connections: {connection_ramp_duration: 100s}", "11");
    timed_set_up(&timed, 'b', false);
    timed_set_up(&timed, 'b', true);
    timed_at(&timed, 50e3);
    for (int i = 0; i < 300; i++)
        timed_send(&timed);
    assert_int_equal(timed.backends.outstanding[0], 200);
    timed_close(&timed);
}

/* Without times in turn.  With 10 and 5 ms shares are 1/2 : 1, in turns b a b.  c comes
   back unmeasured and counts as the fastest: 1/2 : 1 : 1. */
static void test_fastest_response(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.fastest_response", "111");
    timed_expect(&timed, "abcabc");
    timed_set_up(&timed, 'c', false);
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 5);
    timed_expect(&timed, "babbab");
    timed_set_up(&timed, 'c', true);
    ASSERT_NEAR(timed_share(&timed, 'c'), 0.4, 1e-3);
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.2, 1e-3);
    timed_close(&timed);
}

/* Ratios multiply: 1 / 10 ms against 2 / 5 ms.  An error is a reply like any: in 1 s a's
   10 ms become 10 / e + 1 (1 - 1 / e) = 4.31. */
static void test_fastest_response_shares(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.fastest_response", "12");
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 5);
    ASSERT_NEAR(timed_share(&timed, 'b'), 0.8, 1e-3);
    timed_at(&timed, 1100);
    backends_sent(&timed.backends, 0);
    timed_end(&timed, 'a', timed_error(1, 500));
    double time = 10 * exp(-1) + (1 - exp(-1));
    ASSERT_NEAR(timed_share(&timed, 'a'), (1 / time) / (1 / time + 2. / 5), 1e-3);
    timed_close(&timed);
}

/* One each, and then, with all at capacity, the first of those with one.  A fast reply at
   capacity adds 1/1: a has room for two, then, by 1/2, for 2.5.  Times of 10, 10 and 60 ms are
   26.7 on average, so that becomes 2.25.  Replies to what was sent before do not cut again:
   with less than 2, b would come sooner in the end. */
static void test_fewest_servers(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.fewest_servers: {capacity_estimation_ttfb_thresh: 20ms}", "111");
    timed_expect(&timed, "abca");
    timed_at(&timed, 100);
    timed_end(&timed, 'a', timed_reply(10));
    timed_expect(&timed, "aa");
    timed_end(&timed, 'a', timed_reply(10));
    timed_expect(&timed, "ab");
    timed_end(&timed, 'a', timed_reply(60));
    timed_expect(&timed, "ac");
    timed_end(&timed, 'a', timed_reply(60));
    timed_end(&timed, 'a', timed_reply(60));
    timed_end(&timed, 'b', timed_reply(10));
    timed_end(&timed, 'b', timed_reply(10));
    timed_expect(&timed, "aab");
    timed_close(&timed);
}

/* By itself the threshold is twice the least average of 32 replies, here 10 ms; before there is
   one nothing grows.  A reply of 320 ms makes it 19.7, which lets 2 grow to 2.5, another one
   29.1: 2.25.  At 3 s that is cut to 2.025, and at 4 s, with one in flight, to the least: 1. */
static void test_fewest_servers_automatic(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.fewest_servers", "11");
    timed_at(&timed, 1000);
    for (int i = 0; i < 31; i++)
        timed_teach(&timed, 'a', 10);
    timed_expect(&timed, "ab");
    timed_end(&timed, 'b', timed_reply(10));
    timed_end(&timed, 'a', timed_reply(10)); /* the 32nd */
    timed_expect(&timed, "aab");
    timed_end(&timed, 'a', timed_reply(320));
    timed_expect(&timed, "aab");
    timed_end(&timed, 'a', timed_reply(320));
    timed_end(&timed, 'a', timed_reply(320)); /* sent before the cut */
    timed_end(&timed, 'b', timed_reply(10));
    timed_end(&timed, 'b', timed_reply(10));
    timed_expect(&timed, "aab");
    timed_at(&timed, 3000);
    timed_end(&timed, 'a', timed_reply(320));
    timed_end(&timed, 'a', timed_reply(320));
    timed_at(&timed, 4000);
    timed_end(&timed, 'a', timed_reply(320));
    timed_end(&timed, 'b', timed_reply(10));
    timed_expect(&timed, "ab");
    timed_close(&timed);
}

static char test_send_key(struct timed *timed, uint64_t key)
{
    timed->request.key = key;
    return timed_send(timed);
}

/* Key 1 has replies of 1 kB, key 2 of 200 kB. */
static void test_least_load(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.least_load", "11");
    struct outcome_report outcome = timed_reply(0);
    outcome.size = 1000;
    assert_int_equal(test_send_key(&timed, 1), 'a');
    timed_end(&timed, 'a', outcome);
    outcome.size = 200000;
    assert_int_equal(test_send_key(&timed, 2), 'b');
    timed_end(&timed, 'b', outcome);
    assert_int_equal(test_send_key(&timed, 2), 'a');
    for (int i = 0; i < 60; i++)
        assert_int_equal(test_send_key(&timed, 1), 'b');
    assert_int_equal(test_send_key(&timed, 2), 'b');
    assert_int_equal(test_send_key(&timed, 2), 'a');
    timed_close(&timed);
}

static void test_least_load_without_sizes(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.least_load", "111");
    timed_expect(&timed, "abcabc");
    timed_end(&timed, 'b', timed_reply(0));
    timed_expect(&timed, "bc");
    timed_close(&timed);
}

/* Four cores, four servers, each used by two cores: core 0 has a and d, core 1 a and b.
   With those gone it uses core 2's. */
static void test_core_affinity(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.core_affinity: {cores: 4}", "1111");
    timed_expect(&timed, "adad");
    timed.request.user = 1;
    timed_expect(&timed, "abab");
    timed_set_up(&timed, 'a', false);
    timed_expect(&timed, "bb");
    timed_set_up(&timed, 'b', false);
    timed_expect(&timed, "cc");
    timed_close(&timed);
    timed_open(&timed, "avi.core_affinity: {cores: 4, lb_algorithm_core_nonaffinity: 9}",
               "1111");
    timed_expect(&timed, "abcdabcd");
    timed_close(&timed);
}

enum { KEYS = 20000 };

/* Only the keys of who left move, and they come back with it. */
static void test_consistent_hash(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.consistent_hash: {lb_algorithm_hash: custom_string}", "11112");
    static char before[KEYS];
    int of_e = 0;
    for (int i = 0; i < KEYS; i++) {
        timed.request.key = (uint64_t)i;
        before[i] = timed_ask(&timed);
        of_e += before[i] == 'e';
    }
    ASSERT_NEAR(of_e / (double)KEYS, 2. / 6, 0.06);
    for (int up = 0; up <= 1; up++) {
        timed_set_up(&timed, 'c', up);
        for (int i = 0; i < KEYS; i++) {
            timed.request.key = (uint64_t)i;
            char now = timed_ask(&timed);
            assert_true(up || before[i] == 'c' ? up == (now == before[i]) : now == before[i]);
        }
    }
    timed_close(&timed);
}

/* By default the client's address decides, whatever the key. */
static void test_source_address(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "avi.consistent_hash", "1111");
    int seen[4] = {0};
    for (uint32_t user = 0; user < 100; user++) {
        timed.request.user = user;
        char pick = timed_ask(&timed);
        assert_int_equal(timed_ask(&timed), pick);
        seen[pick - 'a']++;
    }
    for (int i = 0; i < 4; i++)
        assert_true(seen[i] > 5);
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_least_connections),
    cmocka_unit_test(test_ramp),
    cmocka_unit_test(test_ramp_held),
    cmocka_unit_test(test_fastest_response),
    cmocka_unit_test(test_fastest_response_shares),
    cmocka_unit_test(test_fewest_servers),
    cmocka_unit_test(test_fewest_servers_automatic),
    cmocka_unit_test(test_least_load),
    cmocka_unit_test(test_least_load_without_sizes),
    cmocka_unit_test(test_core_affinity),
    cmocka_unit_test(test_consistent_hash),
    cmocka_unit_test(test_source_address),
};

TEST_MAIN(tests)
