/* SPDX-License-Identifier: GPL-3.0-or-later
   Files that are no requests: each mistake is named with its line and what would work. */
#include "tests/models/replay_test.h"

static void test_mistakes_in_the_file(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "a.csv: the file is empty: a header line was expected"},
        {"time_ns,d\n", "a.csv: has a header but no requests"},
        {"tiem_ns,d\n1,1\n",
         "a.csv:1: no column 'time_ns'; did you mean 'tiem_ns'? columns are tiem_ns, d"},
        {"t,d\n1,1\n", "a.csv:1: no column 'time_ns'; columns are t, d"},
        {"time_ns,d\n1,1\n2\n", "a.csv:3: 1 field where the header has 2"},
        {"time_ns,d\n1,1\n\n-2,1\n",
         "a.csv:4: column 'time_ns' has '-2'; times must not be negative"},
        {"time_ns,d\nsoon,1\n", "a.csv:2: column 'time_ns' has 'soon'; a time is a number, or "
                                "text such as 2023-11-16 18:17:03.9799600"},
        {"time_ns,d\n,1\n", "a.csv:2: column 'time_ns' is empty; a time is a number, or "
                            "text such as 2023-11-16 18:17:03.9799600"},
        {"time_ns,d\n1,nan\n", "a.csv:2: column 'd' has 'nan'; a number is needed"},
        {"time_ns,d\n1,-0.5\n", "a.csv:2: column 'd' has '-0.5'; it must not be negative"},
        {"time_ns,d\n1,\n", "a.csv:2: column 'd' is empty; a number is needed"},
        {"time_ns,d\n1,1\n1e300,1\n",
         "a.csv:3: column 'time_ns' has '1e300'; it is too large: times end after 292 years"},
        {"time_ns,d\n-1e300,1\n",
         "a.csv:2: column 'time_ns' has '-1e300'; times must not be negative"},
        {"time_ns,d\n1,1e99999\n", "a.csv:2: column 'd' has '1e99999'; it is too large"},
        {"time_ns,d\n1,-1e99\n", "a.csv:2: column 'd' has '-1e99'; it must not be negative"},
        {"time_ns,d,time_ns\n1,1,1\n", "a.csv:1: column 'time_ns' appears twice"},
        {"d,time_ns,d\n1,1,1\n", "a.csv:1: column 'd' appears twice"},
        {"time_ns,d\n0,1\n9000000000000000000,1\n",
         "a.csv: the times span more than 18 years; is the unit of column 'time_ns' right?"},
    };
    fixture->config.demand = "d";
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file(fixture, bad[i].text);
        assert_string_equal(refusal(fixture), bad[i].message);
    }
    unlink(fixture->file);
    assert_string_equal(refusal(fixture), "a.csv: cannot be read: no such file or directory");
}

static void test_a_column_that_is_not_read_may_appear_twice(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "x,time_ns,x\n1,5,2\n");
    check(fixture);
}

static void test_nul_bytes_are_refused_wherever_they_are(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        size_t size;
        const char *message;
    } bad[] = {
        {"time_ns,k\n0,1\n1,\0002\n", 18, "a.csv:3: a NUL byte has no place here"},
        {"time_ns,k\n5\0,1\n", 15, "a.csv:2: a NUL byte has no place here"},
        {"time_ns\0x,k\n5,1\n", 16, "a.csv:1: a NUL byte has no place here"},
        {"time_ns,k,z\n5,1,\0\n", 18, "a.csv:2: a NUL byte has no place here"},
    };
    fixture->config.key = "k";
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        FILE *file = fopen(fixture->file, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(bad[i].text, 1, bad[i].size, file), bad[i].size);
        assert_int_equal(fclose(file), 0);
        assert_string_equal(refusal(fixture), bad[i].message);
    }
}

static void test_a_name_that_promises_zstd(void **state)
{
    struct fixture *fixture = *state;
    snprintf(fixture->file, sizeof fixture->file, "%s/a.csv.zst", fixture->folder);
    write_file(fixture, "no zstd frame\n");
    assert_string_equal(refusal(fixture),
                        "a.csv.zst: is not zstd although its name ends in .zst; as plain text: "
                        "no column 'time_ns'; columns are no zstd frame");
    write_file(fixture, "time_ns\nsoon\n");
    assert_string_equal(refusal(fixture),
                        "a.csv.zst:2: column 'time_ns' has 'soon'; a time is a number, or text "
                        "such as 2023-11-16 18:17:03.9799600");
    write_file(fixture, "time_ns\n5\n");
    check(fixture);
}

static const struct CMUnitTest tests[] = {
    TEST(test_mistakes_in_the_file),
    TEST(test_a_column_that_is_not_read_may_appear_twice),
    TEST(test_nul_bytes_are_refused_wherever_they_are),
    TEST(test_a_name_that_promises_zstd),
};

TEST_MAIN(tests)
