/* SPDX-License-Identifier: GPL-3.0-or-later
   A range keeps its bytes as it grows, from the heap into a mapping and from there on. */
#include "sim/engine/range.h"
#include "tests/death.h"
#include "tests/test.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HUGE_PAGE = 2 << 20 };

static unsigned char test_range_byte(size_t place)
{
    return (unsigned char)(place * 2654435761u >> 13);
}

/* Sizes on both sides of where mappings begin, and of whole pages. */
static void bytes_stay_as_it_grows(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 63, 64, 65, 5000, RANGE_MAPPED - 1, RANGE_MAPPED,
                                   RANGE_MAPPED + 1, HUGE_PAGE, HUGE_PAGE + 1, 5000001};
    unsigned char *bytes = NULL;
    size_t from = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        bytes = range_grow(bytes, from, sizes[i]);
        assert_int_equal((uintptr_t)bytes % (sizes[i] < RANGE_MAPPED ? 64 : HUGE_PAGE), 0);
        for (size_t k = 0; k < from; k++)
            if (bytes[k] != test_range_byte(k))
                fail_msg("grown from %zu to %zu: byte %zu is %d, expected %d", from, sizes[i],
                         k, bytes[k], test_range_byte(k));
        for (size_t k = from; k < sizes[i]; k++)
            bytes[k] = test_range_byte(k);
        from = sizes[i];
    }
    range_free(bytes, from);
}

static void what_is_new_in_a_mapping_is_zero(void **state)
{
    (void)state;
    unsigned char *bytes = range_grow(NULL, 0, RANGE_MAPPED);
    memset(bytes, 255, RANGE_MAPPED);
    bytes = range_grow(bytes, RANGE_MAPPED, 5 * RANGE_MAPPED);
    for (size_t i = 0; i < 5 * RANGE_MAPPED; i++)
        assert_int_equal(bytes[i], i < RANGE_MAPPED ? 255 : 0);
    range_free(bytes, 5 * RANGE_MAPPED);
}

static void ranges_do_not_touch_each_other(void **state)
{
    (void)state;
    enum { RANGES = 20 };
    unsigned char *ranges[RANGES];
    for (size_t i = 0; i < RANGES; i++)
        memset(ranges[i] = range_grow(NULL, 0, RANGE_MAPPED), (int)i, RANGE_MAPPED);
    for (size_t i = 0; i < RANGES; i += 2)
        ranges[i] = range_grow(ranges[i], RANGE_MAPPED, 4 * RANGE_MAPPED);
    for (size_t i = 0; i < RANGES; i++) {
        for (size_t k = 0; k < RANGE_MAPPED; k++)
            assert_int_equal(ranges[i][k], i);
        range_free(ranges[i], i % 2 == 0 ? 4 * RANGE_MAPPED : RANGE_MAPPED);
    }
}

static void test_range_ask(void *context)
{
    range_grow(NULL, 0, *(size_t *)context);
}

static void what_cannot_be_had_ends_the_program(void **state)
{
    (void)state;
    size_t sizes[] = {SIZE_MAX, PTRDIFF_MAX, (size_t)1 << 60};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char words[512];
        assert_int_equal(death_of(test_range_ask, &sizes[i], words, sizeof words), 1);
        assert_non_null(strstr(words, "out of memory"));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(bytes_stay_as_it_grows),
    cmocka_unit_test(what_is_new_in_a_mapping_is_zero),
    cmocka_unit_test(ranges_do_not_touch_each_other),
    cmocka_unit_test(what_cannot_be_had_ends_the_program),
};

TEST_MAIN(tests)
