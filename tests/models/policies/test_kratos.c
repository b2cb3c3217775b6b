/* SPDX-License-Identifier: GPL-3.0-or-later
   kratos' p2c with two nodes, where the pair is always both.  Times in milliseconds. */
#include "tests/models/policies/timed.h"

/* At 100 both get their first request, whoever goes first: a node never picked is forced.
   They answer after 10 and 40. */
static void test_open(struct timed *timed, const char *policy)
{
    timed_open(timed, policy, "11");
    timed_at(timed, 100);
    char first = timed_send(timed);
    assert_int_equal(timed_send(timed), first == 'a' ? 'b' : 'a');
    timed_at(timed, 110);
    timed_end(timed, 'a', timed_reply(10));
    timed_at(timed, 140);
    timed_end(timed, 'b', timed_reply(40));
}

static void test_sends(struct timed *timed, double from, const char *expected)
{
    char found[32] = "";
    for (int i = 0; expected[i] != '\0'; i++) {
        timed_at(timed, from + 6 * i);
        found[i] = timed_send(timed);
    }
    assert_string_equal(found, expected);
}

/* Loads by the root of latency + 5 ms in ns: a 3872, b 6708, times what is in flight plus
   1. 3872|6708 a, 7744|6708 b; then a's request is 12 old, more than 10, and predicts:
   root of 17 ms 4123: 8246|13416 a; ages 18 and 6, of 2 only 1 is slow, which is not
   enough for 1 of 2 / 2 + 1: 11616|13416 a; ages 24 12 6: 2 of 3 mean 18, root of 23 ms
   4795: 19180|13416 b. */
static void test_load(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "kratos.p2c");
    test_sends(&timed, 150, "abaab");
    timed_close(&timed);
}

/* Before 2.8 plain latency: 10|40, 20|40, 30|40. */
static void test_load_before(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "kratos.p2c: {version: '2.7'}");
    test_sends(&timed, 150, "aaa");
    timed_close(&timed);
}

/* A weight is kept for 5 ms: all of a burst go to a. */
static void test_kept_weight(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "kratos.p2c");
    timed_at(&timed, 150);
    timed_expect(&timed, "aaaa");
    timed_at(&timed, 155);
    timed_expect(&timed, "a");
    timed_at(&timed, 155.1);
    timed_expect(&timed, "b");
    timed_close(&timed);
}

/* b was picked at 100: 3 s later a still wins, after that b is forced, once. */
static void test_forced(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "kratos.p2c");
    timed_at(&timed, 3100);
    timed_expect_idle(&timed, "a");
    timed_at(&timed, 3101);
    timed_expect(&timed, "b");
    timed_at(&timed, 3110);
    timed_expect(&timed, "a");
    timed_close(&timed);
}

/* a fails at once, 300 after its first reply: w = exp(-0.5) = 0.6065; success 606,
   latency 6.065 + 5: weight 606 / 3326 against 1000 / 6708, a; with 500 instead of 503 it
   stays 1000. After a second failure success 367, latency 3.7 + 5, root 2947: 0.1245
   against 0.1491, b. */
static void test_failures(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "kratos.p2c");
    for (int i = 1; i <= 2; i++) {
        timed_at(&timed, 110 + 300 * i);
        timed_expect(&timed, "a");
        timed_end(&timed, 'a', timed_error(0, 503));
    }
    timed_at(&timed, 720);
    timed_expect(&timed, "b");
    timed_close(&timed);
}

/* Any change of members makes all nodes new: b is forced again. */
static void test_members(void **state)
{
    (void)state;
    struct timed timed;
    test_open(&timed, "kratos.p2c");
    timed_at(&timed, 150);
    timed_set_up(&timed, 'b', false);
    timed_expect(&timed, "a");
    timed_set_up(&timed, 'b', true);
    char first = timed_send(&timed);
    assert_int_equal(timed_send(&timed), first == 'a' ? 'b' : 'a');
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_load),        cmocka_unit_test(test_load_before),
    cmocka_unit_test(test_kept_weight), cmocka_unit_test(test_forced),
    cmocka_unit_test(test_failures),    cmocka_unit_test(test_members),
};

TEST_MAIN(tests)
