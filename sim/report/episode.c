/* SPDX-License-Identifier: GPL-3.0-or-later
   Times that are asked for come nearly in order, so each pod remembers the episode at hand. */
#include "sim/report/episode.h"

#include "sim/engine/check.h"

#include <stdlib.h>

static void episode_reserve(struct episode_list *list, uint32_t pod)
{
    if (pod >= list->pod_room) {
        uint32_t room = pod + pod / 2 + 1;
        list->pods = memory_grow(list->pods, room, sizeof *list->pods);
        while (list->pod_room < room)
            list->pods[list->pod_room++] = (struct episode_pod){SIZE_MAX, SIZE_MAX};
    }
    if (list->count == list->room) {
        list->room = 2 * list->room + 8;
        list->episodes = memory_grow(list->episodes, list->room, sizeof *list->episodes);
    }
}

bool episode_begin(struct episode_list *list, uint32_t pod, sim_time at)
{
    episode_reserve(list, pod);
    struct episode_pod *known = &list->pods[pod];
    if (known->last != SIZE_MAX && list->episodes[known->last].end == SIM_NEVER)
        return false;
    list->episodes[list->count] = (struct episode){
        .begin = at, .end = SIM_NEVER, .before = known->last, .after = SIZE_MAX, .pod = pod};
    if (known->last != SIZE_MAX)
        list->episodes[known->last].after = list->count;
    known->last = list->count++;
    if (known->near == SIZE_MAX)
        known->near = known->last;
    return true;
}

bool episode_end(struct episode_list *list, uint32_t pod, sim_time at)
{
    size_t last = pod < list->pod_room ? list->pods[pod].last : SIZE_MAX;
    if (last == SIZE_MAX || list->episodes[last].end != SIM_NEVER)
        return false;
    list->episodes[last].end = at;
    return true;
}

void episode_free(struct episode_list *list)
{
    free(list->episodes);
    free(list->pods);
    *list = (struct episode_list){0};
}

const struct episode *episode_at(struct episode_list *list, uint32_t pod, sim_time at)
{
    if (pod >= list->pod_room || list->pods[pod].near == SIZE_MAX)
        return NULL;
    const struct episode *near = &list->episodes[list->pods[pod].near];
    while (near->begin >= at && near->before != SIZE_MAX)
        near = &list->episodes[near->before];
    while (near->after != SIZE_MAX && list->episodes[near->after].begin < at)
        near = &list->episodes[near->after];
    list->pods[pod].near = (size_t)(near - list->episodes);
    return near->begin < at ? near : NULL;
}

enum episode_span episode_span(struct episode_list *list, uint32_t pod, sim_time at)
{
    const struct episode *last = episode_at(list, pod, at);
    if (last == NULL)
        return list->count > 0 ? EPISODE_BEFORE : EPISODE_WAITING;
    if (at <= last->end)
        return EPISODE_DURING;
    if (at - last->end <= last->end - last->begin)
        return EPISODE_AFTER;
    return last->after != SIZE_MAX ? EPISODE_BEFORE : EPISODE_WAITING;
}
