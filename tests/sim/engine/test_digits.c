/* SPDX-License-Identifier: GPL-3.0-or-later
   Digits are those of printf, within the bytes that may be written, and the head is what
   they begin with. */
#include "sim/engine/digits.h"
#include "sim/engine/rng.h"
#include "tests/test.h"

#include <inttypes.h>

static void test_assert_digits(uint64_t value)
{
    char found[DIGITS_MOST + 2], expected[DIGITS_MOST + 2], begin[8];
    uint64_t head;
    memset(found, '#', sizeof found);
    char *end = digits_write(found, value, &head);
    int size = snprintf(expected, sizeof expected, "%" PRIu64, value);
    if (end - found != size || memcmp(found, expected, (size_t)size) != 0)
        fail_msg("expected %s, found %.*s", expected, (int)(end - found), found);
    assert_int_equal(found[DIGITS_MOST], '#');
    head = htole64(head);
    memcpy(begin, &head, sizeof begin);
    assert_memory_equal(begin, expected, (size_t)(size < 8 ? size : 8));
}

static void digits_are_as_printf_has_them(void **state)
{
    (void)state;
    struct rng rng;
    rng_open(&rng, 1, "digits", 0);
    for (uint64_t value = 0; value < 1000000; value++)
        test_assert_digits(value);
    for (uint64_t ten = 1, i = 0; i < 20; i++, ten *= 10)
        for (uint64_t near = 0; near < 1000; near++) {
            test_assert_digits(ten - near);
            test_assert_digits(ten + near);
        }
    test_assert_digits(UINT64_MAX);
    for (int i = 0; i < 1000000; i++)
        test_assert_digits(rng_next(&rng) >> (i % 64));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(digits_are_as_printf_has_them),
};

TEST_MAIN(tests)
