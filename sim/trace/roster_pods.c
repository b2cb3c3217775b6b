/* SPDX-License-Identifier: GPL-3.0-or-later
   The tables that pods of a roster share.  Pods of a group mostly follow each other, so a
   kind is looked for among the newest few; one that is missed there is kept twice. */
#include "sim/trace/roster.h"

#include "sim/engine/check.h"

#include <string.h>

enum { ROSTER_KINDS_TRIED = 16 };

bool roster_is_same_kind(const struct roster_kind *a, const struct roster_kind *b)
{
    return a->speed == b->speed && a->weight == b->weight && a->workers == b->workers &&
           strcmp(a->group, b->group) == 0 && strcmp(a->zone, b->zone) == 0;
}

static size_t roster_find_kind(const struct roster *roster, const struct roster_kind *kind)
{
    size_t count = roster->kind_count;
    size_t stop = count > ROSTER_KINDS_TRIED ? count - ROSTER_KINDS_TRIED : 0;
    for (size_t i = count; i-- > stop;)
        if (roster_is_same_kind(&roster->kinds[i], kind))
            return i;
    return count;
}

void roster_set_kind(struct roster *roster, uint32_t pod, const struct roster_kind *kind)
{
    size_t place = roster_find_kind(roster, kind);
    if (place == roster->kind_room) {
        roster->kind_room *= 2;
        roster->kinds = memory_grow(roster->kinds, roster->kind_room, sizeof *roster->kinds);
    }
    if (place == roster->kind_count) {
        struct roster_kind *copy = &roster->kinds[roster->kind_count++];
        *copy = *kind;
        copy->group = arena_copy_text(&roster->arena, kind->group, strlen(kind->group));
        copy->zone = arena_copy_text(&roster->arena, kind->zone, strlen(kind->zone));
    }
    roster->pods[pod].kind = (uint32_t)place;
}

struct roster_life *roster_own_life(struct roster *roster, uint32_t pod)
{
    struct roster_pod *owner = &roster->pods[pod];
    if (owner->life == 0) {
        if (roster->life_count == roster->life_room) {
            roster->life_room *= 2;
            roster->lives =
                memory_grow(roster->lives, roster->life_room, sizeof *roster->lives);
        }
        owner->life = (uint32_t)roster->life_count++;
        roster->lives[owner->life] = roster->lives[0];
    }
    return &roster->lives[owner->life];
}
