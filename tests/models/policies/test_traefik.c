/* SPDX-License-Identifier: GPL-3.0-or-later
   Traefik's three strategies against sequences worked out from their rules. */
#include "tests/models/policies/timed.h"

/* Deadlines 1 / weight apart in a binary heap without a second key.  For 5:1:1 the heap
   is a.2 b1 c1; popping moves c to the front, and a, pushed behind it, rises over it
   until its deadline is 1 too: then c, a, b. */
static void test_wrr(void **state)
{
    (void)state;
    static const struct {
        const char *weights, *picks;
    } cases[] = {
        {"511", "aaaacabaaaaabc"},
        {"1234", "dcdbcdcdbadcdbcdcdba"},
        {"111", "acbcbabac"},
        {"31", "aabaaaab"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct timed timed;
        timed_open(&timed, "traefik.wrr: {order: list}", cases[i].weights);
        timed_expect(&timed, cases[i].picks);
        timed_close(&timed);
        timed_open(&timed, "traefik.wrr: {order: list}", cases[i].weights);
        timed_expect_idle(&timed, cases[i].picks);
        timed_close(&timed);
    }
}

/* A server that is down takes its turns in vain, so it comes back without a debt. */
static void test_wrr_down_and_up(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.wrr: {order: list}", "1234");
    timed_expect(&timed, "dcdbc");
    timed_set_up(&timed, 'd', false);
    timed_expect(&timed, "cbacbcc");
    timed_set_up(&timed, 'd', true);
    timed_expect(&timed, "dbadcdbc");
    timed_close(&timed);
}

/* Other weights are another configuration, which begins anew. */
static void test_wrr_members_change(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.wrr: {order: list}", "51");
    timed_weigh(&timed, "11");
    timed_expect(&timed, "abab");
    timed_weigh(&timed, "31");
    timed_expect(&timed, "aabaaaab");
    timed_close(&timed);
}

/* Weight 0 is never added; with nobody else there is no server. */
static void test_wrr_weight_zero(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.wrr: {order: list}", "10");
    timed_expect(&timed, "aaa");
    timed_set_up(&timed, 'a', false);
    timed_expect(&timed, "-");
    assert_true((timed.backends.ops->traits & POLICY_REFUSES) != 0); /* 503 */
    timed_close(&timed);
}

/* Loads 0 1 2 3.  The two draws of four meet in 4 of 16 cases, and then the next in the
   list comes second: a is in 8 of the 16 pairs, b the lesser of 5, c of 3. */
static void test_p2c_neighbours(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.p2c", "1111");
    for (backend_id i = 0; i < 4; i++)
        for (backend_id k = 0; k < i; k++)
            backends_sent(&timed.backends, i);
    ASSERT_NEAR(timed_share(&timed, 'a'), 8. / 16, 0.012);
    ASSERT_NEAR(timed_share(&timed, 'b'), 5. / 16, 0.012);
    ASSERT_NEAR(timed_share(&timed, 'c'), 3. / 16, 0.012);
    assert_true(timed_share(&timed, 'd') == 0);
    timed_close(&timed);
}

static void test_p2c_of_two(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.p2c", "11");
    backends_sent(&timed.backends, 1);
    assert_true(timed_share(&timed, 'a') == 1);
    backends_sent(&timed.backends, 0);
    ASSERT_NEAR(timed_share(&timed, 'a'), 0.5, 0.012);
    timed_set_up(&timed, 'a', false);
    assert_true(timed_share(&timed, 'b') == 1);
    timed_close(&timed);
}

/* Without samples all scores are 0 and deadlines decide: they begin at 1, 2, 3 and each
   pick adds 1.  For 5:1:1 they begin at .2, 1.2, 2.2. */
static void test_leasttime_cold(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.leasttime: {order: list}", "111");
    timed_expect(&timed, "aababcabc");
    timed_close(&timed);
    timed_open(&timed, "traefik.leasttime: {order: list}", "511");
    timed_expect_idle(&timed, "aaaaaabaaaaabc");
    timed_close(&timed);
}

/* Means 10 and 15 ms; scores 10|15 20|15 20|30 30|30, and then deadlines: both begin at 1
   and 2, so a (1), and 40|30. */
static void test_leasttime_scores(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.leasttime: {order: list}", "11");
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 10.9);
    timed_teach(&timed, 'b', 15);
    timed_expect(&timed, "abaab");
    timed_close(&timed);
}

/* The weight divides: a 10 / 1, b 30 / 4; then 10 | 15; then 20 | 15. */
static void test_leasttime_weights(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.leasttime: {order: list}", "14");
    timed_at(&timed, 100);
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 30);
    timed_expect(&timed, "bab");
    timed_close(&timed);
}

/* Only the last hundred samples count; no reply is no sample, an error is one. */
static void test_leasttime_window(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.leasttime: {order: list}", "11");
    timed_at(&timed, 1000);
    for (int i = 0; i < 100; i++)
        timed_teach(&timed, 'a', 500);
    for (int i = 0; i < 99; i++)
        timed_teach(&timed, 'a', 1);
    timed_teach(&timed, 'b', 6);
    /* a: (500 + 99) / 100 = 5.99 */
    assert_int_equal(timed_ask(&timed), 'a');
    timed_teach(&timed, 'a', 3);
    /* a: (99 + 3) / 100; an error of 1 ms takes b to 3.5, a lost request changes nothing */
    backends_sent(&timed.backends, 1);
    timed_end(&timed, 'b', timed_error(0, 0));
    assert_int_equal(timed_ask(&timed), 'a');
    for (int i = 0; i < 99; i++) {
        backends_sent(&timed.backends, 1);
        timed_end(&timed, 'b', timed_error(0.5, 503));
    }
    /* b: 6 / 100 */
    assert_int_equal(timed_ask(&timed), 'b');
    timed_close(&timed);
}

/* Health does not forget: a is slow before and after.  A server that comes later is cold.
   */
static void test_leasttime_members(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.leasttime: {order: list}", "11");
    timed_at(&timed, 1000);
    timed_teach(&timed, 'a', 90);
    timed_teach(&timed, 'b', 10);
    timed_set_up(&timed, 'b', false);
    timed_expect_idle(&timed, "a");
    timed_set_up(&timed, 'b', true);
    timed_expect_idle(&timed, "bbb");
    timed_weigh(&timed, "12"); /* another configuration: all cold, deadlines 1 and 1.5 */
    timed_expect(&timed, "abab");
    timed_close(&timed);
}

/* A server that leaves or joins makes another configuration too: heaps are built anew and what
   was sampled is forgotten. */
static void test_members_begin_anew(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "traefik.wrr: {order: list}", "111");
    timed_expect(&timed, "ac");
    backends_set_member(&timed.backends, 2, false);
    backends_update(&timed.backends);
    timed_expect(&timed, "abab");
    backends_set_member(&timed.backends, 2, true);
    backends_update(&timed.backends);
    timed_expect(&timed, "acbcbabac");
    timed_close(&timed);
    timed_open(&timed, "traefik.leasttime: {order: list}", "111");
    timed_teach(&timed, 'a', 10);
    timed_teach(&timed, 'b', 10);
    timed_teach(&timed, 'c', 5);
    assert_int_equal(timed_ask(&timed), 'c');
    backends_set_member(&timed.backends, 1, false);
    backends_update(&timed.backends);
    timed_expect_idle(&timed, "aaca"); /* cold, deadlines 1 2, 2 2, 3 2, 3 3 */
    timed_close(&timed);
}

/* Each configuration puts its servers in a random order, so that many proxies do not walk in
   step. */
static void test_shuffled(void **state)
{
    (void)state;
    struct timed timed;
    int first[4] = {0};
    timed_open(&timed, "traefik.wrr", "1111");
    for (int i = 0; i < 4000; i++) {
        backends_set_member(&timed.backends, 3, i % 2 == 0);
        backends_update(&timed.backends);
        first[timed_ask(&timed) - 'a']++;
    }
    for (int i = 0; i < 3; i++) /* 2000 / 4 + 2000 / 3 */
        assert_in_range(first[i], 1067, 1267);
    assert_in_range(first[3], 430, 570);
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_members_begin_anew),
    cmocka_unit_test(test_shuffled),
    cmocka_unit_test(test_wrr),
    cmocka_unit_test(test_wrr_down_and_up),
    cmocka_unit_test(test_wrr_members_change),
    cmocka_unit_test(test_wrr_weight_zero),
    cmocka_unit_test(test_p2c_neighbours),
    cmocka_unit_test(test_p2c_of_two),
    cmocka_unit_test(test_leasttime_cold),
    cmocka_unit_test(test_leasttime_scores),
    cmocka_unit_test(test_leasttime_weights),
    cmocka_unit_test(test_leasttime_window),
    cmocka_unit_test(test_leasttime_members),
};

TEST_MAIN(tests)
