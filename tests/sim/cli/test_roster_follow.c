/* SPDX-License-Identifier: GPL-3.0-or-later
   A copy follows a roster that grows and changes, and outlives it. */
#include "sim/cli/roster_follow.h"
#include "tests/test.h"

static void roster_follow_outlives(void **state)
{
    (void)state;
    struct roster roster, copy;
    roster_init(&roster);
    roster_init(&copy);
    roster_client(&roster, "web");
    uint32_t first = roster_pod(&roster, "pod-0");
    roster.pods[first].group = "pod";
    roster.measure_end = 5;
    roster_follow(&copy, &roster);
    for (int i = 1; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "pod-%d", i);
        uint32_t index = roster_pod(&roster, name);
        roster.pods[index].speed = i;
        roster_follow_growth(&copy, &roster);
    }
    roster_client(&roster, "batch");
    roster.pods[7].left = 42;
    roster_follow(&copy, &roster);
    roster_free(&roster);
    assert_int_equal(copy.client_count, 2);
    assert_string_equal(copy.clients[1], "batch");
    assert_int_equal(copy.pod_count, 100);
    assert_string_equal(copy.pods[0].name, "pod-0");
    assert_string_equal(copy.pods[0].group, "pod");
    assert_string_equal(copy.pods[99].name, "pod-99");
    ASSERT_NEAR(copy.pods[99].speed, 99, 0);
    assert_int_equal(copy.pods[7].left, 42);
    assert_int_equal(copy.measure_end, 5);
    roster_free(&copy);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(roster_follow_outlives)};

TEST_MAIN(tests)
