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
    size_t count, room; /* so many names of the list are in the table; may be */
    uint32_t *slots;    /* index + 1; 0: free */
    size_t slot_mask;
    struct roster_cell *cells; /* of the first `cell_count` names; in the index's arena */
    size_t cell_count, cell_room;
};

struct roster_index {
    struct roster_names clients, pods;
    struct arena arena; /* of the cells */
};

/* The names of a list, wherever they stand. */
struct roster_view {
    const char *first; /* address of the first name's pointer */
    size_t stride, count;
};

void roster_init(struct roster *roster)
{
    *roster = (struct roster){.measure_begin = SIM_NEVER,
                               .measure_end = SIM_NEVER,
                               .cut = SIM_NEVER};
}

static struct roster_view roster_view_clients(const struct roster *roster)
{
    return (struct roster_view){(const char *)roster->clients, sizeof *roster->clients,
                                roster->client_count};
}

static struct roster_view roster_view_pods(const struct roster *roster)
{
    _Static_assert(offsetof(struct roster_pod, name) == 0, "a view begins there");
    return (struct roster_view){(const char *)roster->pods, sizeof *roster->pods,
                                roster->pod_count};
}

static const char *roster_view_name(const struct roster_view *view, size_t index)
{
    const char *name;
    memcpy(&name, view->first + index * view->stride, sizeof name);
    return name;
}

/* The slot of a name, or the free one where it belongs. */
static uint32_t *roster_slot(const struct roster_names *names, const struct roster_view *view,
                             const char *name)
{
    size_t at = (size_t)XXH3_64bits(name, strlen(name)) & names->slot_mask;
    while (names->slots[at] != 0 &&
           strcmp(roster_view_name(view, names->slots[at] - 1), name) != 0)
        at = (at + 1) & names->slot_mask;
    return &names->slots[at];
}

/* Makes room for one name more; the table stays at most half full. */
static void roster_names_grow(struct roster_names *names, const struct roster_view *view)
{
    names->room = names->room == 0 ? 16 : names->room;
    while (names->room <= view->count)
        names->room *= 2;
    free(names->slots);
    names->slots = memory_zeroed(names->room * 2, sizeof *names->slots);
    names->slot_mask = names->room * 2 - 1;
    names->count = 0;
}

/* Takes in all names of the list. */
static void roster_names_follow(struct roster_names *names, const struct roster_view *view)
{
    if (view->count >= names->room)
        roster_names_grow(names, view);
    for (; names->count < view->count; names->count++)
        *roster_slot(names, view, roster_view_name(view, names->count)) =
            (uint32_t)(names->count + 1);
}

static struct roster_cell roster_cell_make(struct arena *arena, const char *name)
{
    size_t room = 2 * strlen(name) + 3;
    char *text = arena_take(arena, room > ROSTER_CELL_ROOM ? room : ROSTER_CELL_ROOM, 1);
    char *end = text_field(text, name);
    *end++ = ',';
    return (struct roster_cell){text, (size_t)(end - text)};
}

/* True when the name is new: then its index is view->count, which the caller makes true. */
static bool roster_names_find(struct roster_names *names, const struct roster_view *view,
                              const char *name, uint32_t *index)
{
    roster_names_follow(names, view);
    uint32_t *slot = roster_slot(names, view, name);
    bool is_new = *slot == 0;
    if (is_new) {
        *slot = (uint32_t)view->count + 1;
        names->count++;
    }
    *index = *slot - 1;
    return is_new;
}

static void roster_check_name(const char *name, size_t index)
{
    CHECK(strlen(name) <= ROSTER_NAME_BYTES && index < UINT32_MAX - 1);
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
    struct roster_view view = roster_view_clients(roster);
    uint32_t index;
    if (!roster_names_find(names, &view, name, &index))
        return index;
    roster_check_name(name, roster->client_count);
    if (roster->client_count == roster->client_room) {
        roster->client_room = names->room;
        roster->clients =
            memory_grow(roster->clients, roster->client_room, sizeof *roster->clients);
    }
    roster->clients[roster->client_count++] =
        arena_copy_text(&roster->arena, name, strlen(name));
    return index;
}

/* The first of each table is that of pods of which nothing is said. */
static void roster_open_tables(struct roster *roster)
{
    enum { ROSTER_TABLE_ROOM = 4 };
    roster->kind_room = roster->life_room = ROSTER_TABLE_ROOM;
    roster->kinds = memory_take(roster->kind_room, sizeof *roster->kinds);
    roster->lives = memory_take(roster->life_room, sizeof *roster->lives);
    roster->kinds[roster->kind_count++] =
        (struct roster_kind){.group = "", .zone = "", .speed = 1, .weight = 1};
    roster->lives[roster->life_count++] = (struct roster_life){
        .left = SIM_NEVER, .created = SIM_NEVER, .ended = SIM_NEVER};
}

uint32_t roster_new_pod(struct roster *roster, const char *name)
{
    roster_check_name(name, roster->pod_count);
    roster_find_index(roster);
    if (roster->pod_count == 0)
        roster_open_tables(roster);
    if (roster->pod_count == roster->pod_room) {
        roster->pod_room = roster->pod_room == 0 ? 16 : 2 * roster->pod_room;
        roster->pods = memory_grow(roster->pods, roster->pod_room, sizeof *roster->pods);
    }
    roster->pods[roster->pod_count] = (struct roster_pod){
        .name = arena_copy_text(&roster->arena, name, strlen(name))};
    return (uint32_t)roster->pod_count++;
}

uint32_t roster_pod(struct roster *roster, const char *name)
{
    struct roster_names *names = &roster_find_index(roster)->pods;
    struct roster_view view = roster_view_pods(roster);
    uint32_t index;
    if (roster_names_find(names, &view, name, &index))
        roster_new_pod(roster, name);
    return index;
}

void roster_change(struct roster *roster, struct roster_change change)
{
    if (roster->change_count == roster->change_room) {
        roster->change_room = roster->change_room == 0 ? 16 : 2 * roster->change_room;
        roster->changes =
            memory_grow(roster->changes, roster->change_room, sizeof *roster->changes);
    }
    roster->changes[roster->change_count++] = change;
}

/* Makes the cells of all names that have none yet.  A list that is too short is left to
   those who have it. */
static const struct roster_cell *roster_fill_cells(struct roster_index *index,
                                                   struct roster_names *names,
                                                   const struct roster_view *view)
{
    if (view->count > names->cell_room) {
        const struct roster_cell *old = names->cells;
        size_t more = 2 * names->cell_room;
        names->cell_room = view->count > more ? view->count : more;
        names->cells = arena_take(&index->arena, names->cell_room, sizeof *names->cells);
        if (names->cell_count > 0)
            memcpy(names->cells, old, names->cell_count * sizeof *old);
    }
    for (; names->cell_count < view->count; names->cell_count++)
        names->cells[names->cell_count] =
            roster_cell_make(&index->arena, roster_view_name(view, names->cell_count));
    return names->cells;
}

/* -- what went wrong -- */

void roster_moment(struct roster *roster, struct roster_moment moment)
{
    if (roster->moment_count == ROSTER_MOMENTS_MAX) {
        roster->cut = moment.at < roster->cut ? moment.at : roster->cut;
        return;
    }
    if (roster->moment_count == roster->moment_room) {
        roster->moment_room = roster->moment_room == 0 ? 16 : 2 * roster->moment_room;
        roster->moments =
            memory_grow(roster->moments, roster->moment_room, sizeof *roster->moments);
    }
    size_t place = roster->moment_count++;
    for (; place > 0 && roster->moments[place - 1].at > moment.at; place--)
        roster->moments[place] = roster->moments[place - 1];
    roster->moments[place] = moment;
}

void roster_site(struct roster *roster, sim_time at, const char *zone, bool is_up)
{
    if (roster->site_count == ROSTER_MOMENTS_MAX) {
        roster->cut = at < roster->cut ? at : roster->cut;
        return;
    }
    if (roster->site_count == roster->site_room) {
        roster->site_room = roster->site_room == 0 ? 16 : 2 * roster->site_room;
        roster->sites = memory_grow(roster->sites, roster->site_room, sizeof *roster->sites);
    }
    roster->sites[roster->site_count++] = (struct roster_site){
        at, arena_copy_text(&roster->arena, zone, strlen(zone)), is_up};
}

/* Sets a text of a list, whose missing ones become "". */
static void roster_say(struct roster *roster, const char ***list, size_t *count,
                       uint32_t number, const char *text)
{
    size_t least = (size_t)number + 1;
    if (least > *count) {
        *list = memory_grow(*list, least, sizeof **list);
        while (*count < least)
            (*list)[(*count)++] = "";
    }
    (*list)[number] = arena_copy_text(&roster->arena, text, strlen(text));
}

void roster_fault(struct roster *roster, uint32_t number, const char *about)
{
    roster_say(roster, &roster->faults, &roster->fault_count, number, about);
}

void roster_place(struct roster *roster, uint32_t balancer, const char *zone)
{
    roster_say(roster, &roster->places, &roster->place_count, balancer, zone);
}

void roster_home(struct roster *roster, uint32_t client, const char *zone)
{
    roster_say(roster, &roster->homes, &roster->home_count, client, zone);
}

void roster_tier(struct roster *roster, const char *name, uint32_t count)
{
    roster->tiers =
        memory_grow(roster->tiers, roster->tier_count + 1, sizeof *roster->tiers);
    roster->tiers[roster->tier_count++] = (struct roster_tier){
        .name = arena_copy_text(&roster->arena, name, strlen(name)), .count = count};
}

void roster_tier_size(struct roster *roster, size_t tier, sim_time at, uint32_t count)
{
    struct roster_tier *known = &roster->tiers[tier];
    known->sizes = memory_grow(known->sizes, known->size_count + 1, sizeof *known->sizes);
    known->sizes[known->size_count++] = (struct roster_tier_size){at, count};
}

const struct roster_cell *roster_client_cells(const struct roster *roster)
{
    if (roster->index == NULL)
        return NULL;
    struct roster_view view = roster_view_clients(roster);
    return roster_fill_cells(roster->index, &roster->index->clients, &view);
}

const struct roster_cell *roster_pod_cells(const struct roster *roster)
{
    if (roster->index == NULL)
        return NULL;
    struct roster_view view = roster_view_pods(roster);
    return roster_fill_cells(roster->index, &roster->index->pods, &view);
}

void roster_free(struct roster *roster)
{
    if (roster->index != NULL) {
        free(roster->index->clients.slots);
        free(roster->index->pods.slots);
        arena_free(&roster->index->arena);
        free(roster->index);
    }
    free(roster->clients);
    free(roster->pods);
    free(roster->kinds);
    free(roster->lives);
    free(roster->changes);
    free(roster->moments);
    free(roster->sites);
    free(roster->faults);
    free(roster->places);
    free(roster->homes);
    for (size_t i = 0; i < roster->tier_count; i++)
        free(roster->tiers[i].sizes);
    free(roster->tiers);
    arena_free(&roster->arena);
    roster_init(roster);
}
