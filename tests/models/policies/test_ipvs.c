/* SPDX-License-Identifier: GPL-3.0-or-later
   IPVS pick by pick, by hand from the rules of each scheduler in net/netfilter/ipvs.  Added in
   the order a, b, c, destinations stand as c, b, a: each new one at the head of the list. */
#include "tests/models/policies/members.h"

static const double heavy[] = {5, 1, 1}, rising[] = {1, 2, 3, 4}, equal[] = {1, 1, 1, 1};

static void test_rr(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.rr", heavy, 3);
    bare_expect(&bare, "cbacb");
    members_weigh(&bare, 0, 0); /* drained */
    bare_expect(&bare, "cbcb");
    members_weigh(&bare, 0, 1);
    bare_expect(&bare, "ac");
    bare_set_up(&bare, 2, false); /* the last one picked: the turn falls back to the head */
    bare_expect(&bare, "bab");
    bare_set_up(&bare, 2, true); /* new again, at the head: after a comes c */
    bare_expect(&bare, "acba");
    bare_set_up(&bare, 0, false); /* the last one picked, after b: goes on behind b */
    bare_expect(&bare, "cbc");
    bare_set_up(&bare, 0, true); /* a c b, and c was the last */
    bare_expect(&bare, "bacb");
    bare_close(&bare);
}

/* The service begins with nobody: bar 0.  Adding a sets it to the highest, 5 - (5 - 1) = 1,
   and b and c do not touch it: a pass at bar 1, then 5, 4, 3, 2, 1. */
static void test_wrr(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.wrr", heavy, 3);
    bare_expect(&bare, "cbaaaaacbaaaaacb");
    bare_close(&bare);
    members_open(&bare, "ipvs.wrr", rising, 4);
    bare_expect(&bare, "dcbaddcdcbdcbaddcdcbdcba");
    bare_close(&bare);
}

/* A change begins the list anew and keeps the bar. */
static void test_wrr_changes(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.wrr", rising, 4);
    bare_expect(&bare, "dcbadd"); /* now at bar 3, behind d */
    bare_set_up(&bare, 0, false);
    bare_expect(&bare, "dcdcb"); /* bar 3, bar 2 */
    bare_set_up(&bare, 0, true); /* a d c b, bar 2 */
    bare_expect(&bare, "dcbadcb" /* bar 1 */ "d" /* bar 4 */);
    members_weigh(&bare, 3, 2); /* the bar falls to the highest weight, 3 */
    bare_expect(&bare, "cdcbadcb");
    bare_close(&bare);
    /* 10 and 4: step 2, bars 9, 7, 5, 3, 1; from 10 alone, highest 1, and 1 / 2 * 2 + 1. */
    static const double even[] = {10, 4};
    members_open(&bare, "ipvs.wrr", even, 2);
    bare_expect(&bare, "baaaababaaaababa");
    bare_close(&bare);
}

static void test_lc(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.lc", rising, 4);
    members_expect_idle(&bare, 0, "dddd");
    bare_expect(&bare, "dcbadcba");
    backends_done(&bare.backends, 1);
    bare_expect(&bare, "bd");
    members_weigh(&bare, 2, 0);
    bare_expect(&bare, "badba");
    bare_close(&bare);
}

/* A closed connection weighs 1 against 256 of an open one, for as long as it lingers. */
static void test_lc_inactive(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.lc: {inactive: 2m}", equal, 3);
    members_expect_idle(&bare, SIM_SECOND, "cbacbac");
    bare_expect(&bare, "bacbac"); /* at time 0: 0 to 2 open, c three closed, a and b two */
    for (int i = 0; i < 2; i++)
        for (backend_id b = 0; b < 3; b++)
            backends_done(&bare.backends, b);
    members_expect_idle(&bare, 300 * SIM_SECOND, "cba");
    bare_close(&bare);
}

/* 1:2:3:4 with loads l over weight, ties to d, c, b, a. */
static void test_wlc(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.wlc", rising, 4);
    members_expect_idle(&bare, 0, "ddd");
    bare_expect(&bare, "dcbadcdbcd" "dcbadcdbcd");
    bare_close(&bare);
    members_open(&bare, "ipvs.wlc", heavy, 3);
    bare_expect(&bare, "cbaaaaacbaaaaa");
    bare_close(&bare);
}

/* (l + 1) / weight: 1/4 d; 2/4 d against 1/3 c: c; then d and b at 1/2: d is first. */
static void test_sed(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.sed", rising, 4);
    bare_expect(&bare, "dcdbcddcba");
    bare_close(&bare);
    members_open(&bare, "ipvs.sed", heavy, 3);
    members_expect_idle(&bare, 0, "aaa");
    bare_expect(&bare, "aaaacbaaaaa");
    bare_close(&bare);
}

static void test_nq(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.nq", heavy, 3);
    members_expect_idle(&bare, 0, "ccc");
    bare_expect(&bare, "cbaaaaa");
    backends_done(&bare.backends, 1);
    bare_expect(&bare, "b");
    bare_close(&bare);
}

static void test_fo(void **state)
{
    (void)state;
    struct bare bare;
    static const double pair[] = {1, 3, 3};
    members_open(&bare, "ipvs.fo", pair, 3);
    bare_expect(&bare, "ccc");
    bare_set_up(&bare, 2, false);
    bare_expect(&bare, "bb");
    members_weigh(&bare, 1, 0);
    bare_expect(&bare, "a");
    bare_close(&bare);
}

/* As long as a destination has no more than its weight: weight + 1 each. */
static void test_ovf(void **state)
{
    (void)state;
    struct bare bare;
    static const double few[] = {1, 2, 3};
    members_open(&bare, "ipvs.ovf", few, 3);
    bare_expect(&bare, "ccccbbbaa--");
    backends_done(&bare.backends, 1);
    bare_expect(&bare, "b-");
    bare_close(&bare);
}

/* Shares of draws: from 0 to 10 inclusive, so d has 0 to 4, c 5 to 7, b 8 and 9, a 10.  With
   no load the first draw wins. */
static void test_twos(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.twos", rising, 4);
    enum { REQUESTS = 110000 };
    static const int expected[] = {REQUESTS / 11, 2 * (REQUESTS / 11), 3 * (REQUESTS / 11),
                                   5 * (REQUESTS / 11)};
    int found[4] = {0};
    for (int i = 0; i < REQUESTS; i++)
        found[members_of_hash(&bare, 0)]++;
    for (int i = 0; i < 4; i++)
        assert_in_range(found[i], expected[i] - 700, expected[i] + 700);
    for (int i = 0; i < 1000; i++)
        bare_send(&bare);
    for (backend_id i = 0; i < 4; i++)
        assert_in_range(bare.backends.outstanding[i], 100 * (i + 1) - 25, 100 * (i + 1) + 25);
    bare_close(&bare);
}

/* 10.0.0.1 is 0x0a000001; times 0x61c88647, its top 8 bits, found apart from this program in
   arbitrary precision. */
static void test_dh(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.dh", heavy, 3);
    static const struct {
        const char *key;
        uint32_t bucket;
    } rows[] = {{"10.0.0.1", 0x27}, {"10.0.0.2", 0x89}, {"192.168.1.77", 0x90}};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(members_of_key(&bare, rows[i].key), 2 - rows[i].bucket % 3);
    members_weigh(&bare, 0, 0);
    int refused = 0;
    for (uint32_t i = 0; i < 3; i++)
        refused += members_of_key(&bare, rows[i].key) == NO_BACKEND;
    assert_int_equal(refused, 1); /* 0x89 % 3 == 2 */
    bare_close(&bare);
}

/* Buckets are dealt c, b, a a a a a, and again. */
static void test_sh(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "ipvs.sh", heavy, 3);
    for (uint64_t i = 0; i < 256; i++)
        assert_int_equal(members_of_hash(&bare, i), i % 7 == 0 ? 2 : i % 7 == 1 ? 1 : 0);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 0);    /* 0x27 % 7 == 4 */
    assert_int_equal(members_of_key(&bare, "10.0.0.4:99"), 2); /* 0x4d % 7 == 0 */
    members_weigh(&bare, 0, 0); /* dealt as c, b, a; a's clients are refused */
    for (uint64_t i = 0; i < 256; i++)
        assert_int_equal(members_of_hash(&bare, i), i % 3 == 2 ? NO_BACKEND : 2 - i % 3);
    bare_close(&bare);
    members_open(&bare, "ipvs.sh: {sh-fallback: true, sh-port: true}", heavy, 3);
    members_weigh(&bare, 0, 0);
    for (uint64_t i = 2; i < 256; i += 3) { /* from bucket 2 i on */
        uint64_t next = 2 * i % 256;
        while (next % 3 == 2)
            next = (next + 1) % 256;
        assert_int_equal(members_of_hash(&bare, i), 2 - next % 3);
    }
    assert_int_equal(members_of_key(&bare, "10.0.0.2"), 2);   /* 0x89: a, then 2 * 0x89 */
    assert_int_equal(members_of_key(&bare, "10.0.0.2:1"), 1); /* as 10.0.0.3: 0xeb */
    bare_close(&bare);
}

/* Shares of slots by weight; a drained one keeps its own. */
static void test_mh(void **state)
{
    (void)state;
    struct bare bare;
    static const double weights[] = {2, 4, 6};
    members_open(&bare, "ipvs.mh: {tab_index: 8}", weights, 3);
    int slots[3] = {0};
    for (uint64_t i = 0; i < 251; i++)
        slots[members_of_hash(&bare, i)]++;
    /* 41 rounds of c c c b b a, then c c c b b. */
    assert_int_equal(slots[2], 126);
    assert_int_equal(slots[1], 84);
    assert_int_equal(slots[0], 41);
    uint8_t before[251];
    for (uint64_t i = 0; i < 251; i++)
        before[i] = (uint8_t)members_of_hash(&bare, i);
    members_weigh(&bare, 1, 0);
    for (uint64_t i = 0; i < 251; i++)
        assert_int_equal(members_of_hash(&bare, i), before[i] == 1 ? NO_BACKEND : before[i]);
    bare_close(&bare);
}

/* Weights over 6 bits are shifted: 640 and 10 make 64 and 1, 7 bits, so 32 and at least 1. */
static void test_mh_shift(void **state)
{
    (void)state;
    struct bare bare;
    static const double weights[] = {640, 10};
    members_open(&bare, "ipvs.mh", weights, 2);
    int slots[2] = {0};
    for (uint64_t i = 0; i < 4093; i++)
        slots[members_of_hash(&bare, i)]++;
    assert_int_equal(slots[1], (4093 + 32) / 33);
    bare_close(&bare);
}

/* A key stays where it is until that has more than its weight while another has less than
   half of its own. */
static void test_lblc(void **state)
{
    (void)state;
    struct bare bare;
    static const double weights[] = {4, 4, 4};
    members_open(&bare, "ipvs.lblc", weights, 3);
    bare.asked = 0;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(members_of_key(&bare, "10.0.0.1"), 2);
        backends_sent(&bare.backends, 2);
    }
    assert_int_equal(members_of_key(&bare, "10.0.0.2"), 1);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 1); /* 5 of 4 on c, b and a idle */
    for (int i = 0; i < 5; i++)
        backends_done(&bare.backends, 2);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 1); /* it moved */
    bare_set_up(&bare, 1, false);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 2);
    bare_set_up(&bare, 1, true);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 2);
    assert_int_equal(members_of_key(&bare, "10.0.0.2"), 1); /* remembered */
    bare_close(&bare);
}

/* The set grows by who is least loaded; a day later the most loaded leaves it. */
static void test_lblcr(void **state)
{
    (void)state;
    struct bare bare;
    static const double weights[] = {4, 4, 4};
    members_open(&bare, "ipvs.lblcr: {lblcr_expiration: 24h}", weights, 3);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(members_of_key(&bare, "10.0.0.1"), 2);
        backends_sent(&bare.backends, 2);
    }
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 1); /* joins: b, c */
    for (int i = 0; i < 5; i++)
        backends_done(&bare.backends, 2);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 1); /* who joined last is first */
    backends_sent(&bare.backends, 1);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 2);
    for (sim_time hour = 12; hour <= 36; hour += 12) {
        bare.backends.view.now = hour * 3600 * SIM_SECOND;
        assert_int_equal(members_of_key(&bare, "10.0.0.1"), 2);
    }
    backends_sent(&bare.backends, 2); /* b left after 24 h: c stays alone */
    backends_sent(&bare.backends, 2);
    assert_int_equal(members_of_key(&bare, "10.0.0.1"), 2);
    bare_close(&bare);
}

/* With every weight 0 each scheduler of the kernel finds nobody, and the connection is refused;
   it does not wait for a weight. */
static void test_all_drained(void **state)
{
    (void)state;
    static const char *const policies[] = {
        "ipvs.rr",  "ipvs.wrr", "ipvs.lc", "ipvs.wlc", "ipvs.sed",  "ipvs.nq",    "ipvs.fo",
        "ipvs.ovf", "ipvs.sh",  "ipvs.dh", "ipvs.mh",  "ipvs.lblc", "ipvs.lblcr", "ipvs.twos"};
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        struct bare bare;
        members_open(&bare, policies[i], equal, 2);
        assert_int_not_equal(bare_send(&bare), NO_BACKEND);
        members_weigh(&bare, 0, 0);
        members_weigh(&bare, 1, 0);
        bare_expect(&bare, "--");
        if ((bare.backends.ops->traits & POLICY_REFUSES) == 0)
            fail_msg("%s lets a request wait that the kernel refuses", policies[i]);
        bare_close(&bare);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_rr),   cmocka_unit_test(test_wrr),
    cmocka_unit_test(test_wrr_changes), cmocka_unit_test(test_lc),
    cmocka_unit_test(test_lc_inactive), cmocka_unit_test(test_wlc),
    cmocka_unit_test(test_sed),  cmocka_unit_test(test_nq),
    cmocka_unit_test(test_fo),   cmocka_unit_test(test_ovf),
    cmocka_unit_test(test_twos), cmocka_unit_test(test_dh),
    cmocka_unit_test(test_sh),   cmocka_unit_test(test_mh),
    cmocka_unit_test(test_mh_shift), cmocka_unit_test(test_lblc),
    cmocka_unit_test(test_lblcr), cmocka_unit_test(test_all_drained),
};

TEST_MAIN(tests)
