/* SPDX-License-Identifier: GPL-3.0-or-later
   Records keep what is in them as the book grows; those given back are taken again, the last
   one first; a slot has none until it is given one. */
#include "models/slot_book.h"

#include "tests/test.h"

enum { RECORDS = 1000 };

static uint32_t *record(const struct slot_book *book, uint32_t number)
{
    return (uint32_t *)book->records + number - 1;
}

static void test_records(void **state)
{
    (void)state;
    struct slot_book book = {0};
    for (uint32_t i = 1; i <= RECORDS; i++) {
        assert_int_equal(slot_book_take(&book, sizeof(uint32_t)), i);
        *record(&book, i) = 7 * i;
    }
    for (uint32_t i = 1; i <= RECORDS; i++)
        assert_int_equal(*record(&book, i), 7 * i);
    slot_book_give(&book, 3);
    slot_book_give(&book, 500);
    assert_int_equal(slot_book_take(&book, sizeof(uint32_t)), 500);
    assert_int_equal(slot_book_take(&book, sizeof(uint32_t)), 3);
    assert_int_equal(slot_book_take(&book, sizeof(uint32_t)), RECORDS + 1);
    slot_book_close(&book);
}

static void test_slots(void **state)
{
    (void)state;
    struct slot_book book = {0};
    assert_int_equal(slot_book_number(&book, 0), 0);
    slot_book_cover(&book, 4);
    book.by_slot[3] = 9;
    slot_book_cover(&book, 2);
    slot_book_cover(&book, 100);
    assert_int_equal(slot_book_number(&book, 3), 9);
    assert_int_equal(slot_book_number(&book, 4), 0);
    assert_int_equal(slot_book_number(&book, 99), 0);
    assert_int_equal(slot_book_number(&book, 100), 0);
    slot_book_close(&book);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_records),
    cmocka_unit_test(test_slots),
};

TEST_MAIN(tests)
