/* SPDX-License-Identifier: GPL-3.0-or-later
   Records in one array with a list of free ones, found through the slots of attempts.  A slot
   may be left pointing at the record of a request that has ended: the number tells. */
#include "models/path.h"

#include "models/state.h"

#include <stdlib.h>
#include <string.h>

enum { PATH_ROOM_MIN = 256 };

void path_close(struct path_book *book)
{
    free(book->records);
    free(book->by_slot);
}

static void path_cover_slots(struct world *world)
{
    struct path_book *book = &world->paths;
    uint32_t room = book->slot_room;
    if (world->pool.room <= room)
        return;
    book->slot_room = world->pool.room;
    book->by_slot = memory_grow(book->by_slot, book->slot_room, sizeof *book->by_slot);
    memset(book->by_slot + room, 0, (book->slot_room - room) * sizeof *book->by_slot);
}

static uint32_t path_take(struct path_book *book)
{
    uint32_t number = book->free;
    if (number > 0) {
        book->free = book->records[number - 1].next;
        return number;
    }
    if (book->count == book->room) {
        book->room = book->room > 0 ? 2 * book->room : PATH_ROOM_MIN;
        book->records = memory_grow(book->records, book->room, sizeof *book->records);
    }
    return ++book->count;
}

struct path *path_begin(struct world *world, uint32_t slot)
{
    struct path_book *book = &world->paths;
    path_cover_slots(world);
    uint32_t number = path_take(book);
    struct path *path = &book->records[number - 1];
    *path = (struct path){.request = world_attempt(world, slot)->row.request,
                          .connection = PATH_NO_CONNECTION};
    for (size_t tier = 0; tier < SCENARIO_TIERS_MAX; tier++)
        path->pins[tier] = NO_BACKEND;
    book->by_slot[slot] = number;
    book->live++;
    return path;
}

struct path *path_find(const struct world *world, uint32_t slot)
{
    const struct path_book *book = &world->paths;
    if (slot >= book->slot_room || book->by_slot[slot] == 0)
        return NULL;
    struct path *path = &book->records[book->by_slot[slot] - 1];
    return path->request == world->pool.attempts[slot].row.request ? path : NULL;
}

void path_join(struct world *world, uint32_t slot, uint32_t other)
{
    path_cover_slots(world);
    world->paths.by_slot[slot] = world->paths.by_slot[other];
}

void path_end(struct world *world, struct path *path)
{
    struct path_book *book = &world->paths;
    path->request = UINT64_MAX;
    path->next = book->free;
    book->free = (uint32_t)(path - book->records) + 1;
    book->live--;
}

uint64_t path_count_sent(struct world *world, uint32_t tier)
{
    uint64_t sent = 0, met = 0;
    for (uint32_t number = 0; number < world->paths.count; number++)
        world->paths.records[number].met = false;
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
