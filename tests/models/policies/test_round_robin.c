/* SPDX-License-Identifier: GPL-3.0-or-later
   Round robin, pick by pick. */
#include "tests/models/policies/bare.h"

static void test_turn(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "round_robin", 3);
    bare_expect(&bare, "abcabca");
    bare_close(&bare);
}

/* The turn passes over who is down and keeps its place. */
static void test_members_change(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "round_robin", 4);
    bare_expect(&bare, "ab");
    bare_set_up(&bare, 2, false);
    bare_expect(&bare, "dabda");
    bare_set_up(&bare, 2, true);
    bare_expect(&bare, "bcda");
    bare_set_up(&bare, 0, false);
    bare_set_up(&bare, 1, false);
    bare_set_up(&bare, 3, false);
    bare_expect(&bare, "ccc");
    bare_close(&bare);
}

static void test_random_start(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "round_robin: {start: random}", 8);
    backend_id first = bare_send(&bare);
    for (uint32_t i = 1; i < 20; i++)
        assert_int_equal(bare_send(&bare), (first + i) % 8);
    bare_close(&bare);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_turn),
    cmocka_unit_test(test_members_change),
    cmocka_unit_test(test_random_start),
};

TEST_MAIN(tests)
