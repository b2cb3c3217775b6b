/* SPDX-License-Identifier: GPL-3.0-or-later
   Deterministic subsetting: 300 balancers of 10 pods each over 100 pods serve each pod from
   exactly 30 of them, as in chapter 20 of Site Reliability Engineering (300 clients, 10 of 300
   backends there). */
#include "tests/models/policies/members.h"

enum { PODS = 100, SIZE = 10 };

static struct backend list[PODS];
static char names[PODS][8];

static int make_list(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < PODS; i++) {
        snprintf(names[i], sizeof names[i], "p%u", i);
        list[i] = (struct backend){names[i], names[i], "", i, 1};
    }
    return 0;
}

static void test_shares(void **state)
{
    (void)state;
    int balancers[PODS] = {0};
    for (uint32_t peer = 0; peer < 300; peer++) {
        struct bare bare;
        members_open_limited(&bare, "rotating_subset: {subset_size: 10}", list, PODS,
                             UINT32_MAX, peer);
        backend_id first[SIZE];
        for (int i = 0; i < SIZE; i++)
            balancers[first[i] = bare_send(&bare)]++;
        for (int i = 0; i < SIZE; i++)
            assert_int_equal(bare_send(&bare), first[i]); /* in turn, and no others */
        bare_close(&bare);
    }
    for (int i = 0; i < PODS; i++)
        assert_int_equal(balancers[i], 30);
}

/* The subsets of one round are apart from each other; rounds are shuffled otherwise. */
static void test_rounds(void **state)
{
    (void)state;
    backend_id firsts[2] = {0};
    int same = 0;
    for (uint32_t peer = 0; peer < 20; peer += 10) {
        struct bare bare;
        members_open_limited(&bare, "rotating_subset: {subset_size: 10}", list, PODS,
                             UINT32_MAX, peer);
        for (int i = 0; i < SIZE; i++)
            same += i > 0 && firsts[1] == bare_send(&bare);
        firsts[peer / 10] = bare_send(&bare);
        bare_close(&bare);
    }
    assert_int_not_equal(firsts[0], firsts[1]);
    assert_true(same < 3);
}

static void test_within(void **state)
{
    (void)state;
    struct bare bare;
    members_open_limited(&bare, "rotating_subset: {subset_size: 3, within: least}", list, 9,
                         UINT32_MAX, 1);
    backend_id first = bare_send(&bare), second = bare_send(&bare), third = bare_send(&bare);
    assert_true(first != second && second != third && first != third);
    backends_done(&bare.backends, second);
    assert_int_equal(bare_send(&bare), second);
    assert_int_equal(bare_send(&bare), first);
    bare_close(&bare);
    members_open_limited(&bare, "rotating_subset: {subset_size: 3, within: random}", list, 9,
                         UINT32_MAX, 1);
    for (int i = 0; i < 3000; i++)
        bare_send(&bare);
    for (backend_id i = 0; i < 9; i++)
        if (i == first || i == second || i == third)
            assert_in_range(bare.backends.outstanding[i], 900, 1100);
        else
            assert_int_equal(bare.backends.outstanding[i], 0);
    bare_close(&bare);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_shares, make_list),
    cmocka_unit_test_setup(test_rounds, make_list),
    cmocka_unit_test_setup(test_within, make_list),
};

TEST_MAIN(tests)
