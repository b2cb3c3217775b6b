/* SPDX-License-Identifier: GPL-3.0-or-later
   Calendar and numbers against values worked out by hand and by `date -u -d`. */
#include "models/replay_stamp.h"
#include "tests/test.h"

#include <string.h>

static int64_t iso(const char *text)
{
    struct replay_civil civil;
    int64_t ns = 0;
    if (!replay_stamp_iso(text, strlen(text), &civil, &ns))
        fail_msg("'%s' was refused", text);
    return ns;
}

static void test_iso_gives_nanoseconds(void **state)
{
    (void)state;
    assert_int_equal(iso("1970-01-01 00:00:00"), 0);
    assert_int_equal(iso("2023-11-16 18:17:03.9799600"), INT64_C(1700158623979960000));
    assert_int_equal(iso("2023-11-16T18:17:03Z"), INT64_C(1700158623000000000));
    assert_int_equal(iso("2023-11-16 18:17:03.000000001"), INT64_C(1700158623000000001));
    assert_int_equal(iso("2000-02-29 00:00:00"), INT64_C(951782400000000000));
    assert_int_equal(iso("2024-03-01 00:00:00"), INT64_C(1709251200000000000));
    assert_int_equal(iso("2261-12-31 23:59:59"), INT64_C(9214646399000000000));
}

static void test_iso_zones(void **state)
{
    (void)state;
    int64_t utc = iso("2023-11-16 18:17:03");
    assert_int_equal(iso("2023-11-16 20:17:03+02:00"), utc);
    assert_int_equal(iso("2023-11-16 20:17:03+0200"), utc);
    assert_int_equal(iso("2023-11-16 12:47:03.0-05:30"), utc);
    assert_int_equal(iso("2023-11-17 00:17:03+06:00"), utc);
}

static void test_iso_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "2023-11-16", "2023-11-16 18:17", "2023-02-29 00:00:00", "1900-01-01 00:00:00",
        "2262-01-01 00:00:00", "2023-13-01 00:00:00", "2023-00-01 00:00:00",
        "2023-11-31 00:00:00", "2023-11-16 24:00:00", "2023-11-16 18:60:00",
        "2023-11-16 18:17:61", "2023-11-16 18:17:03.", "2023-11-16 18:17:03.1234567890",
        "2023-11-16 18:17:03 UTC", "2023-11-16 18:17:03+2", "2023-11-16_18:17:03",
        "2023-1a-16 18:17:03", "2023-11-16 18:17:03+15:00", "-123-11-16 18:17:03",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct replay_civil civil;
        int64_t ns;
        if (replay_stamp_iso(bad[i], strlen(bad[i]), &civil, &ns))
            fail_msg("'%s' was taken as %lld", bad[i], (long long)ns);
    }
}

static void test_numbers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t unit, value;
    } good[] = {
        {"0", 1, 0}, {"12", 1, 12}, {"-12", 1000, -12000}, {"+7", 1, 7},
        {"1690.25", 1000000000, INT64_C(1690250000000)}, {".5", 10, 5}, {"5.", 1, 5},
        {"0.1", 1000000000, 100000000}, {"0.5", 1, 1}, {"0.49", 1, 0}, {"-0.5", 1, -1},
        {"1e3", 1, 1000}, {"1.5E-3", 1000000000, 1500000}, {"1e-30", 1, 0}, {"0e9999", 1, 0},
        {"1e-99999", 1, 0}, {"0e99999", 1, 0},
        {"9223372036854775807", 1, INT64_MAX},
        {"1700158623.979960123", 1000000000, INT64_C(1700158623979960123)},
        {"1700158623979960123", 1, INT64_C(1700158623979960123)},
        {"0.00000000000000000000000001", 1000000000, 0},
        {"1", INT64_C(1) << 60, INT64_C(1) << 60},
        {"9999999999999999999e-19", INT64_C(1) << 60, INT64_C(1) << 60},
        {"1152921504606846976", 8, 0},
        {"123456789012345678901234567890e-20", 1, 1234567890},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t value = 0;
        bool taken = replay_stamp_number(good[i].text, strlen(good[i].text), good[i].unit,
                                         &value);
        if (good[i].value == 0 && good[i].unit == 8)
            assert_false(taken); /* 2^63 */
        else if (!taken || value != good[i].value)
            fail_msg("'%s' gave %lld, expected %lld", good[i].text, (long long)value,
                     (long long)good[i].value);
    }
}

static void test_numbers_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "-", ".", "nan", "inf", "1x", "1 ", " 1", "0x10", "1e", "1e+", "1e99999", "1,5",
        "--1", "9223372036854775808", "1e19", "1e9999", "1.2.3",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t value;
        if (replay_stamp_number(bad[i], strlen(bad[i]), 1, &value))
            fail_msg("'%s' was taken as %lld", bad[i], (long long)value);
    }
}

static void test_numbers_however_large_are_numbers(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "-1.5e3", "1e300", "1e99999", "-1e9999999999999",
                                       "99999999999999999999999"};
    static const char *const bad[] = {"", "-", "1e", "1e+", "1e1x", "soon", "inf", "1 "};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!replay_stamp_is_number(good[i], strlen(good[i])))
            fail_msg("'%s' is none", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (replay_stamp_is_number(bad[i], strlen(bad[i])))
            fail_msg("'%s' is one", bad[i]);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_iso_gives_nanoseconds), cmocka_unit_test(test_iso_zones),
    cmocka_unit_test(test_iso_refuses),           cmocka_unit_test(test_numbers_are_exact),
    cmocka_unit_test(test_numbers_refused),
    cmocka_unit_test(test_numbers_however_large_are_numbers),
};
TEST_MAIN(tests)
