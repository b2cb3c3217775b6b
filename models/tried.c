/* SPDX-License-Identifier: GPL-3.0-or-later
   A record of its slot book for each request; a slot that is left has none. */
#include "models/tried.h"

#include "models/state.h"

static struct tried *tried_at(const struct slot_book *book, uint32_t number)
{
    return (struct tried *)book->records + number - 1;
}

struct tried *tried_begin(struct world *world, uint32_t slot)
{
    struct slot_book *book = &world->tried;
    slot_book_cover(book, world->pool.room);
    uint32_t number = slot_book_take(book, sizeof(struct tried));
    struct tried *tried = tried_at(book, number);
    /* Not its list of pods, which is long. */
    tried->since = world->now;
    tried->hedge_after = SIM_NEVER;
    tried->open = 1;
    tried->slots[0] = slot;
    tried->attempts = 1;
    tried->hedges = tried->pod_count = 0;
    tried->retries = false;
    book->by_slot[slot] = number;
    return tried;
}

struct tried *tried_find(const struct world *world, uint32_t slot)
{
    uint32_t number = slot_book_number(&world->tried, slot);
    return number > 0 ? tried_at(&world->tried, number) : NULL;
}

void tried_join(struct world *world, uint32_t slot, uint32_t other)
{
    struct tried *tried = tried_find(world, other);
    CHECK(tried->open < TRIED_OPEN_MAX);
    tried->slots[tried->open++] = slot;
    slot_book_cover(&world->tried, world->pool.room);
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
    struct slot_book *book = &world->tried;
    uint32_t number = book->by_slot[slot];
    tried_leave(world, slot);
    CHECK(tried_at(book, number)->open == 0);
    slot_book_give(book, number);
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
