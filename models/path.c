/* SPDX-License-Identifier: GPL-3.0-or-later
   A slot may be left with the record of a request that has ended: the request's number
   tells. */
#include "models/path.h"

#include "models/state.h"

static struct path *path_at(const struct slot_book *book, uint32_t number)
{
    return (struct path *)book->records + number - 1;
}

struct path *path_begin(struct world *world, uint32_t slot)
{
    struct slot_book *book = &world->paths.book;
    slot_book_cover(book, world->pool.room);
    uint32_t number = slot_book_take(book, sizeof(struct path));
    struct path *path = path_at(book, number);
    *path = (struct path){.request = world_attempt(world, slot)->row.request,
                          .connection = PATH_NO_CONNECTION};
    for (size_t tier = 0; tier < SCENARIO_TIERS_MAX; tier++)
        path->pins[tier] = NO_BACKEND;
    book->by_slot[slot] = number;
    world->paths.live++;
    return path;
}

struct path *path_find(const struct world *world, uint32_t slot)
{
    uint32_t number = slot_book_number(&world->paths.book, slot);
    if (number == 0)
        return NULL;
    struct path *path = path_at(&world->paths.book, number);
    return path->request == world->pool.attempts[slot].row.request ? path : NULL;
}

void path_join(struct world *world, uint32_t slot, uint32_t other)
{
    struct slot_book *book = &world->paths.book;
    slot_book_cover(book, world->pool.room);
    book->by_slot[slot] = book->by_slot[other];
}

void path_end(struct world *world, struct path *path)
{
    struct slot_book *book = &world->paths.book;
    path->request = UINT64_MAX;
    slot_book_give(book, (uint32_t)(path - path_at(book, 1)) + 1);
    world->paths.live--;
}

uint64_t path_count_sent(struct world *world, uint32_t tier)
{
    uint64_t sent = 0, met = 0;
    for (uint32_t number = 1; number <= world->paths.book.count; number++)
        path_at(&world->paths.book, number)->met = false;
    for (uint32_t slot = 0; slot < world->pool.top; slot++) {
        struct path *path = path_find(world, slot);
        if (world_attempt(world, slot)->stage == STAGE_FREE || path == NULL || path->met)
            continue;
        path->met = true;
        met++;
        sent += path->hops[tier].sent;
    }
    CHECK(met == world->paths.live);
    return sent;
}
