/* SPDX-License-Identifier: GPL-3.0-or-later
   From moves of single pods to steps: sorted by time, equal times as they were added. */
#include "models/membership_draft.h"

#include "models/lifecycle.h"
#include "sim/engine/check.h"

#include <stdio.h>
#include <stdlib.h>

static const struct scenario_pods *membership_draft_group(const struct membership_draft *draft,
                                                          uint32_t group)
{
    return PARAM_ITEM(draft->order->scenario->pods, struct scenario_pods, group);
}

uint32_t membership_draft_add(struct membership_draft *draft, uint32_t group, sim_time created)
{
    struct membership *membership = draft->membership;
    membership->pods[membership->pod_count] = (struct membership_pod){
        .group = group,
        .number = draft->next_number[group]++,
        .created = created,
        .joined = created,
        .left = SIM_NEVER,
    };
    return membership->pod_count++;
}

struct membership_move *membership_draft_move(struct membership_draft *draft, sim_time at,
                                              enum membership_change change, uint32_t slot)
{
    if (draft->move_count == draft->move_room) {
        draft->move_room = draft->move_room == 0 ? 64 : 2 * draft->move_room;
        draft->moves = memory_grow(draft->moves, draft->move_room, sizeof *draft->moves);
    }
    struct membership_move *move = &draft->moves[draft->move_count];
    *move = (struct membership_move){.at = at,
                                     .change = change,
                                     .slot = slot,
                                     .grace = SIM_NEVER,
                                     .source = draft->source,
                                     .order = draft->move_count};
    draft->move_count++;
    return move;
}

void membership_draft_create(struct membership_draft *draft, uint32_t group, sim_time at)
{
    uint32_t slot = membership_draft_add(draft, group, at);
    struct membership_pod *pod = &draft->membership->pods[slot];
    const struct scenario_pods *config = membership_draft_group(draft, group);
    char name[MEMBERSHIP_NAME_BYTES];
    snprintf(name, sizeof name, "%s-%u", config->name, pod->number);
    pod->joined += lifecycle_ready_after(&config->start, draft->order->key, name);
    membership_draft_move(draft, pod->joined, MEMBERSHIP_ADD, slot);
}

void membership_draft_delete(struct membership_draft *draft, uint32_t slot, sim_time at,
                             sim_time grace)
{
    draft->membership->pods[slot].left = at;
    membership_draft_move(draft, at, MEMBERSHIP_REMOVE, slot)->grace = grace;
}

static int membership_draft_compare(const void *left, const void *right)
{
    const struct membership_move *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static size_t membership_draft_together(const struct membership_draft *draft, size_t from)
{
    const struct membership_move *first = &draft->moves[from];
    size_t count = 1;
    for (; from + count < draft->move_count; count++) {
        const struct membership_move *move = &first[count];
        if (move->at != first->at || move->change != first->change ||
            move->source != first->source)
            break;
    }
    return count;
}

void membership_draft_finish(struct membership_draft *draft)
{
    struct membership *membership = draft->membership;
    struct arena *arena = draft->order->arena;
    if (draft->move_count > 0)
        qsort(draft->moves, draft->move_count, sizeof *draft->moves, membership_draft_compare);
    size_t steps = 0, count;
    for (size_t i = 0; i < draft->move_count; i += membership_draft_together(draft, i))
        steps++;
    membership->steps = arena_take(arena, steps + 1, sizeof *membership->steps);
    for (size_t i = 0; i < draft->move_count; i += count) {
        const struct membership_move *move = &draft->moves[i];
        struct membership_step *step = &membership->steps[membership->step_count++];
        count = membership_draft_together(draft, i);
        *step = (struct membership_step){.at = move->at,
                                         .change = move->change,
                                         .weight = move->weight,
                                         .grace = move->grace};
        step->slots = arena_take(arena, count, sizeof *step->slots);
        for (size_t k = 0; k < count; k++)
            step->slots[step->count++] = move[k].slot;
    }
    free(draft->moves);
    draft->moves = NULL;
}
