/* SPDX-License-Identifier: GPL-3.0-or-later
   Quantities are read exactly, written so that they read back equal, and a bare number is
   told from nonsense. */
#include "sim/config/unit.h"
#include "tests/test.h"

#include <string.h>

static void quantities_come_in_base_units(void **state)
{
    static const struct {
        enum param_type type;
        const char *text;
        double real;
    } rows[] = {
        {PARAM_DURATION, "250ms", 250e6},  {PARAM_DURATION, "1m30s", 90e9},
        {PARAM_DURATION, "1.5h", 5400e9},  {PARAM_DURATION, "2d", 172800e9},
        {PARAM_DURATION, "7us", 7000},     {PARAM_DURATION, "7\xc2\xb5s", 7000},
        {PARAM_DURATION, "0.5ns", 0.5},    {PARAM_DURATION, "0.3ms", 300000},
        {PARAM_DURATION, "1e3ms", 1e9},    {PARAM_DURATION, "-2s", -2e9},
        {PARAM_COUNT, "12", 12},           {PARAM_COUNT, "1.5k", 1500},
        {PARAM_COUNT, "2M", 2e6},          {PARAM_COUNT, "3G", 3e9},
        {PARAM_RATIO, "25%", 0.25},        {PARAM_RATIO, "0.25", 0.25},
        {PARAM_RATIO, "0.123%", 0.00123},  {PARAM_RATE, "1800/s", 1800},
        {PARAM_RATE, "6/m", 0.1},          {PARAM_RATE, "10k/s", 1e4},
        {PARAM_RATE, "3/ms", 3000},        {PARAM_RATE, "7200/h", 2},
        {PARAM_SIZE, "200B", 200},         {PARAM_SIZE, "4KB", 4000},
        {PARAM_SIZE, "1.5Ki", 1536},       {PARAM_SIZE, "2MiB", 2097152},
        {PARAM_SIZE, "1TB", 1e12},         {PARAM_NUMBER, "-0.5e1", -5}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct unit_value value;
        if (unit_read(rows[i].type, rows[i].text, &value) != UNIT_READ ||
            value.real != rows[i].real)
            fail_msg("%s: found %.17g, expected %.17g", rows[i].text, value.real, rows[i].real);
    }
}

static void what_is_no_quantity_is_told(void **state)
{
    static const struct {
        enum param_type type;
        const char *text;
        enum unit_result result;
    } rows[] = {
        {PARAM_DURATION, "250", UNIT_MISSING},   {PARAM_RATE, "5", UNIT_MISSING},
        {PARAM_RATE, "5k", UNIT_MISSING},        {PARAM_SIZE, "1.5", UNIT_MISSING},
        {PARAM_DURATION, "250 ms", UNIT_WRONG},  {PARAM_DURATION, "1m30", UNIT_WRONG},
        {PARAM_DURATION, "5msec", UNIT_WRONG},   {PARAM_DURATION, "1m-5s", UNIT_WRONG},
        {PARAM_DURATION, "", UNIT_WRONG},        {PARAM_DURATION, "ms", UNIT_WRONG},
        {PARAM_COUNT, "0x10", UNIT_WRONG},       {PARAM_COUNT, "1_000", UNIT_WRONG},
        {PARAM_COUNT, "010", UNIT_WRONG},        {PARAM_COUNT, "5K", UNIT_WRONG},
        {PARAM_NUMBER, ".nan", UNIT_WRONG},      {PARAM_NUMBER, "inf", UNIT_WRONG},
        {PARAM_NUMBER, "5k", UNIT_WRONG},        {PARAM_RATIO, "5%%", UNIT_WRONG},
        {PARAM_RATE, "5/", UNIT_WRONG},          {PARAM_RATE, "5/ss", UNIT_WRONG},
        {PARAM_SIZE, "5MBB", UNIT_WRONG},        {PARAM_SIZE, "5K", UNIT_WRONG}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct unit_value value;
        enum unit_result found = unit_read(rows[i].type, rows[i].text, &value);
        if (found != rows[i].result)
            fail_msg("'%s': found %d, expected %d", rows[i].text, (int)found,
                     (int)rows[i].result);
    }
}

static void only_whole_quantities_are_whole(void **state)
{
    struct unit_value value;
    (void)state;
    assert_int_equal(unit_read(PARAM_DURATION, "1ms0.5ns", &value), UNIT_READ);
    assert_int_equal(value.fit, NUMBER_FRACTION);
    ASSERT_NEAR(value.real, 1000000.5, 0);
    assert_int_equal(unit_read(PARAM_DURATION, "300000d300000d", &value), UNIT_READ);
    assert_int_equal(value.fit, NUMBER_LARGE);
    ASSERT_NEAR(value.real, 600000 * 864e11, 1e6);
    assert_int_equal(unit_read(PARAM_COUNT, "18446744073709551615", &value), UNIT_READ);
    assert_int_equal(value.fit, NUMBER_WHOLE);
    assert_true(value.whole == UINT64_MAX);
    assert_int_equal(unit_read(PARAM_COUNT, "18446744073709551616", &value), UNIT_READ);
    assert_int_equal(value.fit, NUMBER_LARGE);
}

static void whole_quantities_take_the_largest_unit(void **state)
{
    static const struct {
        enum param_type type;
        uint64_t whole;
        const char *text;
    } rows[] = {{PARAM_DURATION, 0, "0s"},
                {PARAM_DURATION, 250000000, "250ms"},
                {PARAM_DURATION, UINT64_C(600000000000), "10m"},
                {PARAM_DURATION, UINT64_C(90000000000), "90s"},
                {PARAM_DURATION, UINT64_C(86400000000000), "1d"},
                {PARAM_DURATION, 1, "1ns"},
                {PARAM_DURATION, 1500, "1500ns"},
                {PARAM_SIZE, 0, "0B"},
                {PARAM_SIZE, 65536, "64Ki"},
                {PARAM_SIZE, 4000, "4KB"},
                {PARAM_SIZE, 1000001, "1000001B"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        unit_write_whole(rows[i].type, rows[i].whole, text);
        assert_string_equal(text, rows[i].text);
    }
}

/* A pattern of bits for each index, spread by a multiplication. */
static double unit_test_double(uint64_t index)
{
    uint64_t bits = (index + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 2; /* no huge, no negative */
    double value;
    memcpy(&value, &bits, sizeof value);
    return isfinite(value) ? value : (double)index;
}

static void doubles_read_back_equal(void **state)
{
    static const enum param_type types[] = {PARAM_NUMBER, PARAM_RATIO, PARAM_DURATION,
                                            PARAM_RATE, PARAM_SIZE};
    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        enum param_type type = types[i % 5];
        double values[] = {unit_test_double(i), (double)(i * i), (double)i / 1000,
                           (double)i / 3};
        char text[48];
        struct unit_value back;
        for (size_t k = 0; k < 4; k++) {
            unit_write(type, values[k], text);
            if (unit_read(type, text, &back) != UNIT_READ || back.real != values[k])
                fail_msg("%.17g is written as %s, which reads as %.17g", values[k], text,
                         back.real);
        }
    }
}

static void ratios_are_shown_as_percentages(void **state)
{
    char text[48];
    (void)state;
    unit_write(PARAM_RATIO, 0.25, text);
    assert_string_equal(text, "25%");
    unit_write(PARAM_RATIO, 0.07, text);
    assert_string_equal(text, "7%");
    unit_write(PARAM_RATIO, 0.005, text);
    assert_string_equal(text, "0.5%");
    unit_write(PARAM_RATIO, 1.0 / 3, text);
    assert_string_equal(text, "0.3333333333333333");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(quantities_come_in_base_units),
    cmocka_unit_test(what_is_no_quantity_is_told),
    cmocka_unit_test(only_whole_quantities_are_whole),
    cmocka_unit_test(whole_quantities_take_the_largest_unit),
    cmocka_unit_test(doubles_read_back_equal),
    cmocka_unit_test(ratios_are_shown_as_percentages),
};

TEST_MAIN(tests)
