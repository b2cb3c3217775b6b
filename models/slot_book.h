/* SPDX-License-Identifier: GPL-3.0-or-later
   Records that attempts share, several attempts one record: in one array with a list of free
   ones, found through the slots of the attempts.  Numbers begin at 1; records move when others
   are taken. */
#ifndef MODELS_SLOT_BOOK_H
#define MODELS_SLOT_BOOK_H

#include <stddef.h>
#include <stdint.h>

/* A zeroed one has no records. */
struct slot_book {
    void *records;
    uint32_t *next; /* by record: links the free ones */
    uint32_t count, room, free; /* ever used; in memory; the first free one, 0: none */
    uint32_t *by_slot;          /* numbers; 0: none */
    uint32_t slot_room;
};

void slot_book_close(struct slot_book *book);

/* Makes room for slots below `room`, which have no record at first. */
void slot_book_cover(struct slot_book *book, uint32_t room);
/* The number of a record of `size` bytes, the same at every call; its bytes are anything. */
uint32_t slot_book_take(struct slot_book *book, size_t size);
void slot_book_give(struct slot_book *book, uint32_t number);

/* The number that a slot has; 0: none. */
static inline uint32_t slot_book_number(const struct slot_book *book, uint32_t slot)
{
    return slot < book->slot_room ? book->by_slot[slot] : 0;
}

#endif
