/* SPDX-License-Identifier: GPL-3.0-or-later
   What a single field may be and what not, up to its last value. */
#include "sim/trace/cell.h"
#include "sim/trace/roster.h"
#include "tests/test.h"

#include <string.h>

static void counts_are_digits_up_to_the_limit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t limit;
        bool good;
        uint64_t value;
    } cases[] = {
        {"0", 0, true, 0},
        {"1", 0, false, 0},
        {"007", 10, true, 7},
        {"10", 10, true, 10},
        {"11", 10, false, 0},
        {"", 10, false, 0},
        {"-1", 10, false, 0},
        {"+1", 10, false, 0},
        {" 1", 10, false, 0},
        {"1.0", 10, false, 0},
        {"1e3", 10000, false, 0},
        {"0x1", 10, false, 0},
        {"9223372036854775807", INT64_MAX, true, INT64_MAX},
        {"9223372036854775808", INT64_MAX, false, 0},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999", UINT64_MAX, false, 0},
        {"184467440737095516150", UINT64_MAX, false, 0},
        {"000000000000000000000000012", 12, true, 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t value = 0;
        bool good =
            cell_count(cases[i].text, strlen(cases[i].text), cases[i].limit, &value);
        if (good != cases[i].good || (good && value != cases[i].value))
            fail_msg("\"%s\": %d, %llu", cases[i].text, good, (unsigned long long)value);
    }
}

static void numbers_are_finite_and_not_negative(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "1.5", "1e-3", "2E+2", ".5", "0.1"};
    static const char *const bad[] = {"",      "-1", "nan", "inf", "1e999", "1.5x",
                                      "0x1p3", " 1", "1 ",  "1,5", "e5",    "1.2.3"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(cell_number(good[i], strlen(good[i]), &value));
    ASSERT_NEAR(value, 0.1, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (cell_number(bad[i], strlen(bad[i]), &value))
            fail_msg("\"%s\" was taken as %g", bad[i], value);
}

static void words_are_matched_whole(void **state)
{
    (void)state;
    static const char *const words[] = {"ok", "okay", "no", NULL};
    uint64_t index = 9;
    assert_true(cell_word("okay", 4, words, &index));
    assert_int_equal(index, 1);
    assert_false(cell_word("oka", 3, words, &index));
    assert_false(cell_word("ok\0x", 4, words, &index));
    assert_false(cell_word("OK", 2, words, &index));
    assert_false(cell_word("", 0, words, &index));
    char list[32];
    cell_list(words, list, sizeof list);
    assert_string_equal(list, "ok, okay or no");
    cell_list(words, list, 6);
    assert_string_equal(list, "ok, o");
}

static void names_are_utf8_without_control_characters(void **state)
{
    (void)state;
    static const char *const good[] = {"a",
                                       "pod 1",
                                       "=1+1",
                                       "\xc3\xa9t\xc3\xa9",
                                       "\xe2\x82\xac",
                                       "\xf0\x9f\x90\xb3",
                                       "\xc2\xa0",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xe0\xa0\x80"};
    static const char *const bad[] = {"",
                                      "a\tb",
                                      "a\n",
                                      "\x7f",
                                      "\xc2\x80",
                                      "\xc2\x9f",
                                      "\x80",
                                      "\xc0\xaf",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xe2\x82",
                                      "\xe2\x28\xa1",
                                      "\xff",
                                      "\xc3"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!cell_is_name(good[i], strlen(good[i])))
            fail_msg("good name %zu was refused", i);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (cell_is_name(bad[i], strlen(bad[i])))
            fail_msg("bad name %zu was taken", i);
    assert_false(cell_is_name("a\0b", 3));
    char name[ROSTER_NAME_BYTES + 1];
    memset(name, 'n', sizeof name);
    assert_true(cell_is_name(name, ROSTER_NAME_BYTES));
    assert_false(cell_is_name(name, ROSTER_NAME_BYTES + 1));
}

static void quotes_fit_and_show_what_cannot_be_seen(void **state)
{
    (void)state;
    char quoted[CELL_QUOTED_BYTES], text[200];
    assert_string_equal(cell_quote("a\n\xff", 3, quoted), "\"a\\x0a\\xff\"");
    assert_string_equal(cell_quote("", 0, quoted), "\"\"");
    for (size_t size = 0; size < sizeof text; size++) {
        memset(text, size % 2 ? '\n' : 'x', sizeof text);
        text[size / 2] = '\x01';
        size_t used = strlen(cell_quote(text, size, quoted));
        assert_true(used < CELL_QUOTED_BYTES && quoted[used - 1] == '"');
        assert_true(size < 60 || strstr(quoted, "...\"") != NULL);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(counts_are_digits_up_to_the_limit),
    cmocka_unit_test(numbers_are_finite_and_not_negative),
    cmocka_unit_test(words_are_matched_whole),
    cmocka_unit_test(names_are_utf8_without_control_characters),
    cmocka_unit_test(quotes_fit_and_show_what_cannot_be_seen),
};

TEST_MAIN(tests)
