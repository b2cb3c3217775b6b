/* SPDX-License-Identifier: GPL-3.0-or-later
   Every scalar type: what it takes, what a refusal says, and that format undoes parse. */
#include "sim/config/value.h"
#include "tests/test.h"

#include <stdbool.h>
#include <string.h>

static const char *const orders[] = {"fifo", "lifo", NULL};

static const struct param row_duration = {"timeout", PARAM_DURATION, .min = 1e6, .max = 1e10,
                                          .also = "none"};
static const struct param row_count = {"count", PARAM_COUNT, .min = 1, .max = 1e6};
static const struct param row_free = {"seed", PARAM_COUNT, .help = ""};
static const struct param row_number = {"speed", PARAM_NUMBER, .min = 0.001, .max = 1000};
static const struct param row_any = {"factor", PARAM_NUMBER, .help = ""};
static const struct param row_ratio = {"share", PARAM_RATIO, .max = 1};
static const struct param row_rate = {"rate", PARAM_RATE, .min = 1, .max = INFINITY};
static const struct param row_size = {"memory", PARAM_SIZE, .also = "unlimited"};
static const struct param row_amount = {"mean", PARAM_QUANTITY, .min = 0, .max = 1e18};
static const struct param row_bool = {"strict", PARAM_BOOL, .help = ""};
static const struct param row_name = {"name", PARAM_NAME, .help = ""};
static const struct param row_text = {"title", PARAM_TEXT, .help = ""};
static const struct param row_path = {"file", PARAM_PATH, .help = ""};
static const struct param row_word = {"order", PARAM_CHOICE, .of.words = orders};

union value_test_field {
    bool truth;
    uint64_t count;
    sim_time time;
    double real;
    uint32_t index;
    const char *text;
};

static void values_read_back_as_they_are_shown(void **state)
{
    static const struct {
        const struct param *row;
        enum param_type unit;
        const char *text, *shown;
    } rows[] = {{&row_duration, PARAM_NUMBER, "1s500ms", "1500ms"},
                {&row_duration, PARAM_NUMBER, "none", "none"},
                {&row_count, PARAM_NUMBER, "100k", "100000"},
                {&row_free, PARAM_NUMBER, "18446744073709551615", "18446744073709551615"},
                {&row_number, PARAM_NUMBER, "1e2", "100"},
                {&row_any, PARAM_NUMBER, "-0.25", "-0.25"},
                {&row_ratio, PARAM_NUMBER, "0.25", "25%"},
                {&row_rate, PARAM_NUMBER, "120/m", "2/s"},
                {&row_size, PARAM_NUMBER, "65536B", "64Ki"},
                {&row_size, PARAM_NUMBER, "unlimited", "unlimited"},
                {&row_amount, PARAM_DURATION, "4000us", "4ms"},
                {&row_amount, PARAM_DURATION, "0.25ns", "0.25ns"},
                {&row_amount, PARAM_SIZE, "1.5Ki", "1536B"},
                {&row_amount, PARAM_NUMBER, "17.50", "17.5"},
                {&row_bool, PARAM_NUMBER, "true", "true"},
                {&row_name, PARAM_NUMBER, "web-1.a_b", "web-1.a_b"},
                {&row_text, PARAM_NUMBER, "any \xc3\xbc", "any \xc3\xbc"},
                {&row_text, PARAM_NUMBER, "", ""},
                {&row_path, PARAM_NUMBER, "a b/c.csv", "a b/c.csv"},
                {&row_word, PARAM_NUMBER, "lifo", "lifo"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        union value_test_field field = {.count = 0}, back = {.count = 0};
        struct value_error error;
        char text[64], again[64];
        if (!value_parse(rows[i].row, rows[i].unit, rows[i].text, true, &field, &error))
            fail_msg("'%s': %s", rows[i].text, error.message);
        value_format(rows[i].row, rows[i].unit, &field, text, sizeof text);
        assert_string_equal(text, rows[i].shown);
        assert_true(value_parse(rows[i].row, rows[i].unit, text, true, &back, &error));
        value_format(rows[i].row, rows[i].unit, &back, again, sizeof again);
        assert_string_equal(again, text);
    }
}

static void refusals_name_key_value_limit_and_unit(void **state)
{
    static const struct {
        const struct param *row;
        const char *text, *message, *hint;
    } rows[] = {
        {&row_duration, "20s", "'timeout' must be a duration from 1ms to 10s or 'none', "
                               "found '20s'", ""},
        {&row_duration, "250", "'timeout' needs a unit, found '250'", "did you mean 250ms?"},
        {&row_duration, "0.0000015s", "'timeout' must be a duration from 1ms to 10s or 'none', "
                                      "found '0.0000015s'", ""},
        {&row_duration, "1ms0.5ns", "'timeout' must be whole nanoseconds, found '1ms0.5ns'", ""},
        {&row_duration, "-5s", "'timeout' must be a duration from 1ms to 10s or 'none', "
                               "found '-5s'", ""},
        {&row_count, "0", "'count' must be a whole number from 1 to 1000000, found '0'", ""},
        {&row_count, "1.5", "'count' must be a whole number, found '1.5'", ""},
        {&row_count, "nan", "'count' must be a whole number from 1 to 1000000, found 'nan'",
         "write it like 12 or 100k; units: k M G"},
        {&row_free, "-1", "'seed' must be a whole number of at least 0, found '-1'", ""},
        {&row_free, "1e30", "'seed' must be a whole number of at most 18446744073709551615, "
                            "found '1e30'", ""},
        {&row_number, "1e300", "'speed' must be a number from 0.001 to 1000, found '1e300'", ""},
        {&row_any, "1e999", "'factor' must be a number of at most 1.7976931348623157e+308, "
                            "found '1e999'", ""},
        {&row_any, "1_0", "'factor' must be a number, found '1_0'", "write it like 1.5"},
        {&row_ratio, "150%", "'share' must be a ratio from 0% to 100%, found '150%'", ""},
        {&row_rate, "5", "'rate' needs a unit, found '5'", "did you mean 5/s?"},
        {&row_rate, "1/m", "'rate' must be a rate of at least 1/s, found '1/m'", ""},
        {&row_size, "5", "'memory' needs a unit, found '5'", "did you mean 5B?"},
        {&row_size, "0.5B", "'memory' must be whole bytes, found '0.5B'", ""},
        {&row_bool, "yes", "'strict' must be true or false, found 'yes'", "did you mean true?"},
        {&row_bool, "off", "'strict' must be true or false, found 'off'", "did you mean false?"},
        {&row_name, "a b", "'name' must be a name, found 'a b'",
         "1 to 64 of A-Z a-z 0-9 . _ -, first a letter or digit"},
        {&row_name, ".a", "'name' must be a name, found '.a'",
         "1 to 64 of A-Z a-z 0-9 . _ -, first a letter or digit"},
        {&row_path, "", "'file' must have 1 to 4095 bytes, found 0", ""},
        {&row_text, "a\nb", "'title' must be one line without control characters or "
                            "bidirectional marks", ""},
        {&row_word, "lfio", "'order' must be one of fifo, lifo, found 'lfio'",
         "did you mean 'lifo'?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        union value_test_field field = {.count = 0};
        struct value_error error;
        if (value_parse(rows[i].row, PARAM_NUMBER, rows[i].text, true, &field, &error))
            fail_msg("'%s' is taken", rows[i].text);
        assert_string_equal(error.message, rows[i].message);
        assert_string_equal(error.hint, rows[i].hint);
    }
}

static void a_hint_keeps_to_the_bounds(void **state)
{
    static const struct param row = {"every", PARAM_DURATION, .min = 1e9, .max = 1e12};
    union value_test_field field;
    struct value_error error;
    (void)state;
    assert_false(value_parse(&row, PARAM_NUMBER, "30", true, &field, &error));
    assert_string_equal(error.hint, "did you mean 30s?");
    assert_false(value_parse(&row, PARAM_NUMBER, "900", true, &field, &error));
    assert_string_equal(error.hint, "did you mean 900s?");
    assert_false(value_parse(&row, PARAM_NUMBER, "2000", true, &field, &error));
    assert_string_equal(error.hint, "did you mean 2000ms?");
    assert_false(value_parse(&row, PARAM_NUMBER, "1000", true, &field, &error));
    assert_string_equal(error.hint, "did you mean 1000s or 1000ms?");
    assert_false(value_parse(&row, PARAM_NUMBER, "1e30", true, &field, &error));
    assert_string_equal(error.hint, "write it like 250ms or 1m30s");
}

static void the_longest_duration_is_below_the_longest_of_all(void **state)
{
    static const struct param row = {"end", PARAM_DURATION, .help = ""};
    union value_test_field field;
    struct value_error error;
    (void)state;
    assert_true(value_parse(&row, PARAM_NUMBER, "13343d", true, &field, &error));
    assert_true(field.time < SIM_LONGEST);
    assert_false(value_parse(&row, PARAM_NUMBER, "13344d", true, &field, &error));
    assert_string_equal(error.message,
                        "'end' must be a duration of at most 13343d, found '13344d'");
}

static void numbers_and_truths_do_not_stand_in_quotes(void **state)
{
    static const struct {
        const struct param *row;
        const char *text;
        bool fine;
    } rows[] = {{&row_count, "12", false},  {&row_count, "12k", true}, {&row_number, "1.5", false},
                {&row_bool, "true", false}, {&row_ratio, "0.5", false}, {&row_ratio, "5%", true},
                {&row_name, "12", true},    {&row_duration, "5ms", true}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        union value_test_field field;
        struct value_error error;
        if (value_parse(rows[i].row, PARAM_NUMBER, rows[i].text, false, &field, &error) !=
            rows[i].fine)
            fail_msg("\"%s\" for '%s'", rows[i].text, rows[i].row->key);
    }
}

static void names_and_texts_have_a_longest(void **state)
{
    char text[5000];
    union value_test_field field;
    struct value_error error;
    (void)state;
    memset(text, 'a', sizeof text);
    static const struct {
        const struct param *row;
        size_t longest;
    } rows[] = {{&row_name, 64}, {&row_text, 1024}, {&row_path, 4095}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        text[rows[i].longest] = '\0';
        assert_true(value_parse(rows[i].row, PARAM_NUMBER, text, true, &field, &error));
        text[rows[i].longest] = 'a';
        text[rows[i].longest + 1] = '\0';
        assert_false(value_parse(rows[i].row, PARAM_NUMBER, text, true, &field, &error));
        text[rows[i].longest + 1] = 'a';
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_read_back_as_they_are_shown),
    cmocka_unit_test(refusals_name_key_value_limit_and_unit),
    cmocka_unit_test(a_hint_keeps_to_the_bounds),
    cmocka_unit_test(the_longest_duration_is_below_the_longest_of_all),
    cmocka_unit_test(numbers_and_truths_do_not_stand_in_quotes),
    cmocka_unit_test(names_and_texts_have_a_longest),
};

TEST_MAIN(tests)
