/* SPDX-License-Identifier: GPL-3.0-or-later
   HAProxy's algorithms that count, pick by pick, by hand from the rules of src/lb_fwrr.c,
   lb_map.c, lb_fwlc.c, lb_fas.c and backend.c. */
#include "tests/models/policies/members.h"
#include "tests/models/policies/timed.h"

static void join_or_leave(struct timed *timed, char pod, bool member)
{
    backends_set_member(&timed->backends, (backend_id)(pod - 'a'), member);
    backends_update(&timed->backends);
}

/* Of 112 sixteenths a comes every 1.4: at 112, 113, 114, then at 116, so b, not served yet,
   takes 115; 116, 117; at 118 c. */
static void test_roundrobin(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.roundrobin", "511");
    timed_expect(&timed, "aaabaacaaabaacaaabaac");
    timed_close(&timed);
    timed_open(&timed, "haproxy.roundrobin", "1234");
    timed_expect_idle(&timed, "dcdbcdadcbdcdbcdadcb");
    timed_close(&timed);
}

/* The sequences of a second reading of lb_fwrr.c, held against this one over thousands of
   random changes. */
static void test_roundrobin_changes(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.roundrobin", "111");
    timed_expect(&timed, "abc");
    timed_set_up(&timed, 'b', false);
    timed_expect(&timed, "acaca");
    timed_set_up(&timed, 'b', true);
    timed_expect(&timed, "cabcabca");
    timed_close(&timed);
    timed_open(&timed, "haproxy.roundrobin", "511");
    timed_expect(&timed, "aaab");
    timed_weigh(&timed, "111");
    timed_expect(&timed, "cacbacbac");
    timed_weigh(&timed, "113");
    timed_expect(&timed, "ccbacccbacccbac");
    join_or_leave(&timed, 'a', false);
    join_or_leave(&timed, 'c', false);
    timed_expect(&timed, "bbb");
    timed_close(&timed);
}

/* A full server loses its turn, not its place; a retry avoids whom it met last. */
static void test_roundrobin_passed_over(void **state)
{
    (void)state;
    struct bare bare;
    struct backend list[3];
    members_open(&bare, "haproxy.roundrobin", (const double[]){1, 1, 1}, 3);
    memcpy(list, bare.list, sizeof list);
    bare_close(&bare);
    members_open_limited(&bare, "haproxy.roundrobin", list, 3, 1, 0);
    memcpy(bare.list, list, sizeof list);
    bare_expect(&bare, "abc-");
    backends_done(&bare.backends, 1);
    bare_expect(&bare, "b-");
    for (backend_id i = 0; i < 3; i++)
        backends_done(&bare.backends, i);
    bare_expect_idle(&bare, "cabcab");
    const backend_id tried[] = {2};
    struct request request = {.attempt = 1, .tried = tried, .tried_count = 1};
    assert_int_equal(backends_pick(&bare.backends, 0, &request), 0);
    bare_close(&bare);
}

/* 5 1 1: a gains five and pays seven; whole sevens above -1 count, the first of equals wins.
   4 2 2 is 2 1 1 by its divisor. */
static void test_static_rr(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.static_rr", "511");
    timed_expect(&timed, "aaabaacaaabaac");
    timed_close(&timed);
    timed_open(&timed, "haproxy.static_rr", "422");
    timed_expect_idle(&timed, "aabcaabc");
    timed_close(&timed);
    timed_open(&timed, "haproxy.static_rr", "1234");
    timed_expect(&timed, "abdcdbcdcd");
    timed_expect(&timed, "ab");
    timed_set_up(&timed, 'd', false); /* a c b c b c; goes on at the third place */
    timed_expect(&timed, "bcbcacbcbc");
    timed_close(&timed);
}

/* Keys are 4096 (n + 1) / 16 w: 512 256 170 128 with one each, then d 192, c 256, d 256; b, c
   and d at 256 in the order in which they got there; and so on. */
static void test_leastconn(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.leastconn", "1234");
    timed_expect(&timed, "abcddcdbcddcbdcdabcd");
    timed_close(&timed);
    timed_open(&timed, "haproxy.leastconn", "511");
    timed_expect_idle(&timed, "abcabcabc");
    timed_close(&timed);
}

/* Who became idle first is picked first; who comes back up is last; a new weight files a
   server anew: 2 * 4096 / 32 = 256, then 384, then 512 behind b. */
static void test_leastconn_order(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.leastconn", "111");
    timed_expect(&timed, "abc");
    timed_end(&timed, 'c', timed_reply(1));
    timed_end(&timed, 'a', timed_reply(1));
    timed_end(&timed, 'b', timed_reply(1));
    timed_expect_idle(&timed, "cabcab");
    timed_set_up(&timed, 'a', false);
    timed_expect_idle(&timed, "cbcb");
    timed_set_up(&timed, 'a', true);
    timed_expect_idle(&timed, "cbacba");
    timed_close(&timed);
    timed_open(&timed, "haproxy.leastconn", "11");
    timed_expect(&timed, "ab");
    timed_weigh(&timed, "21");
    timed_expect(&timed, "aab");
    timed_close(&timed);
}

/* Four lists: idle servers come in any order but all before any comes twice. */
static void test_leastconn_lists(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.leastconn: {lists: \"4\"}", "111111");
    for (int round = 0; round < 20; round++) {
        unsigned seen = 0;
        for (int i = 0; i < 6; i++)
            seen |= 1U << (timed_send(&timed) - 'a');
        assert_int_equal(seen, 0x3f);
    }
    timed_close(&timed);
}

static void test_first(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "haproxy.first", (const double[]){1, 1, 1}, 3);
    bare_expect(&bare, "aaaa");
    struct backend list[3];
    memcpy(list, bare.list, sizeof list);
    bare_close(&bare);
    members_open_limited(&bare, "haproxy.first", list, 3, 2, 0);
    memcpy(bare.list, list, sizeof list);
    bare_expect(&bare, "aabbcc-");
    backends_done(&bare.backends, 1);
    backends_done(&bare.backends, 0);
    bare_expect(&bare, "ab-");
    bare_close(&bare);
}

/* Weight 9 has 144 points of 288; b is taken unless both draws meet a. */
static void test_random(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.random: {draws: 1}", "99");
    double share = timed_share(&timed, 'a');
    ASSERT_NEAR(share, 0.5, 0.1);
    timed_close(&timed);
    timed_open(&timed, "haproxy.random", "99");
    backends_sent(&timed.backends, 0);
    ASSERT_NEAR(timed_share(&timed, 'a'), share * share, 0.01);
    timed_close(&timed);
}

/* Who draws a full server waits, also while another is free; the next free place is its. */
static void test_random_waits(void **state)
{
    (void)state;
    struct bare bare;
    struct backend list[2];
    members_open(&bare, "haproxy.random", (const double[]){1, 1}, 2);
    memcpy(list, bare.list, sizeof list);
    bare_close(&bare);
    members_open_limited(&bare, "haproxy.random: {draws: 1}", list, 2, 1, 0);
    backend_id first = bare_send(&bare);
    assert_true(first < 2);
    uint32_t waits = 0;
    for (int i = 0; i < 1000; i++)
        waits += backends_pick(&bare.backends, 0, &(struct request){0}) == NO_BACKEND;
    assert_true(waits > 100 && waits < 900);
    while (backends_pick(&bare.backends, 0, &(struct request){0}) != NO_BACKEND)
        continue;
    backends_done(&bare.backends, first);
    assert_int_equal(bare_send(&bare), first);
    bare_close(&bare);
}

/* Servers of weight 0 get nothing while others have a weight, be these full: the request
   waits.  A retry rather meets its server again than one of weight 0. */
static void test_drained(void **state)
{
    (void)state;
    static const char *const policies[] = {"haproxy.roundrobin", "haproxy.static_rr",
                                           "haproxy.leastconn", "haproxy.first",
                                           "haproxy.hash", "haproxy.hash: {hash_type: consistent}"};
    struct backend list[2];
    struct bare bare;
    members_open(&bare, "haproxy.first", (const double[]){1, 0}, 2);
    memcpy(list, bare.list, sizeof list);
    bare_close(&bare);
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        static const backend_id tried[] = {0};
        struct request retry = {.attempt = 1, .tried = tried, .tried_count = 1};
        members_open_limited(&bare, policies[i], list, 2, 2, 0);
        memcpy(bare.list, list, sizeof list);
        bare_expect(&bare, "a");
        if (backends_pick(&bare.backends, 0, &retry) != 0)
            fail_msg("%s retries at a server of weight 0", policies[i]);
        bare_expect(&bare, "a--");
        backends_done(&bare.backends, 0);
        bare_expect(&bare, "a-");
        assert_true((bare.backends.ops->traits & POLICY_WAITS) != 0);
        bare_close(&bare);
    }
}

/* From 3.2 on a server whose weight changes is queued as one that comes up, at 114 + (80 + 112 -
   114) / 48 = 115, and keeps the remainder 64 of its division; before, the remainder is lost. */
static void test_roundrobin_anew(void **state)
{
    (void)state;
    struct timed timed;
    timed_open(&timed, "haproxy.roundrobin: {reweighed: anew}", "511");
    timed_expect(&timed, "aa");
    timed_weigh(&timed, "311");
    timed_expect(&timed, "bacabaacabaaca");
    timed_close(&timed);
    timed_open(&timed, "haproxy.roundrobin", "511");
    timed_expect(&timed, "aa");
    timed_weigh(&timed, "311");
    timed_expect(&timed, "baacabaacabaac");
    timed_close(&timed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_roundrobin),
    cmocka_unit_test(test_roundrobin_changes),
    cmocka_unit_test(test_roundrobin_passed_over),
    cmocka_unit_test(test_static_rr),
    cmocka_unit_test(test_leastconn),
    cmocka_unit_test(test_leastconn_order),
    cmocka_unit_test(test_leastconn_lists),
    cmocka_unit_test(test_first),
    cmocka_unit_test(test_random),
    cmocka_unit_test(test_random_waits),
    cmocka_unit_test(test_drained),
    cmocka_unit_test(test_roundrobin_anew),
};

TEST_MAIN(tests)
