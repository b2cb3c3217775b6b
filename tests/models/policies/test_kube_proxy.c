/* SPDX-License-Identifier: GPL-3.0-or-later
   kube-proxy's modes: the order of the one, the shares of the others. */
#include "tests/models/policies/members.h"

static const double equal[] = {1, 1, 1, 1, 1, 1, 1};

static void test_userspace(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "kube_proxy.userspace: {shuffle: false}", equal, 4);
    bare_expect(&bare, "abcdab");
    members_weigh(&bare, 1, 5); /* no endpoint came or went */
    bare_expect(&bare, "cd");
    bare_expect(&bare, "a");
    bare_set_up(&bare, 2, false); /* begins again */
    bare_expect(&bare, "abdab");
    bare_set_up(&bare, 2, true);
    bare_expect(&bare, "abcda");
    bare_close(&bare);
}

/* Every round holds each once, in one order until somebody comes or goes. */
static void test_userspace_shuffles(void **state)
{
    (void)state;
    struct bare bare;
    members_open(&bare, "kube_proxy.userspace", equal, 7);
    backend_id first[7];
    bool moved = false;
    for (int i = 0; i < 7; i++)
        first[i] = bare_send(&bare);
    for (int i = 0; i < 7; i++)
        assert_int_equal(bare_send(&bare), first[i]);
    for (int i = 0; i < 7; i++)
        assert_int_equal(bare.backends.outstanding[i], 2);
    for (int changes = 0; changes < 3; changes++) {
        bare_set_up(&bare, 0, false);
        bare_set_up(&bare, 0, true);
        for (int i = 0; i < 7; i++)
            moved |= bare_send(&bare) != first[i];
    }
    assert_true(moved);
    bare_close(&bare);
}

static void expect_equal_shares(const char *policy, uint32_t down)
{
    enum { REQUESTS = 60000 };
    struct bare bare;
    members_open(&bare, policy, equal, 7);
    if (down < 7)
        bare_set_up(&bare, down, false);
    int found[7] = {0}, members = down < 7 ? 6 : 7;
    for (int i = 0; i < REQUESTS; i++)
        found[members_of_hash(&bare, 0)]++;
    for (uint32_t i = 0; i < 7; i++) {
        int expected = i == down ? 0 : REQUESTS / members;
        assert_in_range(found[i] + 1000, expected + 1000 - 450, expected + 1000 + 450);
    }
    bare_close(&bare);
}

static void test_iptables(void **state)
{
    (void)state;
    expect_equal_shares("kube_proxy.iptables", 7);
    expect_equal_shares("kube_proxy.iptables", 3);
}

/* One digit: 1/7 prints as 0.1, 1/6 as 0.2, 1/5 0.2, 1/4 (a tie, to even) 0.2, 1/3 0.3, 1/2
   0.5. */
static void test_iptables_digits(void **state)
{
    (void)state;
    enum { REQUESTS = 100000 };
    struct bare bare;
    members_open(&bare, "kube_proxy.iptables: {digits: 1}", equal, 7);
    int found[7] = {0};
    for (int i = 0; i < REQUESTS; i++)
        found[members_of_hash(&bare, 0)]++;
    static const double matches[] = {0.1, 0.2, 0.2, 0.2, 0.3, 0.5, 1};
    double left = REQUESTS;
    for (int i = 0; i < 7; i++) {
        assert_true(found[i] > left * matches[i] - 600 && found[i] < left * matches[i] + 600);
        left -= left * matches[i];
    }
    bare_close(&bare);
}

static void test_nftables(void **state)
{
    (void)state;
    expect_equal_shares("kube_proxy.nftables", 7);
    expect_equal_shares("kube_proxy.nftables", 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_userspace), cmocka_unit_test(test_userspace_shuffles),
    cmocka_unit_test(test_iptables),  cmocka_unit_test(test_iptables_digits),
    cmocka_unit_test(test_nftables),
};

TEST_MAIN(tests)
