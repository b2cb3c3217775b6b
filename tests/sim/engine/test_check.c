/* SPDX-License-Identifier: GPL-3.0-or-later
   Failed checks and lack of memory end the program with status 1 and say why. */
#include "sim/engine/check.h"
#include "tests/death.h"
#include "tests/test.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void test_check_end(void (*work)(void *), void *context, char *words, size_t size)
{
    assert_int_equal(death_of(work, context, words, size), 1);
}

static void test_check_fail(void *context)
{
    CHECK(context == NULL && 2 > 3);
}

static void test_check_fail_with_note(void *context)
{
    check_note(context);
    CHECK(2 > 3);
}

static void test_check_fail_with_note_cleared(void *context)
{
    check_note(context);
    check_note(NULL);
    CHECK(2 > 3);
}

static void *test_check_note_elsewhere(void *context)
{
    check_note(context);
    return NULL;
}

static void test_check_fail_beside_note(void *context)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, test_check_note_elsewhere, context) != 0)
        return;
    pthread_join(thread, NULL);
    CHECK(2 > 3);
}

static void check_names_condition_and_place(void **state)
{
    (void)state;
    char words[512];
    test_check_end(test_check_fail, NULL, words, sizeof(words));
    assert_non_null(strstr(words, "context == NULL && 2 > 3"));
    assert_non_null(strstr(words, "test_check.c:"));
    assert_null(strstr(words, "during"));
}

static void check_passes_what_holds(void **state)
{
    int evaluations = 0;
    CHECK(++evaluations == 1);
    assert_int_equal(evaluations, 1);
    (void)state;
}

static void note_is_printed_until_cleared_and_belongs_to_a_thread(void **state)
{
    (void)state;
    char words[512], note[] = "lbsim run x.yaml --seed 7";
    test_check_end(test_check_fail_with_note, note, words, sizeof(words));
    assert_non_null(strstr(words, note));
    test_check_end(test_check_fail_with_note_cleared, note, words, sizeof(words));
    assert_null(strstr(words, note));
    test_check_end(test_check_fail_beside_note, note, words, sizeof(words));
    assert_null(strstr(words, note));
}

static void test_check_take_too_much(void *context)
{
    memory_take(*(size_t *)context, 16);
}

static void test_check_zeroed_too_much(void *context)
{
    memory_zeroed(*(size_t *)context, 16);
}

static void test_check_grow_too_much(void *context)
{
    memory_grow(NULL, *(size_t *)context, 16);
}

static void test_check_sparse_too_much(void *context)
{
    memory_sparse(*(size_t *)context, 16);
}

static void sizes_that_overflow_end_the_program(void **state)
{
    (void)state;
    char words[512];
    size_t counts[] = {SIZE_MAX, SIZE_MAX / 16 + 2, SIZE_MAX / 16};
    void (*const works[])(void *) = {test_check_take_too_much, test_check_zeroed_too_much,
                                     test_check_grow_too_much, test_check_sparse_too_much};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
        for (size_t j = 0; j < sizeof(works) / sizeof(*works); j++) {
            test_check_end(works[j], &counts[i], words, sizeof(words));
            assert_non_null(strstr(words, "out of memory"));
        }
}

static void memory_of_no_bytes_is_memory(void **state)
{
    (void)state;
    void *pieces[] = {memory_take(0, 8), memory_zeroed(8, 0), memory_grow(NULL, 0, 0),
                      memory_sparse(0, 8)};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
        assert_non_null(pieces[i]);
        free(pieces[i]);
    }
}

static void memory_is_zeroed_and_grows(void **state)
{
    (void)state;
    unsigned char *bytes = memory_zeroed(1000, 3);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(bytes[i], 0);
    memset(bytes, 7, 3000);
    bytes = memory_grow(bytes, 100000, 1);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(bytes[i], 7);
    free(bytes);
}

/* One byte of each MiB is touched: 64 pages, and the one before and behind at most. */
static void sparse_memory_is_what_is_touched(void **state)
{
    (void)state;
    enum { MEBIBYTES = 64, PAGES = MEBIBYTES * 256 };
    unsigned char *bytes = memory_sparse(MEBIBYTES, 1 << 20);
    for (size_t i = 0; i < MEBIBYTES; i++) {
        assert_int_equal(bytes[i << 20], 0);
        bytes[i << 20] = 1;
    }
    static unsigned char resident[PAGES];
    uintptr_t first = ((uintptr_t)bytes + 4095) & ~(uintptr_t)4095;
    assert_int_equal(mincore((void *)first, (size_t)(PAGES - 1) << 12, resident), 0);
    int count = 0;
    for (size_t i = 0; i + 1 < PAGES; i++)
        count += resident[i] & 1;
    assert_in_range(count, MEBIBYTES - 1, MEBIBYTES + 2);
    free(bytes);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(check_names_condition_and_place),
    cmocka_unit_test(check_passes_what_holds),
    cmocka_unit_test(note_is_printed_until_cleared_and_belongs_to_a_thread),
    cmocka_unit_test(sizes_that_overflow_end_the_program),
    cmocka_unit_test(memory_of_no_bytes_is_memory),
    cmocka_unit_test(memory_is_zeroed_and_grows),
    cmocka_unit_test(sparse_memory_is_what_is_touched),
};

TEST_MAIN(tests)
