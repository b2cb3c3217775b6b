/* SPDX-License-Identifier: GPL-3.0-or-later
   A count goes up by swapping its member with the last one of that count and moving the
   border between the two counts over it; down likewise. */
#include "sim/engine/ranking.h"

#include "sim/engine/check.h"

#include <string.h>

enum { RANKING_BORDERS_MIN = 64 };

/* Doubles the borders; the old ones stay in the arena, less than the new ones in all. */
static void ranking_grow(struct ranking *ranking, uint32_t wanted)
{
    uint32_t room = ranking->borders > 0 ? ranking->borders : RANKING_BORDERS_MIN;
    while (room < wanted)
        room *= 2;
    uint32_t *border = arena_take(ranking->arena, room, sizeof *border);
    if (ranking->borders > 0)
        memcpy(border, ranking->border, ranking->borders * sizeof *border);
    for (uint32_t c = ranking->borders; c < room; c++)
        border[c] = ranking->members;
    ranking->border = border;
    ranking->borders = room;
}

void ranking_init(struct ranking *ranking, uint32_t ids, struct arena *arena)
{
    *ranking = (struct ranking){.ids = ids, .arena = arena};
    ranking->order = arena_take(arena, ids, sizeof *ranking->order);
    ranking->place = arena_take(arena, ids, sizeof *ranking->place);
    ranking->count = arena_take(arena, ids, sizeof *ranking->count);
    memset(ranking->place, 0xff, ids * sizeof *ranking->place);
    ranking_grow(ranking, RANKING_BORDERS_MIN);
}

void ranking_rebuild(struct ranking *ranking, const uint8_t *is_member)
{
    uint32_t most = 0;
    for (uint32_t id = 0; id < ranking->ids; id++)
        if (ranking->count[id] > most)
            most = ranking->count[id];
    ranking->members = 0;
    if (most + 3 > ranking->borders)
        ranking_grow(ranking, most + 3);
    uint32_t *border = ranking->border;
    memset(border, 0, ranking->borders * sizeof *border);
    for (uint32_t id = 0; id < ranking->ids; id++)
        if (is_member[id])
            border[ranking->count[id] + 2]++;
    for (uint32_t c = 1; c < ranking->borders; c++)
        border[c] += border[c - 1];
    /* border[c + 1] counts the members below c so far: it is the next place for count c, and
       ends as the number of members up to c. */
    for (uint32_t id = 0; id < ranking->ids; id++) {
        ranking->place[id] = RANKING_ABSENT;
        if (!is_member[id])
            continue;
        uint32_t place = border[ranking->count[id] + 1]++;
        ranking->order[place] = id;
        ranking->place[id] = place;
        ranking->members++;
    }
    for (uint32_t c = most + 2; c < ranking->borders; c++)
        border[c] = ranking->members;
    ranking->least = 0;
    while (ranking->members > 0 && border[ranking->least + 1] == 0)
        ranking->least++;
}

static void ranking_swap(struct ranking *ranking, uint32_t id, uint32_t place)
{
    uint32_t other = ranking->order[place], from = ranking->place[id];
    ranking->order[from] = other;
    ranking->place[other] = from;
    ranking->order[place] = id;
    ranking->place[id] = place;
}

void ranking_up(struct ranking *ranking, uint32_t id)
{
    uint32_t count = ranking->count[id]++;
    if (count + 3 > ranking->borders)
        ranking_grow(ranking, count + 3);
    if (ranking->place[id] == RANKING_ABSENT)
        return;
    uint32_t last = --ranking->border[count + 1];
    ranking_swap(ranking, id, last);
    while (ranking->border[ranking->least + 1] == 0)
        ranking->least++;
}

void ranking_down(struct ranking *ranking, uint32_t id)
{
    CHECK(ranking->count[id] > 0);
    uint32_t count = ranking->count[id]--;
    if (ranking->place[id] == RANKING_ABSENT)
        return;
    uint32_t first = ranking->border[count]++;
    ranking_swap(ranking, id, first);
    if (count - 1 < ranking->least)
        ranking->least = count - 1;
}
