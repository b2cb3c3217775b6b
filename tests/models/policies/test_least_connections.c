/* SPDX-License-Identifier: GPL-3.0-or-later
   Least connections, pick by pick, and its ties. */
#include "tests/law.h"
#include "tests/models/policies/bare.h"

static void test_first(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "least_connections: {tie: first}", 3);
    bare_expect_idle(&bare, "aaaa");
    bare_expect(&bare, "abcabc");
    backends_done(&bare.backends, 1);
    bare_expect(&bare, "babc");
    bare_close(&bare);
}

static void test_rotate(void **state)
{
    (void)state;
    struct bare bare;
    bare_open(&bare, "least_connections: {tie: rotate}", 3);
    bare_expect_idle(&bare, "abcab");
    bare_expect(&bare, "cabca");
    backends_done(&bare.backends, 0);
    /* After a comes b: a 1, b 1, c 2, then a 2, b 2, c 2. */
    bare_expect(&bare, "bab");
    bare_close(&bare);
}

/* Who comes back with requests outstanding is not taken for idle. */
static void test_members_change(void **state)
{
    (void)state;
    static const char *const ties[] = {"first", "rotate", "random"};
    for (int i = 0; i < 3; i++) {
        char policy[64];
        struct bare bare;
        snprintf(policy, sizeof policy, "least_connections: {tie: %s}", ties[i]);
        bare_open(&bare, policy, 3);
        for (int k = 0; k < 6; k++)
            bare_send(&bare);
        bare_set_up(&bare, 1, false);
        backends_done(&bare.backends, 1);
        backends_done(&bare.backends, 0);
        bare_expect(&bare, "a");
        bare_set_up(&bare, 1, true);
        bare_expect(&bare, "b");
        for (backend_id pod = 0; pod < 3; pod++)
            assert_int_equal(bare.backends.outstanding[pod], 2);
        bare_close(&bare);
    }
}

/* Any of the least loaded alike. */
static void test_random(void **state)
{
    (void)state;
    enum { PICKS = 100000 };
    struct bare bare;
    bare_open(&bare, "least_connections", 5);
    backends_sent(&bare.backends, 1);
    double counts[5] = {0}, expected[5];
    for (int i = 0; i < PICKS; i++)
        counts[backends_pick(&bare.backends, 0, &(struct request){0})]++;
    for (int i = 0; i < 5; i++)
        expected[i] = i == 1 ? 0 : PICKS / 4.0;
    law_assert_counts(counts, expected, 5);
    bare_close(&bare);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_first),
    cmocka_unit_test(test_rotate),
    cmocka_unit_test(test_members_change),
    cmocka_unit_test(test_random),
};

TEST_MAIN(tests)
