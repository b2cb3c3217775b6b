/* SPDX-License-Identifier: GPL-3.0-or-later
   Only well-formed characters have a size; what a terminal should not get is hidden. */
#include "sim/config/utf8.h"
#include "tests/test.h"

#include <string.h>

static void ill_formed_bytes_have_no_size(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } rows[] = {{"a", 1},
                {"\xc3\xbc", 2},
                {"\xe2\x82\xac", 3},
                {"\xf0\x9f\x98\x80", 4},
                {"\xf4\x8f\xbf\xbf", 4},
                {"\x80", 0},
                {"\xc0\xaf", 0},
                {"\xc1\xbf", 0},
                {"\xe0\x9f\xbf", 0},
                {"\xed\xa0\x80", 0},
                {"\xf0\x8f\xbf\xbf", 0},
                {"\xf4\x90\x80\x80", 0},
                {"\xf5\x80\x80\x80", 0},
                {"\xff", 0},
                {"\xe2\x82", 0},
                {"\xe2\x28\xa1", 0},
                {"", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (utf8_size(rows[i].bytes, strlen(rows[i].bytes)) != rows[i].size)
            fail_msg("row %zu: found %zu, expected %zu", i,
                     utf8_size(rows[i].bytes, strlen(rows[i].bytes)), rows[i].size);
}

static void control_and_bidirectional_characters_are_hidden(void **state)
{
    static const char *const hidden[] = {"\x01", "\n", "\x7f", "\xc2\x85", "\xd8\x9c",
                                         "\xe2\x80\x8e", "\xe2\x80\xa8", "\xe2\x80\xae",
                                         "\xe2\x81\xa6", "\xe2\x81\xa9"};
    static const char *const shown[] = {"a", " ", "\xc2\xa0", "\xc3\xbc", "\xe2\x82\xac",
                                        "\xe2\x80\x93", "\xf0\x9f\x98\x80"};
    (void)state;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (!utf8_is_hidden(hidden[i], strlen(hidden[i])))
            fail_msg("hidden %zu is shown", i);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (utf8_is_hidden(shown[i], strlen(shown[i])))
            fail_msg("shown %zu is hidden", i);
}

static void characters_are_counted(void **state)
{
    (void)state;
    assert_int_equal(utf8_count("a\xc3\xbc\xe2\x82\xac\xff", 7), 4);
    assert_int_equal(utf8_count("", 0), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(ill_formed_bytes_have_no_size),
    cmocka_unit_test(control_and_bidirectional_characters_are_hidden),
    cmocka_unit_test(characters_are_counted),
};

TEST_MAIN(tests)
