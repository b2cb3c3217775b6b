/* SPDX-License-Identifier: GPL-3.0-or-later
   Names of scopes over replications that number them differently. */
#include "sim/report/scope.h"

#include "tests/sim/report/rows.h"
#include "tests/test.h"

static void numbers_in_names_compare_as_numbers(void **state)
{
    (void)state;
    assert_true(scope_compare("pod-2", "pod-10") < 0);
    assert_true(scope_compare("pod-10", "pod-9") > 0);
    assert_true(scope_compare("a9b2", "a9b11") < 0);
    assert_true(scope_compare("a", "b") < 0);
    assert_true(scope_compare("a", "a1") < 0);
    assert_true(scope_compare("1", "01") > 0);
    assert_true(scope_compare("01", "2") < 0);
    assert_int_equal(scope_compare("x-7", "x-7"), 0);
    assert_true(scope_compare("z", "\xc3\xa9") < 0);
    assert_true(scope_compare("99999999999999999999999", "99999999999999999999998") > 0);
}

static void test_add(struct roster *roster, const char *pod, const char *client,
                     sim_time joined)
{
    roster_client(roster, client);
    uint32_t index = roster_pod(roster, pod);
    roster_own_life(roster, index)->joined = joined;
}

static void lists_are_the_sorted_union_of_who_was_there(void **state)
{
    (void)state;
    struct roster rosters[2];
    struct arena arena = {0};
    for (int i = 0; i < 2; i++) {
        roster_init(&rosters[i]);
        rosters[i].measure_begin = 1000;
        rosters[i].measure_end = 2000;
    }
    test_add(&rosters[0], "pod-10", "web", 0);
    test_add(&rosters[0], "pod-2", "idle", 1999);
    test_add(&rosters[1], "pod-2", "batch", 0);
    test_add(&rosters[1], "late", "web", 2000);
    struct tally *tallies[] = {tally_open(&rosters[0]), tally_open(&rosters[1])};
    struct trace_row row = rows_ok(1500, 0, 0, 1);
    tally_rows(tallies[0], &row, 1);
    tally_rows(tallies[1], &row, 1);
    struct scope_list pods = scope_list(SCOPE_POD, tallies, 2, &arena);
    assert_int_equal(pods.count, 2);
    assert_string_equal(pods.names[0], "pod-2");
    assert_string_equal(pods.names[1], "pod-10");
    struct scope_list clients = scope_list(SCOPE_CLIENT, tallies, 2, &arena);
    assert_int_equal(clients.count, 2); /* idle sent nothing */
    assert_string_equal(clients.names[0], "batch");
    assert_string_equal(clients.names[1], "web");
    assert_int_equal(scope_list(SCOPE_GROUP, tallies, 2, &arena).count, 0); /* "" is none */
    assert_int_equal(scope_find(SCOPE_POD, tallies[0], "pod-2", 0), 1);
    assert_int_equal(scope_find(SCOPE_POD, tallies[0], "pod-2", SIZE_MAX), 1);
    assert_true(scope_find(SCOPE_CLIENT, tallies[1], "idle", 0) == SIZE_MAX);
    for (int i = 0; i < 2; i++) {
        tally_free(tallies[i]);
        roster_free(&rosters[i]);
    }
    arena_free(&arena);
}

static void a_crowd_is_not_listed(void **state)
{
    (void)state;
    struct roster roster;
    struct arena arena = {0};
    char name[16];
    roster_init(&roster);
    for (int i = 0; i < SCOPE_MEMBERS_MAX; i++) {
        snprintf(name, sizeof(name), "p%d", i);
        roster_pod(&roster, name);
    }
    struct tally *tally = tally_open(&roster);
    struct scope_list list = scope_list(SCOPE_POD, &tally, 1, &arena);
    assert_int_equal(list.count, SCOPE_MEMBERS_MAX);
    assert_false(list.crowded);
    roster_pod(&roster, "one more");
    tally_rows(tally, NULL, 0);
    list = scope_list(SCOPE_POD, &tally, 1, &arena);
    assert_int_equal(list.count, 0);
    assert_true(list.crowded);
    tally_free(tally);
    arena_free(&arena);
    roster_free(&roster);
}

static void presence_is_what_lies_within_the_window(void **state)
{
    (void)state;
    struct roster_life life = {.joined = 0, .left = SIM_NEVER};
    assert_int_equal(scope_presence(&life, 1000, 2000), 1000);
    life.joined = 1300;
    life.left = 1400;
    assert_int_equal(scope_presence(&life, 1000, 2000), 100);
    life.left = 900;
    life.joined = 0;
    assert_int_equal(scope_presence(&life, 1000, 2000), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers_in_names_compare_as_numbers),
    cmocka_unit_test(lists_are_the_sorted_union_of_who_was_there),
    cmocka_unit_test(a_crowd_is_not_listed),
    cmocka_unit_test(presence_is_what_lies_within_the_window),
};

TEST_MAIN(tests)
