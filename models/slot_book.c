/* SPDX-License-Identifier: GPL-3.0-or-later
   Rooms double; what a slot has is left as it is when its record is given back. */
#include "models/slot_book.h"

#include "sim/engine/check.h"

#include <stdlib.h>
#include <string.h>

enum { SLOT_BOOK_ROOM_MIN = 64 };

void slot_book_close(struct slot_book *book)
{
    free(book->records);
    free(book->next);
    free(book->by_slot);
}

void slot_book_cover(struct slot_book *book, uint32_t room)
{
    uint32_t before = book->slot_room;
    if (room <= before)
        return;
    book->slot_room = room;
    book->by_slot = memory_grow(book->by_slot, room, sizeof *book->by_slot);
    memset(book->by_slot + before, 0, (room - before) * sizeof *book->by_slot);
}

uint32_t slot_book_take(struct slot_book *book, size_t size)
{
    uint32_t number = book->free;
    if (number > 0) {
        book->free = book->next[number - 1];
        return number;
    }
    if (book->count == book->room) {
        book->room = book->room > 0 ? 2 * book->room : SLOT_BOOK_ROOM_MIN;
        book->records = memory_grow(book->records, book->room, size);
        book->next = memory_grow(book->next, book->room, sizeof *book->next);
    }
    return ++book->count;
}

void slot_book_give(struct slot_book *book, uint32_t number)
{
    book->next[number - 1] = book->free;
    book->free = number;
}
