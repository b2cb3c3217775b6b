/* SPDX-License-Identifier: GPL-3.0-or-later
   Numbers for people, at the edges where units and digits change. */
#include "sim/report/figure.h"

#include "tests/test.h"

static void test_written(enum figure figure, double value, const char *expected)
{
    char text[FIGURE_SIZE];
    figure_write(text, figure, value);
    assert_string_equal(text, expected);
}

static void times_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    test_written(FIGURE_TIME, 0, "0");
    test_written(FIGURE_TIME, 0.001e-9, "<0.01ns");
    test_written(FIGURE_TIME, -0.0412, "-41.2ms");
    test_written(FIGURE_TIME, 1e-9, "1.00ns");
    test_written(FIGURE_TIME, 0.4e-9, "0.40ns");
    test_written(FIGURE_TIME, 12.34e-6, "12.3us");
    test_written(FIGURE_TIME, 0.0412, "41.2ms");
    test_written(FIGURE_TIME, 0.9994, "999ms");
    test_written(FIGURE_TIME, 0.9996, "1.00s");
    test_written(FIGURE_TIME, 9.996, "10.0s");
    test_written(FIGURE_TIME, 99.96, "100s");
    test_written(FIGURE_TIME, 12345, "12345s");
    test_written(FIGURE_TIME, NAN, "-");
    test_written(FIGURE_TIME, INFINITY, "-");
}

static void counts_and_ratios_are_short(void **state)
{
    (void)state;
    test_written(FIGURE_COUNT, 0, "0");
    test_written(FIGURE_COUNT, 9999, "9999");
    test_written(FIGURE_COUNT, 4.62, "4.62"); /* pods on average */
    test_written(FIGURE_COUNT, 61.2, "61.2");
    test_written(FIGURE_COUNT, 1234.5, "1234");
    test_written(FIGURE_COUNT, 9999.4, "9999");
    test_written(FIGURE_COUNT, 9999.7, "10.0k");
    test_written(FIGURE_COUNT, 10000, "10.0k");
    test_written(FIGURE_COUNT, 21600000, "21.6M");
    test_written(FIGURE_COUNT, 1e30, "1.00e+18T");
    test_written(FIGURE_PERCENT, 0, "0");
    test_written(FIGURE_PERCENT, 1e-6, "<0.001%");
    test_written(FIGURE_PERCENT, 0.00123, "0.123%");
    test_written(FIGURE_PERCENT, 0.5, "50.0%");
    test_written(FIGURE_PERCENT, -1e-6, ">-0.001%");
    test_written(FIGURE_PERCENT, -0.00123, "-0.123%");
    test_written(FIGURE_PERCENT, -0.5, "-50.0%");
    test_written(FIGURE_PERCENT, 1, "100%");
    test_written(FIGURE_INDEX, 0.99874, "0.9987");
    test_written(FIGURE_NUMBER, 1.034, "1.03");
}

static void test_half(double value, double high, const char *expected)
{
    char text[FIGURE_SIZE];
    figure_write_half(text, value, high);
    assert_string_equal(text, expected);
}

static void half_widths_are_relative(void **state)
{
    (void)state;
    test_half(100, 101.84, "±1.8%");
    test_half(100, 112.4, "±12%");
    test_half(100, 100.01, "±<0.1%");
    test_half(100, 100, "±0");
    test_half(1, 3.5, "±250%");
    test_half(1, NAN, "");
    test_half(NAN, NAN, "");
    test_half(0, 0, "");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(times_have_three_digits_and_a_unit),
    cmocka_unit_test(counts_and_ratios_are_short),
    cmocka_unit_test(half_widths_are_relative),
};

TEST_MAIN(tests)
