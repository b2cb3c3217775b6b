/* SPDX-License-Identifier: GPL-3.0-or-later
   Finagle's balancers.  With two nodes both are always drawn, so picks follow by hand from
   the loads; the heap's from Heap.scala and HeapLeastLoaded.scala. */
#include "tests/models/policies/timed.h"

static void test_p2c(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.p2c_least_loaded", "11");
    backends_sent(&timed.backends, 0);
    backends_sent(&timed.backends, 0);
    timed_expect(&timed, "bb");
    timed_close(&timed);
    timed_open(&timed, "finagle.p2c_least_loaded", "111");
    for (int i = 0; i < 3; i++)
        backends_sent(&timed.backends, 0);
    assert_true(timed_share(&timed, 'a') == 0);
    timed_close(&timed);
}

/* Classes of 6 and of 1 + 1: loads within a class do not move its share. */
static void test_weight_classes(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.p2c_least_loaded", "611");
    for (int i = 0; i < 5; i++)
        backends_sent(&timed.backends, 0);
    backends_sent(&timed.backends, 1);
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.75, 0.01);
    ASSERT_NEAR(timed_share(&timed, 'c'), 0.25, 0.01);
    timed_close(&timed);
}

/* Up to five draws for a node that is up; one of three that is wins every pair it is in. */
static void test_down_loses(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.p2c_least_loaded", "111");
    timed_set_up(&timed, 'a', false);
    timed_set_up(&timed, 'b', false);
    timed_expect(&timed, "cccccccc");
    timed_close(&timed);
}

/* a b c; a sinks below c, as the right one of equal children rises: c b a, then b c a; b a c
   would follow 1 1 1 with the right one first again. */
static void test_heap(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.heap_least_loaded", "111");
    timed_expect(&timed, "acbbaccb");
    timed_close(&timed);
    timed_open(&timed, "finagle.heap_least_loaded", "11");
    timed_expect(&timed, "abba");
    timed_end(&timed, 'b', timed_reply(1));
    timed_expect(&timed, "b");
    timed_set_up(&timed, 'b', false);
    timed_expect(&timed, "aaaa");
    timed_set_up(&timed, 'b', true);
    timed_expect(&timed, "bbbb");
    timed_close(&timed);
}

/* A node that left and came back begins at 0; what it had before ends without a trace. */
static void test_heap_members(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.heap_least_loaded", "11");
    timed_expect(&timed, "abba");
    backends_set_member(&timed.backends, 1, false);
    backends_update(&timed.backends);
    timed_expect(&timed, "a");
    timed_end(&timed, 'b', timed_reply(1));
    backends_set_member(&timed.backends, 1, true);
    backends_update(&timed.backends);
    timed_expect(&timed, "bb");
    timed_end(&timed, 'b', timed_reply(1));
    timed_expect(&timed, "b");
    timed_close(&timed);
}

/* An idle node goes anywhere: the first of the list does not get every request. */
static void test_heap_shuffles(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.heap_least_loaded", "1111");
    int counts[4] = {0};
    for (int i = 0; i < 4000; i++) {
        char pick = timed_send(&timed);
        counts[pick - 'a']++;
        timed_end(&timed, pick, timed_reply(1));
    }
    for (int i = 0; i < 4; i++)
        ASSERT_NEAR(counts[i], 1000, 150);
    timed_close(&timed);
}

/* 10 (n + 1) and 25 (n + 1); a sample above replaces the average, one at the same instant
   that is below does nothing. */
static void test_peak_ewma(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.peak_ewma", "11");
    timed_at(&timed, 1000);
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 25);
    timed_teach(&timed, 'b', 1);
    timed_expect(&timed, "aabaa");
    timed_close(&timed);
}

/* After 10 s, exp(-1) = 0.368 is left: of a 100 ms, so 36.8 against 40 now. */
static void test_peak_ewma_decays(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.peak_ewma", "11");
    timed_at(&timed, 1000);
    timed_teach(&timed, 'a', 100);
    timed_at(&timed, 11000);
    timed_teach(&timed, 'b', 40);
    timed_expect(&timed, "aba");
    timed_close(&timed);
    /* and with a sample: 100 * 0.368 + 20 * 0.632 = 49.4 against 48 */
    timed_open(&timed, "finagle.peak_ewma", "11");
    timed_at(&timed, 1000);
    timed_teach(&timed, 'a', 100);
    timed_at(&timed, 11000);
    timed_teach(&timed, 'a', 20);
    timed_teach(&timed, 'b', 48);
    timed_expect(&timed, "bab");
    timed_close(&timed);
}

/* A node without a reply gets one request and then none, however slow the others are. */
static void test_peak_ewma_unknown(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.peak_ewma", "11");
    timed_at(&timed, 1000);
    timed_teach(&timed, 'a', 9000);
    timed_expect(&timed, "baaaaaaaa");
    timed_close(&timed);
}

/* One node while the smoothed load is below 1.125 a node, more when it is above. */
static void test_random_aperture(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "finagle.random_aperture", "11111111");
    char first = timed_send(&timed);
    for (int i = 0; i < 50; i++)
        assert_int_equal(timed_ask(&timed), first);
    for (int second = 1; second < 400; second++) {
        timed_at(&timed, second * 1000.0);
        if (second < 12)
            timed_send(&timed);
        backends_sent(&timed.backends, 0);
        timed_end(&timed, 'a', timed_reply(1));
    }
    unsigned seen = 0;
    for (int i = 0; i < 500; i++)
        seen |= 1U << (timed_ask(&timed) - 'a');
    /* 12 outstanding are more than one for each of 8; the most loaded lose all pairs. */
    assert_true(__builtin_popcount(seen) > 5);
    timed_set_up(&timed, first, false);
    assert_true(timed_ask(&timed) != first);
    timed_close(&timed);
}

/* Who is picked at all, as letters. */
static void deterministic(uint32_t peers, uint32_t peer, const char *expected)
{
    struct timed timed;
    timed_open(&timed, "finagle.deterministic_aperture: {min_aperture: 2}", "11111111");
    struct backends_place place = {
        .limit = UINT32_MAX, .peers = peers, .peer = peer, .key = 4};
    backends_open(&timed.backends, scene_policy(&timed.scene, 0), timed.list, 8, place,
                  &timed.arena);
    char found[9] = "";
    bool seen[8] = {false};
    for (int i = 0; i < 2000; i++)
        seen[timed_ask(&timed) - 'a'] = true;
    for (int i = 0; i < 8; i++)
        if (seen[i])
            found[strlen(found)] = (char)('a' + i);
    assert_string_equal(found, expected);
    timed_close(&timed);
}

/* Two of eight are 1/4 of the ring: one spacing of four peers, two of six (1/3 for each, so
   from 1/6 = b's last third on), the whole of one. */
static void test_deterministic_aperture(void **state)
{
    (void)state;
    deterministic(4, 0, "ab");
    deterministic(4, 1, "cd");
    deterministic(4, 3, "gh");
    deterministic(6, 1, "bcd");
    deterministic(6, 5, "abgh");
    deterministic(1, 0, "abcdefgh");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_p2c),
    cmocka_unit_test(test_weight_classes),
    cmocka_unit_test(test_down_loses),
    cmocka_unit_test(test_heap),
    cmocka_unit_test(test_heap_members),
    cmocka_unit_test(test_heap_shuffles),
    cmocka_unit_test(test_peak_ewma),
    cmocka_unit_test(test_peak_ewma_decays),
    cmocka_unit_test(test_peak_ewma_unknown),
    cmocka_unit_test(test_random_aperture),
    cmocka_unit_test(test_deterministic_aperture),
};

TEST_MAIN(tests)
