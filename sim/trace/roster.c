/* SPDX-License-Identifier: GPL-3.0-or-later
   Names by index and back: two lists, each with an open-addressing table of indexes hashed
   by XXH3.  Indexes go up in the order of asking, so the table's order shows nowhere. */
#define XXH_INLINE_ALL
#include "sim/trace/roster.h"

#include "sim/engine/check.h"
#include "sim/engine/output.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct roster_names {
    const char **names;
    struct roster_cell *cells;
    size_t count, room;
    uint32_t *slots; /* index + 1; 0: free */
    size_t slot_mask;
};

struct roster_index {
    struct roster_names clients, pods;
};

void roster_init(struct roster *roster)
{
    *roster = (struct roster){.measure_begin = SIM_NEVER, .measure_end = SIM_NEVER};
}

/* The slot of a name, or the free one where it belongs. */
static uint32_t *roster_slot(const struct roster_names *names, const char *name)
{
    size_t at = (size_t)XXH3_64bits(name, strlen(name)) & names->slot_mask;
    while (names->slots[at] != 0 && strcmp(names->names[names->slots[at] - 1], name) != 0)
        at = (at + 1) & names->slot_mask;
    return &names->slots[at];
}

/* The table stays at most half full. */
static void roster_names_grow(struct roster_names *names)
{
    names->room = names->room == 0 ? 16 : names->room * 2;
    names->names = memory_grow(names->names, names->room, sizeof *names->names);
    names->cells = memory_grow(names->cells, names->room, sizeof *names->cells);
    free(names->slots);
    names->slots = memory_zeroed(names->room * 2, sizeof *names->slots);
    names->slot_mask = names->room * 2 - 1;
    for (size_t i = 0; i < names->count; i++)
        *roster_slot(names, names->names[i]) = (uint32_t)(i + 1);
}

static struct roster_cell roster_cell_make(struct arena *arena, const char *name)
{
    size_t room = 2 * strlen(name) + 3;
    char *text = arena_take(arena, room > ROSTER_CELL_ROOM ? room : ROSTER_CELL_ROOM, 1);
    char *end = text_field(text, name);
    *end++ = ',';
    return (struct roster_cell){text, (size_t)(end - text)};
}

/* True when the name was new. */
static bool roster_names_find(struct roster_names *names, struct arena *arena,
                              const char *name, uint32_t *index)
{
    if (names->count == names->room)
        roster_names_grow(names);
    uint32_t *slot = roster_slot(names, name);
    bool added = *slot == 0;
    if (added) {
        size_t size = strlen(name);
        CHECK(size <= ROSTER_NAME_BYTES && names->count < UINT32_MAX - 1);
        names->names[names->count] = arena_copy_text(arena, name, size);
        names->cells[names->count] = roster_cell_make(arena, name);
        *slot = (uint32_t)++names->count;
    }
    *index = *slot - 1;
    return added;
}

static struct roster_index *roster_find_index(struct roster *roster)
{
    if (roster->index == NULL)
        roster->index = memory_zeroed(1, sizeof *roster->index);
    return roster->index;
}

uint32_t roster_client(struct roster *roster, const char *name)
{
    struct roster_names *names = &roster_find_index(roster)->clients;
    uint32_t index;
    if (roster_names_find(names, &roster->arena, name, &index)) {
        roster->clients = names->names;
        roster->client_count = names->count;
        roster->client_room = names->room;
    }
    return index;
}

uint32_t roster_pod(struct roster *roster, const char *name)
{
    struct roster_names *names = &roster_find_index(roster)->pods;
    uint32_t index;
    if (!roster_names_find(names, &roster->arena, name, &index))
        return index;
    if (roster->pod_count == roster->pod_room) {
        roster->pod_room = names->room;
        roster->pods = memory_grow(roster->pods, roster->pod_room, sizeof *roster->pods);
    }
    roster->pods[roster->pod_count++] = (struct roster_pod){
        .name = names->names[index],
        .group = "",
        .zone = "",
        .speed = 1,
        .weight = 1,
        .left = SIM_NEVER,
    };
    CHECK(roster->pod_count == names->count);
    return index;
}

const struct roster_cell *roster_client_cell(const struct roster *roster, uint32_t client)
{
    CHECK(roster->index != NULL && client < roster->index->clients.count);
    return &roster->index->clients.cells[client];
}

const struct roster_cell *roster_pod_cell(const struct roster *roster, uint32_t pod)
{
    CHECK(roster->index != NULL && pod < roster->index->pods.count);
    return &roster->index->pods.cells[pod];
}

static void roster_names_free(struct roster_names *names)
{
    free(names->names);
    free(names->cells);
    free(names->slots);
}

void roster_free(struct roster *roster)
{
    if (roster->index != NULL) {
        roster_names_free(&roster->index->clients);
        roster_names_free(&roster->index->pods);
        free(roster->index);
    }
    free(roster->pods);
    arena_free(&roster->arena);
    roster_init(roster);
}
