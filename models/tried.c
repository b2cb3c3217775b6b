/* SPDX-License-Identifier: GPL-3.0-or-later
   Records in one array with a list of free ones, found through the slots of attempts. */
#include "models/tried.h"

#include "models/state.h"

#include <stdlib.h>
#include <string.h>

enum { TRIED_ROOM_MIN = 64 };

void tried_close(struct tried_book *book)
{
    free(book->records);
    free(book->by_slot);
}

static void tried_cover_slots(struct world *world)
{
    struct tried_book *book = &world->tried;
    uint32_t room = book->slot_room;
    if (world->pool.room <= room)
        return;
    book->slot_room = world->pool.room;
    book->by_slot = memory_grow(book->by_slot, book->slot_room, sizeof *book->by_slot);
    memset(book->by_slot + room, 0, (book->slot_room - room) * sizeof *book->by_slot);
}

static uint32_t tried_take(struct tried_book *book)
{
    uint32_t number = book->free;
    if (number > 0) {
        book->free = book->records[number - 1].next;
        return number;
    }
    if (book->count == book->room) {
        book->room = book->room > 0 ? 2 * book->room : TRIED_ROOM_MIN;
        book->records = memory_grow(book->records, book->room, sizeof *book->records);
    }
    return ++book->count;
}

struct tried *tried_begin(struct world *world, uint32_t slot)
{
    struct tried_book *book = &world->tried;
    tried_cover_slots(world);
    uint32_t number = tried_take(book);
    struct tried *tried = &book->records[number - 1];
    *tried = (struct tried){.since = world->now,
                            .hedge_after = SIM_NEVER,
                            .open = 1,
                            .slots = {slot},
                            .attempts = 1};
    book->by_slot[slot] = number;
    return tried;
}

struct tried *tried_find(const struct world *world, uint32_t slot)
{
    const struct tried_book *book = &world->tried;
    if (slot >= book->slot_room || book->by_slot[slot] == 0)
        return NULL;
    return &book->records[book->by_slot[slot] - 1];
}

void tried_join(struct world *world, uint32_t slot, uint32_t other)
{
    struct tried *tried = tried_find(world, other);
    CHECK(tried->open < TRIED_OPEN_MAX);
    tried->slots[tried->open++] = slot;
    tried_cover_slots(world);
    world->tried.by_slot[slot] = world->tried.by_slot[other];
}

void tried_leave(struct world *world, uint32_t slot)
{
    struct tried *tried = tried_find(world, slot);
    uint32_t place = 0;
    while (tried->slots[place] != slot)
        place++;
    tried->open--;
    for (; place < tried->open; place++)
        tried->slots[place] = tried->slots[place + 1];
    world->tried.by_slot[slot] = 0;
}

void tried_end(struct world *world, uint32_t slot)
{
    struct tried_book *book = &world->tried;
    uint32_t number = book->by_slot[slot];
    tried_leave(world, slot);
    struct tried *tried = &book->records[number - 1];
    CHECK(tried->open == 0);
    tried->next = book->free;
    book->free = number;
}

bool tried_is_known(const struct tried *tried, backend_id pod)
{
    for (uint32_t i = 0; i < tried->pod_count; i++)
        if (tried->pods[i] == pod)
            return true;
    return false;
}

backend_id tried_other(const struct tried *tried, const struct view *view)
{
    if (tried->pod_count == TRIED_PODS_MAX)
        return NO_BACKEND;
    for (uint32_t i = 0; i < view->eligible_count; i++)
        if (!tried_is_known(tried, view_eligible(view, i)))
            return view_eligible(view, i);
    return NO_BACKEND;
}
