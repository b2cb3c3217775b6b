/* SPDX-License-Identifier: GPL-3.0-or-later
   Pods that are there all the time, and that nothing is said of, count together; for the others
   what is said is sorted by pod and gone through in order of time. */
#include "sim/report/presence.h"

#include "sim/engine/check.h"

#include <stdlib.h>

struct presence_event {
    sim_time at;
    uint32_t pod;
    int down;    /* +1: marked down, -1: up again */
    int avoided; /* +1: by one more balancer */
    size_t order;
};

struct presence {
    struct window_set *set;
    const struct roster *roster;
    struct presence_event *events;
    size_t count;
};

/* Adds `weight` pods, times balancers, from `from` to `to`. */
static void presence_cover(struct window_set *set, sim_time from, sim_time to, uint64_t weight)
{
    from = from > set->grid.begin ? from : set->grid.begin;
    for (size_t i = 0; i < set->grid.count && weight > 0; i++) {
        struct window *window = &set->windows[i];
        sim_time begin = from > window->begin ? from : window->begin;
        sim_time end = to < window->end ? to : window->end;
        if (end > begin)
            window->eligible += (wide_uint)((uint64_t)end - (uint64_t)begin) * weight;
    }
}

static int presence_compare(const void *left, const void *right)
{
    const struct presence_event *a = left, *b = right;
    if (a->pod != b->pod)
        return a->pod < b->pod ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void presence_collect(struct presence *presence)
{
    const struct roster *roster = presence->roster;
    for (size_t i = 0; i < roster->change_count; i++) {
        const struct roster_change *change = &roster->changes[i];
        if (change->event != ROSTER_WEIGHT)
            presence->events[presence->count] = (struct presence_event){
                change->at, change->pod, change->event == ROSTER_DOWN ? 1 : -1, 0,
                presence->count};
        presence->count += change->event != ROSTER_WEIGHT;
    }
    for (size_t i = 0; i < roster->moment_count; i++) {
        const struct roster_moment *moment = &roster->moments[i];
        bool counts = moment->kind == ROSTER_AVOIDED || moment->kind == ROSTER_TRUSTED;
        if (counts)
            presence->events[presence->count] = (struct presence_event){
                moment->at, moment->pod, 0, moment->kind == ROSTER_AVOIDED ? 1 : -1,
                presence->count};
        presence->count += counts;
    }
    qsort(presence->events, presence->count, sizeof *presence->events, presence_compare);
}

/* One pod, and the `count` events that are its own.  Down is down, however often it is said. */
static void presence_walk(const struct presence *presence, uint32_t pod,
                          const struct presence_event *events, size_t count)
{
    const struct roster_life *life = roster_life(presence->roster, pod);
    uint32_t balancers = presence->set->balancers, avoided = 0;
    bool is_down = false;
    sim_time since = life->joined;
    for (size_t i = 0; i <= count; i++) {
        sim_time until = i < count && events[i].at < life->left ? events[i].at : life->left;
        if (until > since) {
            presence_cover(presence->set, since, until, is_down ? 0 : balancers - avoided);
            since = until;
        }
        if (i == count)
            return;
        is_down = events[i].down != 0 ? events[i].down > 0 : is_down;
        if (events[i].avoided > 0 && avoided < balancers)
            avoided++;
        else if (events[i].avoided < 0 && avoided > 0)
            avoided--;
    }
}

void presence_add(struct window_set *set, const struct roster *roster)
{
    set->balancers = roster->guards > 0 ? roster->guards : 1;
    set->known = roster->cut;
    if (set->grid.count == 0)
        return;
    size_t most = roster->change_count + roster->moment_count;
    struct presence presence = {.set = set, .roster = roster};
    presence.events = memory_take(most + 1, sizeof *presence.events);
    presence_collect(&presence);
    sim_time first = set->grid.begin, last = set->windows[set->grid.count - 1].end;
    uint64_t still = 0;
    for (size_t i = 0; i < set->grid.count; i++)
        set->windows[i].eligible = 0;
    const struct presence_event *event = presence.events,
                                *stop = presence.events + presence.count;
    for (uint32_t pod = 0; pod < roster->pod_count; pod++) {
        const struct presence_event *own = event;
        while (event < stop && event->pod == pod)
            event++;
        const struct roster_life *life = roster_life(roster, pod);
        if (event == own && life->joined <= first && life->left >= last)
            still++;
        else
            presence_walk(&presence, pod, own, (size_t)(event - own));
    }
    presence_cover(set, first, last, still * set->balancers);
    free(presence.events);
}
