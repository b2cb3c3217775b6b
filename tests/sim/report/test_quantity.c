/* SPDX-License-Identifier: GPL-3.0-or-later
   Values and changes as people read them. */
#include "sim/report/quantity.h"

#include "tests/test.h"

static void check_value(const char *unit, double value, const char *expected)
{
    char found[QUANTITY_SIZE];
    quantity_write(found, unit, value);
    assert_string_equal(found, expected);
}

static void check_change(bool is_ratio, const char *unit, double value, const char *expected)
{
    char found[QUANTITY_SIZE];
    quantity_write_change(found, is_ratio, unit, value);
    assert_string_equal(found, expected);
}

static void values_have_their_unit(void **state)
{
    (void)state;
    check_value("s", 0.0412, "41.2ms");
    check_value("s", -0.0412, "-41.2ms");
    check_value("ratio", 0.123, "12.3%");
    check_value("ratio", 0, "0");
    check_value("1/s", 1800, "1800/s");
    check_value("count", 21600000, "21.6M");
    check_value("1/s", NAN, "-");
}

static void check_unit(const char *metric, const char *unit, double value, const char *expected)
{
    const struct measure measure = {.metric = metric, .unit = unit};
    check_value(quantity_unit(&measure), value, expected);
}

/* What is no share is no percentage: twice the mean is 2, not 200 %. */
static void ratios_beyond_1_are_numbers(void **state)
{
    (void)state;
    check_unit("max_over_mean_requests", "ratio", 1.284, "1.28");
    check_unit("amplification", "ratio", 1, "1.00");
    check_unit("jain_utilisation", "ratio", 0.99871, "0.9987");
    check_unit("cv_requests", "ratio", 0.8, "0.8000");
    check_unit("error_rate", "ratio", 0.8, "80.0%");
    check_unit("pods", "count", 15.9, "15.9");
    check_unit("pods", "count", 16, "16");
    check_change(false, quantity_unit(&(struct measure){.metric = "cv", .unit = "ratio"}), -1.5,
                 "-1.50");
}

static void changes_have_a_sign(void **state)
{
    (void)state;
    check_change(true, "s", 0.813, "-18.7%");
    check_change(true, "s", 1.012, "+1.20%");
    check_change(true, "s", 2.5, "+150%");
    check_change(true, "s", 1, "0%");
    check_change(false, "ratio", 0.048, "+4.80 points");
    check_change(false, "ratio", -0.1, "-10.0 points");
    check_change(false, "s", 0.003, "+3.00ms");
    check_change(false, "s", -0.003, "-3.00ms");
    check_change(true, "s", NAN, "-");
}

static void spans_are_empty_without_an_interval(void **state)
{
    (void)state;
    char found[QUANTITY_SIZE];
    quantity_write_span(found, "s", 0.0569, 0.0619);
    assert_string_equal(found, "56.9ms to 61.9ms");
    quantity_write_span(found, "s", NAN, NAN);
    assert_string_equal(found, "");
    quantity_write_changes(found, true, "s", 0.8, 0.9);
    assert_string_equal(found, "-20.0% to -10.0%");
    quantity_write_changes(found, true, "s", NAN, NAN);
    assert_string_equal(found, "");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_have_their_unit),
    cmocka_unit_test(ratios_beyond_1_are_numbers),
    cmocka_unit_test(changes_have_a_sign),
    cmocka_unit_test(spans_are_empty_without_an_interval),
};

TEST_MAIN(tests)
