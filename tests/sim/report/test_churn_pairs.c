/* SPDX-License-Identifier: GPL-3.0-or-later
   Links before and after a change: pods 0 to 69, so that a row of bits has two words, and two
   instances. */
#include "sim/report/churn_pairs.h"

#include "tests/test.h"

static void test_roster(struct roster *roster, uint32_t instances)
{
    char name[16];
    roster_init(roster);
    for (int i = 0; i < 70; i++) {
        snprintf(name, sizeof name, "pod-%d", i);
        roster_pod(roster, name);
    }
    roster_tier(roster, "proxy", instances);
}

static void test_add(struct pairs *pairs, uint16_t balancer, uint32_t pod)
{
    pairs_add(pairs, &(struct trace_row){.balancer = balancer, .pod = pod});
}

/* Before: 0-1, 0-69, 1-2, 1-3.  After: 0-1, 1-3, 1-4.  Pod 69 left; 1-2 was closed needlessly. */
static void links_are_compared(void **state)
{
    (void)state;
    static const uint32_t gone[] = {69};
    const struct churn_change change = {.gone = gone, .gone_count = 1};
    struct roster roster;
    test_roster(&roster, 2);
    struct pairs *maps = churn_pairs_open(&roster, 2);
    assert_non_null(maps);
    test_add(&maps[0], 0, 1);
    test_add(&maps[0], 0, 69);
    test_add(&maps[0], 1, 2);
    test_add(&maps[0], 1, 3);
    test_add(&maps[0], 1, 3);
    test_add(&maps[1], 0, 1);
    test_add(&maps[1], 1, 3);
    test_add(&maps[1], 1, 4);
    test_add(&maps[1], 2, 4);  /* no such instance */
    test_add(&maps[1], 1, 70); /* nor such a pod */
    struct churn_pairs found = churn_pairs_between(&maps[0], &maps[1], &change);
    assert_int_equal(found.before, 4);
    assert_int_equal(found.after, 3);
    assert_int_equal(found.opened, 1);
    assert_int_equal(found.closed, 2);
    assert_int_equal(found.needless, 1);
    churn_pairs_free(maps, 2);
    roster_free(&roster);
}

/* A map is instances times 16 bytes; with one instance there are no links to tell of. */
static void maps_have_bounds(void **state)
{
    (void)state;
    struct roster roster;
    test_roster(&roster, 1);
    assert_int_equal(pairs_bytes(&roster), 0);
    assert_null(churn_pairs_open(&roster, 2));
    roster_free(&roster);
    test_roster(&roster, 65535);
    assert_int_equal(pairs_bytes(&roster), 65535 * 16);
    assert_null(churn_pairs_open(&roster, 64));
    roster_free(&roster);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(links_are_compared),
    cmocka_unit_test(maps_have_bounds),
};

TEST_MAIN(tests)
