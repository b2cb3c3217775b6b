/* SPDX-License-Identifier: GPL-3.0-or-later
   Tests of numerals: what is one, and that units scale it exactly. */
#include "sim/config/number.h"
#include "tests/test.h"

#include <stdbool.h>
#include <string.h>

static void numerals_end_where_they_should(void **state)
{
    static const struct {
        const char *text;
        size_t length; /* 0: no numeral */
    } rows[] = {
        {"12", 2}, {"0", 1}, {"0.25", 4}, {"+3", 2}, {"-3", 2}, {".5", 2}, {"5.", 2}, {"1e3", 3},
        {"1E-3x", 4}, {"1e", 1}, {"2exa", 1}, {"1e+", 1}, {"12ms", 2}, {"1.5.2", 3}, {"1_000", 1},
        {"0x1f", 1}, {"010", 0}, {"00", 0}, {"", 0}, {".", 0}, {"-", 0}, {"e3", 0}, {"nan", 0},
        {"inf", 0}, {" 1", 0}, {"0e5", 3}, {"00.5", 0}, {"0.0", 3}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct number number;
        bool found = number_scan(rows[i].text, &number);
        if (found != (rows[i].length > 0) || (found && number.length != rows[i].length))
            fail_msg("'%s': found %d, length %zu", rows[i].text, found, number.length);
    }
}

static void a_numeral_has_at_most_100_characters(void **state)
{
    char text[NUMBER_LENGTH_LIMIT + 2];
    struct number number;
    (void)state;
    memset(text, '7', sizeof text);
    text[NUMBER_LENGTH_LIMIT] = '\0';
    assert_true(number_scan(text, &number));
    assert_false(number.exact);
    text[NUMBER_LENGTH_LIMIT] = '7';
    text[NUMBER_LENGTH_LIMIT + 1] = '\0';
    assert_false(number_scan(text, &number));
}

static void units_scale_exactly(void **state)
{
    static const struct {
        const char *text;
        uint64_t unit;
        enum number_fit fit;
        uint64_t whole;
    } rows[] = {
        {"250", 1000000, NUMBER_WHOLE, 250000000},
        {"0.1", 10, NUMBER_WHOLE, 1},
        {"1.5", 1000, NUMBER_WHOLE, 1500},
        {"1.0005", 1000, NUMBER_FRACTION, 0},
        {"0.00000000005", 60000000000, NUMBER_WHOLE, 3},
        {"0.00000000001", 60000000000, NUMBER_FRACTION, 0},
        {"18446744073709551615", 1, NUMBER_WHOLE, UINT64_MAX},
        {"18446744073709551616", 1, NUMBER_LARGE, 0},
        {"18446744073709551615", 2, NUMBER_LARGE, 0},
        {"1e19", 1, NUMBER_WHOLE, UINT64_C(10000000000000000000)},
        {"1e20", 1, NUMBER_LARGE, 0},
        {"1e9999999999", 1, NUMBER_LARGE, 0},
        {"1e-9999999999", 1, NUMBER_FRACTION, 0},
        {"0e9999999999", 1, NUMBER_WHOLE, 0},
        {"2.000000000000000000000000000000", 1, NUMBER_WHOLE, 2},
        {"0.3333333333333333333333333333", 1, NUMBER_FRACTION, 0},
        {"99999999999999999999999.5", 1, NUMBER_LARGE, 0},
        {"120e-1", 1, NUMBER_WHOLE, 12},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct number number;
        uint64_t whole = 0;
        assert_true(number_scan(rows[i].text, &number));
        enum number_fit fit = number_whole(&number, rows[i].unit, &whole);
        if (fit != rows[i].fit || (fit == NUMBER_WHOLE && whole != rows[i].whole))
            fail_msg("%s * %llu: fit %d, whole %llu", rows[i].text,
                     (unsigned long long)rows[i].unit, (int)fit, (unsigned long long)whole);
    }
}

static void doubles_are_the_nearest(void **state)
{
    struct number number;
    (void)state;
    assert_true(number_scan("0.3", &number));
    ASSERT_NEAR(number_double(&number, 0), 0.3, 0);
    ASSERT_NEAR(number_double(&number, -2), 0.003, 0);
    ASSERT_NEAR(number_double(&number, 6), 300000, 0);
    assert_true(number_scan("-1.5e3ms", &number));
    ASSERT_NEAR(number_double(&number, 0), -1500, 0);
    assert_true(number_scan("1e999", &number));
    assert_true(isinf(number_double(&number, 0)));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(numerals_end_where_they_should),
    cmocka_unit_test(a_numeral_has_at_most_100_characters),
    cmocka_unit_test(units_scale_exactly),
    cmocka_unit_test(doubles_are_the_nearest),
};

TEST_MAIN(tests)
