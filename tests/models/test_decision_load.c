/* SPDX-License-Identifier: GPL-3.0-or-later
   Files that are no costs: each mistake is named with its line and what would work. */
#include "tests/models/decision_test.h"

#include <string.h>

#define HEAD "policy,pods,ns_per_pick,us_per_rebuild\n"
#define FILE_OF(text) text, sizeof text - 1

static void test_mistakes_in_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *message;
    } bad[] = {
        {FILE_OF(""), ": the file is empty: a header line was expected"},
        {FILE_OF(HEAD), ": has a header but no costs"},
        {FILE_OF("policy,pods,ns_per_pick\na,1,2\n"),
         ":1: no column 'us_per_rebuild'; the columns that `lbsim bench policies --format csv` "
         "writes are policy, pods, ns_per_pick, us_per_rebuild"},
        {FILE_OF("pods,policy,pods,ns_per_pick,us_per_rebuild\n"),
         ":1: column 'pods' appears twice"},
        {FILE_OF(HEAD "a,1,2\n"), ":2: 3 fields where the header has 4"},
        {FILE_OF(HEAD "a,1,2,3,4\n"), ":2: 5 fields where the header has 4"},
        {FILE_OF(HEAD "a,1,2,3\na,2,-2,3\n"),
         ":3: column 'ns_per_pick' has \"-2\"; a number of 0 or more is needed"},
        {FILE_OF(HEAD "a,1,nan,3\n"),
         ":2: column 'ns_per_pick' has \"nan\"; a number of 0 or more is needed"},
        {FILE_OF(HEAD "a,1,1,inf\n"),
         ":2: column 'us_per_rebuild' has \"inf\"; a number of 0 or more is needed"},
        {FILE_OF(HEAD "a,1,1,1e999\n"),
         ":2: column 'us_per_rebuild' has \"1e999\"; a number of 0 or more is needed"},
        {FILE_OF(HEAD "a,1,1\0,1\n"),
         ":2: column 'ns_per_pick' has \"1\\x00\"; a number of 0 or more is needed"},
        {FILE_OF(HEAD "a,1,,1\n"),
         ":2: column 'ns_per_pick' has \"\"; a number of 0 or more is needed"},
        {FILE_OF(HEAD "a,1,1e14,1\n"),
         ":2: column 'ns_per_pick' has \"1e14\"; a decision takes at most a day"},
        {FILE_OF(HEAD "a,0,1,1\n"),
         ":2: column 'pods' has \"0\"; a number of pods is needed: 1 or more"},
        {FILE_OF(HEAD "a,1.5,1,1\n"),
         ":2: column 'pods' has \"1.5\"; a number of pods is needed: 1 or more"},
        {FILE_OF(HEAD "a,99999999999,1,1\n"),
         ":2: column 'pods' has \"99999999999\"; a number of pods is needed: 1 or more"},
        {FILE_OF(HEAD ",1,1,1\n"),
         ":2: column 'policy' has \"\"; the name of a policy is needed"},
        {FILE_OF(HEAD "\x1b[31m,1,1,1\n"),
         ":2: column 'policy' has \"\\x1b[31m\"; the name of a policy is needed"},
        {FILE_OF(HEAD "a,10,1,1\na,1,1,1\nb,1,1,1\na,1,2,2\n"),
         ":5: 'a' has costs at 1 pods twice"},
    };
    struct costs costs;
    costs_open(&costs);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena arena = {0};
        struct decision_config config = {.file = costs.file};
        char message[512] = "", expected[512];
        costs_write(&costs, bad[i].text, bad[i].size);
        snprintf(expected, sizeof expected, "%s%s", costs.file, bad[i].message);
        assert_false(decision_load(&config, &arena, message, sizeof message));
        assert_string_equal(message, expected);
        arena_free(&arena);
    }
    costs_close(&costs);
}

static void test_a_file_that_is_not_there(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct decision_config config = {.file = "/nowhere/costs.csv"};
    char message[512];
    assert_false(decision_load(&config, &arena, message, sizeof message));
    assert_string_equal(message,
                        "/nowhere/costs.csv: cannot be read: no such file or directory");
    arena_free(&arena);
}

/* Of each size, whatever the order of the lines: 1 2 3 … 9 pods. */
static void test_sizes_are_put_in_order(void **state)
{
    (void)state;
    static const char text[] = HEAD "a,5,5,5\na,1,1,1\na,9,9,9\na,3,3,3\na,7,7,7\na,2,2,2\n"
                                    "a,8,8,8\na,4,4,4\na,6,6,6\n";
    struct costs costs;
    struct arena arena = {0};
    costs_open(&costs);
    costs_write(&costs, text, sizeof text - 1);
    struct decision_config config = {.file = costs.file};
    char message[512];
    assert_true(decision_load(&config, &arena, message, sizeof message));
    assert_int_equal(config.policy_count, 1);
    assert_int_equal(config.policies[0].count, 9);
    for (size_t i = 0; i < 9; i++) {
        ASSERT_NEAR(config.policies[0].sizes[i].pods, i + 1, 0);
        ASSERT_NEAR(config.policies[0].sizes[i].pick_ns, i + 1, 0);
        ASSERT_NEAR(config.policies[0].sizes[i].rebuild_ns, 1000 * (i + 1), 0);
    }
    arena_free(&arena);
    costs_close(&costs);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_mistakes_in_the_file),
    cmocka_unit_test(test_a_file_that_is_not_there),
    cmocka_unit_test(test_sizes_are_put_in_order),
};

TEST_MAIN(tests)
